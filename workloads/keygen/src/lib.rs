//! Keys of a hash-based signature scheme, for up to 2^32 epochs, made in little memory.
//!
//! Generalised XMSS (eprint 2025/055) with the Winternitz encoding of 8 bits: in each epoch 22 hash
//! chains of 256 positions, Poseidon2 over KoalaBear, SHAKE128 as pseudorandom function. Roots and
//! signatures are those of hash-sig's `SIGWinternitzLifetime18W8`, bit for bit.
//!
//! ```
//! use keygen::{Epoch, FieldElement, KeyGeneration, Lifetime, Parameter, Seed, TreeRetention};
//!
//! let generation = KeyGeneration::new(Lifetime::new(4)?).retaining(TreeRetention::WholeTree);
//! let parameter = Parameter::new([31, 41, 59, 26, 53].map(FieldElement::reduced));
//! let (public, mut secret) = generation.run(Seed::new([1; 32]), parameter)?;
//!
//! let signature = secret.sign(Epoch(11), b"a message of thirty-two bytes...")?;
//! public.verify(Epoch(11), b"a message of thirty-two bytes...", &signature)?;
//! assert!(secret.sign(Epoch(11), b"another message, the same epoch.").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A chain is walked in place, in registers, for as many epochs at once as the machine has lanes; a
//! bottom tree keeps one digest a level. [`TreeRetention`] chooses the part of the tree that the
//! finished key keeps. [`primitives`] has the hashes by themselves.

#[macro_use]
mod each;

mod backend;
mod bottom;
mod bytes;
mod chain;
mod compress;
mod digest;
mod encoding;
mod epoch;
mod error;
mod field;
mod generation;
mod lanes;
mod leaf;
mod lifetime;
mod opening;
mod parameter;
mod poseidon;
mod prf;
pub mod primitives;
mod public;
mod retained;
mod retention;
mod scheme;
mod secret;
mod seed;
mod signature;
mod top;
mod treehash;
mod tweak;

pub use backend::{SimdBackend, UnknownBackend, simd_backend};
pub use digest::Digest;
pub use epoch::Epoch;
pub use error::{DecodeError, KeyGenError, SignError, VerifyError};
pub use field::FieldElement;
pub use generation::KeyGeneration;
pub use lifetime::{Lifetime, LifetimeError};
pub use parameter::Parameter;
pub use public::PublicKey;
pub use retention::{TreeRetention, UnknownRetention};
pub use secret::SecretKey;
pub use seed::Seed;
pub use signature::Signature;
