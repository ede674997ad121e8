//! Keys that the tests share.

use keygen::{
    FieldElement, KeyGeneration, Lifetime, Parameter, PublicKey, SecretKey, Seed, TreeRetention,
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
