//! A pool that inserts an entry and removes one in each of many iterations, with or without a leak.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};

use serde::{Deserialize, Serialize};

/// The number of iterations, and the leak.
#[derive(Debug, Deserialize)]
pub struct Params {
    iterations: u64,
    /// Bytes that each iteration leaks.
    #[serde(default)]
    leaks: usize,
    /// Whether the index keeps the keys of removed entries.
    #[serde(default)]
    hoards: bool,
    /// Whether the size of the pool varies, between half of its entries and twice as many.
    #[serde(default)]
    churns: bool,
}

/// The number of entries and of keys at the end: the same, unless the index hoards.
#[derive(Debug, Serialize)]
pub struct Output {
    pooled: usize,
    indexed: usize,
}

/// The entries at the end, after any number of iterations.
const POOLED: usize = 2_000;

/// The bytes of one entry.
const ENTRY_BYTES: usize = 300;

/// The capacity of the index, enough for all that it may hoard: it allocates only at the start.
const CAPACITY: usize = 65_536;

#[derive(Default)]
struct Pool {
    entries: VecDeque<(u64, Vec<u8>)>,
    index: HashMap<u64, u32, BuildHasherDefault<DefaultHasher>>,
    next: u64,
}

impl Pool {
    fn insert(&mut self) {
        self.entries.push_back((self.next, vec![1; ENTRY_BYTES]));
        self.index.insert(self.next, 1);
        self.next += 1;
    }

    fn remove(&mut self, hoards: bool) {
        let Some((key, _)) = self.entries.pop_front() else { return };
        if !hoards {
            self.index.remove(&key);
        }
    }

    fn fill(&mut self, entries: usize, hoards: bool) {
        while self.entries.len() < entries {
            self.insert();
        }
        while self.entries.len() > entries {
            self.remove(hoards);
        }
    }
}

/// Every run ends in the same state: a difference between two lengths is a leak.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    Ok(move || {
        let mut pool = Pool::default();
        pool.entries.reserve(2 * POOLED + 1);
        pool.index.reserve(CAPACITY);
        pool.fill(POOLED, params.hoards);
        let mut state = 1_u64;
        for iteration in 0..params.iterations {
            if params.churns && iteration % 100 == 0 {
                // Lehmer's generator with the multiplier of Park and Miller.
                state = state * 48_271 % 0x7fff_ffff;
                let level = POOLED / 2 + state as usize % (POOLED * 3 / 2);
                pool.fill(level, params.hoards);
            }
            pool.insert();
            pool.remove(params.hoards);
            if params.leaks > 0 {
                forget(params.leaks);
            }
        }
        pool.fill(POOLED, params.hoards);
        let output = Output { pooled: pool.entries.len(), indexed: pool.index.len() };
        // The pool stays live, as in a service that runs on.
        std::mem::forget(pool);
        Ok(output)
    })
}

#[inline(never)]
fn forget(bytes: usize) {
    std::hint::black_box(Vec::leak(vec![1_u8; bytes]));
}
