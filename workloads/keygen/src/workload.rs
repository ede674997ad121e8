//! What `docs/keygen.md` promises, as workloads: each module's `prepare` returns the work as a closure.
//!
//! All make the same key, that of the reference's known answers.

pub mod chain;
pub mod compare;
pub mod generate;

use crate::{FieldElement, Lifetime, LifetimeError, Parameter, Seed};

/// The key of the pseudorandom function in `tests/data/hash_sig_w8_known_answers.json`.
fn seed() -> Seed {
    Seed::new([
        0x71, 0xb2, 0x78, 0xea, 0xdf, 0xa8, 0xa3, 0xfb, 0xe8, 0x37, 0x9b, 0x5e, 0x47, 0x1e, 0x1f,
        0x37, 0x39, 0x09, 0x2e, 0x52, 0x43, 0xda, 0x17, 0xfc, 0x80, 0x90, 0xeb, 0xca, 0x7c, 0xf3,
        0x21, 0xe4,
    ])
}

/// The public parameter there.
fn parameter() -> Parameter {
    let elements = [249_055_850, 1_161_906_276, 284_328_522, 412_251_521, 339_925_863];
    Parameter::new(elements.map(FieldElement::reduced))
}

/// The lifetime of so many epochs.
fn lifetime(epochs: u64) -> Result<Lifetime, LifetimeError> {
    // What is no power of two is refused as the odd power of two above it would be.
    let log2 = epochs.checked_next_power_of_two().map_or(u8::MAX, |power| power.ilog2() as u8);
    Lifetime::new(if epochs.is_power_of_two() { log2 } else { log2 | 1 })
}

/// Two threads, so that what is promised is not of one alone.
fn two() -> usize {
    2
}
