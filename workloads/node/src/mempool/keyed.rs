//! A hash that peers cannot predict, since its key is secret.

use std::hash::{BuildHasher, Hasher as _};

use siphasher::sip::SipHasher13;

/// SipHash-1-3, whose key is a secret of 64 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyed(pub(super) u64);

impl Keyed {
    pub(super) fn hash(self, bytes: &[u8]) -> u64 {
        let mut hasher = self.build_hasher();
        hasher.write(bytes);
        hasher.finish()
    }
}

impl BuildHasher for Keyed {
    type Hasher = SipHasher13;

    fn build_hasher(&self) -> SipHasher13 {
        SipHasher13::new_with_keys(self.0, !self.0)
    }
}
