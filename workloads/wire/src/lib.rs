//! A key directory: which account owns which keys, in a Merkle tree whose every change is signed
//! and proven.
//!
//! A [`Directory`] keeps [`Account`]s in a Jellyfish Merkle tree. Only [`Transaction`]s change it;
//! they are signed with Ed25519 and numbered. Each change of the root comes with a proof, which
//! [`Batch::verify`] checks with nothing but both roots. A [`Simulation`] is the benchmark of a
//! messenger with half a million users. A [`Variant`] is its design: plain, as an analysis
//! described it, with one of six optimisations, or lean, with all of them.
//!
//! ```
//! use wire::{Simulation, Variant};
//!
//! # let folder = tempfile::tempdir()?;
//! let (users, seed, threads) = (100, 7, 1);
//! let mut plain = Simulation::new(Variant::Plain, users, seed, threads, folder.path())?;
//! let mut lean = Simulation::new(Variant::Lean, users, seed, threads, folder.path())?;
//! for simulation in [&mut plain, &mut lean] {
//!     simulation.prepare(|_| ())?;
//!     assert_eq!(simulation.hour()?.verified, 41 + 250 + 20);
//! }
//! assert_eq!(plain.root(), lean.root());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod account;
pub mod batch;
pub mod directory;
mod error;
mod execution;
mod fields;
mod hasher;
mod index;
mod keys;
pub mod operation;
pub mod proof;
mod random;
mod shared;
pub mod simulation;
pub mod store;
mod threads;
mod transaction;
pub mod transaction_builder;
mod user;
mod variant;

pub use account::Account;
pub use batch::Batch;
pub use directory::{Directory, Proving};
pub use error::{Error, Result};
pub use hasher::{Sha256, key_of};
pub use keys::{Compact, Expanded, Keys};
pub use operation::Operation;
pub use simulation::Simulation;
pub use store::{Disk, Store};
pub use threads::Threads;
pub use transaction::Transaction;
pub use transaction_builder::TransactionBuilder;
pub use user::id as user_id;
pub use variant::Variant;
