//! An input of a private transaction spends one of a ring of outputs and does not reveal which.

/// An output in a ring, as the chain holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The one-time key that may spend it.
    pub target_key: [u8; 32],
    /// The key from which the owner recognises it.
    pub public_key: [u8; 32],
    /// The commitment to its amount.
    pub commitment: [u8; 32],
}

/// One spent output, hidden among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub(super) ring: Box<[Member]>,
    pub(super) key_image: [u8; 32],
    pub(super) pseudo_output: [u8; 32],
    pub(super) signature: Box<[u8]>,
}

impl Input {
    pub(crate) fn new(
        ring: Box<[Member]>,
        key_image: [u8; 32],
        pseudo_output: [u8; 32],
        signature: Box<[u8]>,
    ) -> Self {
        Self { ring, key_image, pseudo_output, signature }
    }

    /// The outputs of which one is spent.
    pub fn ring(&self) -> &[Member] {
        &self.ring
    }

    /// The same for every transaction that spends this output, and for no other.
    pub fn key_image(&self) -> &[u8; 32] {
        &self.key_image
    }

    /// A commitment to the amount that is spent, which does not tell which output it was.
    pub fn pseudo_output(&self) -> &[u8; 32] {
        &self.pseudo_output
    }

    /// The encoded CLSAG: a scalar for each member, one more, and a point.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    pub(super) fn heap_size(&self) -> usize {
        size_of_val(&*self.ring) + self.signature.len()
    }
}

/// The bytes of a CLSAG over a ring: 704 for one of 20.
pub(crate) const fn signature_bytes(ring: usize) -> usize {
    32 * ring + 64
}
