//! Threads that allocate at the same time, and all hold one block at one moment.

use std::sync::{Arc, Barrier};

use serde::Deserialize;

/// How many threads, how often each allocates and frees, and what each holds at the meeting.
#[derive(Debug, Deserialize)]
pub struct Params {
    threads: usize,
    rounds: usize,
    held: usize,
}

/// Each thread allocates and frees 100 B in each round, then takes one block of `held` bytes,
/// waits until all have theirs, and frees it: the peak is `threads × held`, to the byte.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<(), String>, String> {
    let meet = Arc::new(Barrier::new(params.threads + 1));
    for _ in 0..params.threads {
        let meet = Arc::clone(&meet);
        std::thread::spawn(move || {
            meet.wait();
            for _ in 0..params.rounds {
                drop(std::hint::black_box(Vec::<u8>::with_capacity(100)));
            }
            let held = std::hint::black_box(Vec::<u8>::with_capacity(params.held));
            meet.wait();
            drop(held);
            meet.wait();
        });
    }
    Ok(move || {
        for _ in 0..3 {
            meet.wait();
        }
        Ok(())
    })
}
