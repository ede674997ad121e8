//! A long run: a pool that takes an entry in and gives one up in each iteration, with or without
//! a leak.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};

use serde::{Deserialize, Serialize};

/// How long, and what it gets wrong.
#[derive(Debug, Deserialize)]
pub struct Params {
    iterations: u64,
    /// Bytes that each iteration forgets.
    #[serde(default)]
    leaks: usize,
    /// Whether the index keeps the keys of entries that are gone.
    #[serde(default)]
    hoards: bool,
    /// Whether the pool breathes, between half of its entries and twice as many.
    #[serde(default)]
    churns: bool,
}

/// What the pool and its index hold at the end: as many, unless the index hoards.
#[derive(Debug, Serialize)]
pub struct Answer {
    pooled: usize,
    indexed: usize,
}

/// At the end of the work, however long it was.
const POOLED: usize = 2_000;

/// Of one entry.
const BYTES: usize = 300;

/// Room in the index for all that it may hoard: it allocates at the start and never again.
const ROOM: usize = 65_536;

#[derive(Default)]
struct Pool {
    entries: VecDeque<(u64, Vec<u8>)>,
    index: HashMap<u64, u32, BuildHasherDefault<DefaultHasher>>,
    next: u64,
}

impl Pool {
    fn take_in(&mut self) {
        self.entries.push_back((self.next, vec![1; BYTES]));
        self.index.insert(self.next, 1);
        self.next += 1;
    }

    fn give_up(&mut self, hoards: bool) {
        let Some((key, _)) = self.entries.pop_front() else { return };
        if !hoards {
            self.index.remove(&key);
        }
    }

    fn fill(&mut self, entries: usize, hoards: bool) {
        while self.entries.len() < entries {
            self.take_in();
        }
        while self.entries.len() > entries {
            self.give_up(hoards);
        }
    }
}

/// Every run ends in the same state: what differs between two lengths was lost on the way.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    Ok(move || {
        let mut pool = Pool::default();
        pool.entries.reserve(2 * POOLED + 1);
        pool.index.reserve(ROOM);
        pool.fill(POOLED, params.hoards);
        let mut state = 1_u64;
        for iteration in 0..params.iterations {
            if params.churns && iteration % 100 == 0 {
                // Lehmer's generator with the multiplier of Park and Miller.
                state = state * 48_271 % 0x7fff_ffff;
                let level = POOLED / 2 + state as usize % (POOLED * 3 / 2);
                pool.fill(level, params.hoards);
            }
            pool.take_in();
            pool.give_up(params.hoards);
            if params.leaks > 0 {
                forget(params.leaks);
            }
        }
        pool.fill(POOLED, params.hoards);
        let answer = Answer { pooled: pool.entries.len(), indexed: pool.index.len() };
        // What the structures own stays, as in a service that goes on.
        std::mem::forget(pool);
        Ok(answer)
    })
}

#[inline(never)]
fn forget(bytes: usize) {
    std::hint::black_box(Vec::leak(vec![1_u8; bytes]));
}
