//! Keys that the tests share.

use std::sync::LazyLock;

use keygen::{
    FieldElement, KeyGeneration, Lifetime, Parameter, PublicKey, SecretKey, Seed, SimdBackend,
    TreeRetention,
};

pub(crate) fn seed() -> Seed {
    Seed::new(std::array::from_fn(|index| index as u8))
}

pub(crate) fn parameter() -> Parameter {
    Parameter::new([31_415, 926, 535, 8979, 323_846].map(FieldElement::reduced))
}

pub(crate) fn lifetime(log2: u8) -> Lifetime {
    Lifetime::new(log2).unwrap()
}

pub(crate) fn key(log2: u8, retention: TreeRetention) -> (PublicKey, SecretKey) {
    KeyGeneration::new(lifetime(log2)).retaining(retention).run(seed(), parameter()).unwrap()
}

/// The backends that this machine has. One that it lacks would do its work as the scalar one, and is
/// named on stderr instead.
#[expect(clippy::print_stderr, reason = "what is not tested is said where the tests are run")]
pub(crate) fn backends() -> impl Iterator<Item = SimdBackend> {
    static AVAILABLE: LazyLock<Vec<SimdBackend>> = LazyLock::new(|| {
        let (available, lacking): (Vec<_>, Vec<_>) =
            SimdBackend::ALL.into_iter().partition(|backend| backend.is_available());
        for backend in lacking {
            eprintln!("left out: {backend}, which this machine lacks");
        }
        available
    });
    AVAILABLE.iter().copied()
}
