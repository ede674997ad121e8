//! The walks that a thread made last, so that the same one need not be made again.
//!
//! A walk follows a chain: where the next frame is, the processor knows only when it has read the
//! one before. A remembered walk says where all of them were, and their words are compared as fast
//! as they can be loaded. The result of a walk hangs on nothing but the words that it reads and
//! the bounds of the stack: when all of them are the same, so is it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::walk::{Chain, Link};

/// Walks that a thread remembers.
const WALKS: usize = 64;

/// Frames that decide on a walk's place: sites that share the innermost ones, as all vectors that
/// grow do, should not drive each other out.
const DECISIVE: usize = 4;

/// One of so many walks that were not found is remembered: what comes again and again soon is.
const ONE_IN: u64 = 8;

/// After so many that were not found, with fewer that were, nothing is looked up for a while: a
/// program that hardly ever comes the same way twice should not pay for the search.
const PATIENCE: u64 = 512;
const SLEEP: u64 = 16_384;

/// One thread's walks, in words that nobody else touches: the tally, then for each place the frame
/// where the walk started, the stack's number above the number of links, and the links.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory<'a> {
    depth: usize,
    words: &'a [AtomicU64],
}

/// Where one walk is remembered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    tally: Tally<'a>,
    start: &'a AtomicU64,
    result: &'a AtomicU64,
    links: &'a [[AtomicU64; 2]],
}

#[derive(Debug, Clone, Copy)]
struct Tally<'a> {
    found: &'a AtomicU64,
    missed: &'a AtomicU64,
    asleep: &'a AtomicU64,
}

/// Words of the tally, the last of which is not used.
const TALLY: usize = 4;

/// Words that a thread's memory takes.
pub(crate) const fn words(depth: usize) -> usize {
    TALLY + WALKS * words_of_one(depth)
}

const fn words_of_one(depth: usize) -> usize {
    2 * (1 + depth)
}

impl<'a> Memory<'a> {
    /// That of a thread which remembers nothing.
    pub(crate) const NONE: Self = Self { depth: 0, words: &[] };

    /// Takes the words over from whoever had them: those walks were on another stack.
    pub(crate) fn new(depth: usize, words: &'a [AtomicU64]) -> Self {
        words.iter().for_each(|word| word.store(0, Ordering::Relaxed));
        Self { depth, words }
    }

    /// Where a walk along `chain` would be.
    #[inline(always)]
    pub(crate) fn place(&self, chain: &Chain) -> Option<Place<'a>> {
        let [found, missed, asleep, _] = self.words.first_chunk::<TALLY>()?;
        let nights = asleep.load(Ordering::Relaxed);
        if nights > 0 {
            asleep.store(nights - 1, Ordering::Relaxed);
            return None;
        }
        let mut ahead = chain.clone();
        let mut key = chain.frame();
        for _ in 0..DECISIVE {
            key = key.rotate_left(23) ^ ahead.step()?.address;
        }
        let which = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize % WALKS;
        let start = TALLY + which * words_of_one(self.depth);
        let (pairs, _) = self.words.get(start..start + words_of_one(self.depth))?.as_chunks();
        let ([start, result], links) = pairs.split_first()?;
        Some(Place { tally: Tally { found, missed, asleep }, start, result, links })
    }
}

impl Place<'_> {
    /// The number of the stack along `chain`, if the walk that is remembered here was the same.
    #[inline(always)]
    pub(crate) fn recall(&self, chain: &Chain) -> Option<u32> {
        if self.start.load(Ordering::Relaxed) != chain.frame() {
            return None;
        }
        let result = self.result.load(Ordering::Relaxed);
        let count = (result & u64::from(u32::MAX)) as usize;
        let links = self.links.get(..count)?.iter().map(|[caller, address]| Link {
            caller: caller.load(Ordering::Relaxed),
            address: address.load(Ordering::Relaxed),
        });
        if !chain.would_read(links) {
            return None;
        }
        self.tally.found.store(self.tally.found.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        Some((result >> 32) as u32)
    }

    /// Hears that a walk along `chain`, which was not found here, led to the stack with `number`.
    pub(crate) fn hear(&self, chain: Chain, number: u32) {
        if self.tally.miss().is_multiple_of(ONE_IN) {
            self.remember(chain, number);
        }
    }

    fn remember(&self, mut chain: Chain, number: u32) {
        let start = chain.frame();
        let mut count = 0u64;
        for [caller, address] in self.links {
            let Some(link) = chain.step() else { break };
            caller.store(link.caller, Ordering::Relaxed);
            address.store(link.address, Ordering::Relaxed);
            count += 1;
        }
        self.result.store(u64::from(number) << 32 | count, Ordering::Relaxed);
        self.start.store(start, Ordering::Relaxed);
    }
}

