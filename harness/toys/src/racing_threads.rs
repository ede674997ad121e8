//! Threads that allocate at the same time, and that all have one block live at one moment.

use std::sync::{Arc, Barrier};

use serde::Deserialize;

/// The number of threads, how often each allocates and frees, and the block that each has live when
/// they meet.
#[derive(Debug, Deserialize)]
pub struct Params {
    threads: usize,
    rounds: usize,
    block: usize,
}

/// Each thread allocates and frees 100 B in each round. Then it allocates one block of `block` bytes,
/// waits until all have theirs, and frees it: the peak is exactly `threads × block`.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<(), String>, String> {
    let meet = Arc::new(Barrier::new(params.threads + 1));
    for _ in 0..params.threads {
        let meet = Arc::clone(&meet);
        std::thread::spawn(move || {
            meet.wait();
            for _ in 0..params.rounds {
                drop(std::hint::black_box(Vec::<u8>::with_capacity(100)));
            }
            let block = std::hint::black_box(Vec::<u8>::with_capacity(params.block));
            meet.wait();
            drop(block);
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
