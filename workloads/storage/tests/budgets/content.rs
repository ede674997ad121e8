//! Content that is the same in every run: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).

use std::io::{self, Read};

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{RngCore as _, SeedableRng as _};

/// A source of `bytes` pseudo-random bytes.
pub(crate) struct Seeded {
    random: SplitMix64,
    bytes: u64,
}

impl Seeded {
    pub(crate) fn new(seed: u64, bytes: u64) -> Self {
        Self { random: SplitMix64::seed_from_u64(seed), bytes }
    }
}

impl Read for Seeded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.min(buffer.len() as u64) as usize;
        // A last word that is cut is the start of a whole one: `fill_bytes` would draw it otherwise.
        for word in buffer[..read].chunks_mut(8) {
            word.copy_from_slice(&self.random.next_u64().to_le_bytes()[..word.len()]);
        }
        self.bytes -= read as u64;
        Ok(read)
    }
}

/// `bytes` pseudo-random bytes: nothing compresses them.
pub(crate) fn bytes(seed: u64, bytes: u64) -> Vec<u8> {
    let mut content = vec![0; bytes as usize];
    let read = Seeded::new(seed, bytes).read(&mut content);
    debug_assert_eq!(read.ok(), Some(content.len()));
    content
}

/// `bytes` of words from a vocabulary of 1,024, the low numbers more often: text for a compressor.
pub(crate) fn text(seed: u64, bytes: u64) -> Vec<u8> {
    let mut random = SplitMix64::seed_from_u64(seed);
    let mut content = Vec::with_capacity(bytes as usize + 16);
    while content.len() < bytes as usize {
        let pick = random.next_u64();
        let mut word = (pick & 1023) & (pick >> 32);
        content.extend(std::iter::from_fn(|| {
            let letter = b"etaoinshrdlcumwf"[(word & 15) as usize];
            let more = word > 0;
            word >>= 4;
            more.then_some(letter)
        }));
        content.push(b' ');
    }
    content.truncate(bytes as usize);
    content
}

/// Makes content unlike its neighbours: the number goes into its first eight bytes.
pub(crate) fn stamp(content: &mut [u8], number: u32) {
    let number = u64::from(number).to_le_bytes();
    let bytes = content.len().min(number.len());
    content[..bytes].copy_from_slice(&number[..bytes]);
}