impl Tally<'_> {
    /// Counts a walk that was not found; how many those are by now.
    fn miss(&self) -> u64 {
        let missed = self.missed.load(Ordering::Relaxed) + 1;
        self.missed.store(missed, Ordering::Relaxed);
        if missed == PATIENCE {
            if self.found.load(Ordering::Relaxed) < PATIENCE {
                self.asleep.store(SLEEP, Ordering::Relaxed);
            }
            self.found.store(0, Ordering::Relaxed);
            self.missed.store(0, Ordering::Relaxed);
        }
        missed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::{Chain, Memory, PATIENCE, SLEEP, words};
    use crate::system;

    const DEPTH: usize = 8;

    fn empty() -> Vec<AtomicU64> {
        (0..words(DEPTH)).map(|_| AtomicU64::new(7)).collect()
    }

    /// Calls `seen` with the chain that starts some frames further in: the words of those frames
    /// differ from call to call, at the same addresses.
    #[inline(never)]
    fn below(frames: usize, seen: &mut dyn FnMut(&Chain)) {
        if frames > 0 {
            below(frames - 1, seen);
        } else {
            let stack = system::stack_of_this_thread().unwrap();
            seen(&Chain::here(&stack).unwrap());
        }
        std::hint::black_box(frames);
    }

    #[test]
    fn the_same_walk_is_found_and_no_other() {
        let words = empty();
        let memory = Memory::new(DEPTH, &words);
        let mut found = Vec::new();
        let mut look = |chain: &Chain| {
            let place = memory.place(chain).unwrap();
            found.push(place.recall(chain));
            place.remember(chain.clone(), 5);
        };
        for _ in 0..2 {
            below(6, &mut look);
        }
        // From another line: the frames lie where they lay, and one of them returns elsewhere.
        below(6, &mut look);
        assert_eq!(found, [None, Some(5), None]);
    }

    #[test]
    fn a_taken_over_memory_is_empty() {
        let words = empty();
        for _ in 0..2 {
            let memory = Memory::new(DEPTH, &words);
            below(6, &mut |chain| {
                let place = memory.place(chain).unwrap();
                assert_eq!(place.recall(chain), None);
                place.remember(chain.clone(), 5);
                assert_eq!(place.recall(chain), Some(5));
            });
        }
    }

    #[test]
    fn what_is_never_found_is_not_looked_for() {
        let words = empty();
        let memory = Memory::new(DEPTH, &words);
        below(6, &mut |chain| {
            for _ in 0..PATIENCE {
                memory.place(chain).unwrap().tally.miss();
            }
            assert!((0..SLEEP).all(|_| memory.place(chain).is_none()));
            assert!(memory.place(chain).is_some());
        });
    }

    /// Every word of every link counts.
    #[test]
    fn one_word_that_differs_is_seen() {
        let words = empty();
        let memory = Memory::new(DEPTH, &words);
        below(DEPTH, &mut |chain| {
            let place = memory.place(chain).unwrap();
            place.remember(chain.clone(), 5);
            for word in place.links.as_flattened() {
                let right = word.fetch_xor(1 << 20, super::Ordering::Relaxed);
                assert_eq!(place.recall(chain), None);
                word.store(right, super::Ordering::Relaxed);
            }
            assert_eq!(place.recall(chain), Some(5));
        });
    }
}
