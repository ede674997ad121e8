//! Nothing but allocations: blocks of 16 to 512 bytes replaced in a scattered order, from four
//! sites, so many frames deep.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use super::clock;

/// Blocks that each thread holds while it replaces them.
const LIVE: usize = 10_000;

/// The CPU time of `pairs` replacements on each of the threads, divided by the threads.
pub(crate) fn pairs_on(threads: usize, frames: usize, pairs: usize) -> Duration {
    if threads == 1 {
        // The only thread there is: that is what a program without threads looks like.
        return time_of(frames, pairs, || {});
    }
    let total = AtomicI64::new(0);
    let ready = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let time = time_of(frames, pairs, || _ = ready.wait());
                total.fetch_add(time.as_nanos() as i64, Ordering::SeqCst);
            });
        }
    });
    Duration::from_nanos(total.into_inner() as u64 / threads as u64)
}

fn time_of(frames: usize, pairs: usize, ready: impl FnOnce()) -> Duration {
    let mut blocks: Vec<Vec<u8>> = (0..LIVE).map(|at| Vec::with_capacity(16 + at % 497)).collect();
    ready();
    clock::cpu_time_of(|| deep(frames, &mut blocks, pairs))
}

/// Descends so many frames, then works there: the descent itself is not what is measured.
#[inline(never)]
fn deep(frames: usize, blocks: &mut [Vec<u8>], pairs: usize) {
    if frames > 1 {
        deep(frames - 1, blocks, pairs);
    } else {
        replace(blocks, pairs);
    }
    black_box(frames);
}

#[inline(never)]
fn replace(blocks: &mut [Vec<u8>], pairs: usize) {
    let mut dice = 1u64;
    for _ in 0..pairs {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let which = (dice >> 33) as usize % LIVE;
        let size = 16 + (dice >> 20) as usize % 497;
        blocks[which] = match dice >> 62 {
            0 => first(size),
            1 => second(size),
            2 => third(size),
            _ => fourth(size),
        };
    }
}

macro_rules! sites {
    ($($name:ident)*) => { $(
        #[inline(never)]
        fn $name(size: usize) -> Vec<u8> {
            black_box(Vec::with_capacity(black_box(size)))
        }
    )* };
}
sites!(first second third fourth);
