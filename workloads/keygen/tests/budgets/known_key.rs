//! The key that all workloads make: that of the known answers of the reference.

use anyhow::{Result, ensure};

use keygen::{FieldElement, Lifetime, Parameter, Seed};

/// The key of the pseudorandom function in `tests/data/hash_sig_w8_known_answers.json`.
pub(crate) fn seed() -> Seed {
    Seed::new([
        0x71, 0xb2, 0x78, 0xea, 0xdf, 0xa8, 0xa3, 0xfb, 0xe8, 0x37, 0x9b, 0x5e, 0x47, 0x1e, 0x1f,
        0x37, 0x39, 0x09, 0x2e, 0x52, 0x43, 0xda, 0x17, 0xfc, 0x80, 0x90, 0xeb, 0xca, 0x7c, 0xf3,
        0x21, 0xe4,
    ])
}

/// The public parameter in that file.
pub(crate) fn parameter() -> Parameter {
    let elements = [249_055_850, 1_161_906_276, 284_328_522, 412_251_521, 339_925_863];
    Parameter::new(elements.map(FieldElement::reduced))
}

/// The lifetime of `epochs` epochs.
pub(crate) fn lifetime(epochs: u64) -> Result<Lifetime> {
    ensure!(
        epochs.is_power_of_two(),
        "{epochs} epochs; a lifetime is a power of four from 16 to 2^32, for example 262_144"
    );
    Ok(Lifetime::new(epochs.ilog2() as u8)?)
}

/// The default number of threads: two, so that no promise holds for one thread only.
pub(crate) fn two() -> usize {
    2
}
