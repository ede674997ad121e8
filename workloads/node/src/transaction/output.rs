//! Coins that their owner can spend, once.

/// The bytes of an encrypted memo: two for its kind, and 64 of text.
pub const MEMO_BYTES: usize = 66;
/// The bytes of an ML-KEM-768 ciphertext (FIPS 203, table 3).
pub const CIPHERTEXT_BYTES: usize = 1088;

/// An output: an amount in the open, under a key that only its owner recognises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How many coins.
    pub amount: u64,
    /// The one-time key that may spend them.
    pub target_key: [u8; 32],
    /// The key from which the owner recognises them.
    pub public_key: [u8; 32],
    /// The cluster that the coins count towards, for progressive fees.
    pub cluster: u64,
    /// Encrypted to the owner.
    pub memo: Option<Box<[u8; MEMO_BYTES]>>,
    /// An ML-KEM-768 ciphertext, whose secret enters the memo's key beside that of the curve.
    pub ciphertext: Option<Box<[u8; CIPHERTEXT_BYTES]>>,
}

impl Output {
    pub(super) fn encoded_bytes(&self) -> usize {
        let memo = self.memo.as_ref().map_or(0, |memo| memo.len());
        let ciphertext = self.ciphertext.as_ref().map_or(0, |ciphertext| ciphertext.len());
        8 + 32 + 32 + 8 + 1 + memo + ciphertext
    }

    pub(super) fn heap_size(&self) -> usize {
        let memo = self.memo.as_ref().map_or(0, |memo| memo.len());
        memo + self.ciphertext.as_ref().map_or(0, |ciphertext| ciphertext.len())
    }
}
