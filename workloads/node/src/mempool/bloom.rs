//! A filter that answers "surely not" or "maybe" (Bloom, CACM 13:7, 1970).
//!
//! The crate `fastbloom` has no empty filter, which an empty pool needs in order to allocate nothing, and does not
//! count the bytes of its heap, which a pool reports.

use super::keyed::Keyed;

/// A Bloom filter over key images. It has no false negatives.
#[derive(Clone, Debug)]
pub struct Bloom {
    keyed: Keyed,
    words: Vec<u64>,
    hashes: u32,
    inserted: usize,
}

impl Bloom {
    /// A filter with `bits_each` bits for each of `room` images. With 10 bits, one in 100 of those that
    /// are not there is "maybe"; with 16, one in 2,000.
    pub fn new(room: usize, bits_each: u8, seed: u64) -> Self {
        let words = (room * usize::from(bits_each)).div_ceil(64);
        // The best number of hashes is the natural logarithm of two times the bits for each.
        let hashes = (u32::from(bits_each) * 693).div_ceil(1000).max(1);
        Self { keyed: Keyed(seed), words: vec![0; words], hashes, inserted: 0 }
    }

    /// Adds an image.
    pub fn insert(&mut self, image: &[u8; 32]) {
        self.inserted += 1;
        for bit in self.bits(image) {
            self.words[bit / 64] |= 1 << (bit % 64);
        }
    }

    /// Whether the image may have been inserted.
    pub fn may_contain(&self, image: &[u8; 32]) -> bool {
        !self.words.is_empty()
            && self.bits(image).all(|bit| self.words[bit / 64] & 1 << (bit % 64) != 0)
    }

    /// How many images were inserted.
    pub fn inserted(&self) -> usize {
        self.inserted
    }

    /// The bytes on the heap.
    pub fn heap_size(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }

    /// Two hashes make all of them (Kirsch and Mitzenmacher, ESA 2006).
    fn bits(&self, image: &[u8; 32]) -> impl Iterator<Item = usize> + use<> {
        let bits = 64 * self.words.len() as u64;
        let one = self.keyed.hash(image);
        let other = (one ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1;
        let hashes = if bits == 0 { 0 } else { u64::from(self.hashes) };
        (0..hashes).map(move |at| {
            let hash = one.wrapping_add(other.wrapping_mul(at));
            ((u128::from(hash) * u128::from(bits)) >> 64) as usize
        })
    }
}
