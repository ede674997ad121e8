//! Verification: of ring signatures, of whole transactions, and of ML-DSA signatures.

mod balance;
mod batch;
mod expanded;
mod mldsa;
mod ring;
mod verified;

pub use self::batch::{verify_all, verify_parallel};
pub use self::expanded::Expanded;
pub use self::mldsa::{ParameterSet, Signed};
pub use self::ring::verify_ring;
pub use self::verified::Verified;
