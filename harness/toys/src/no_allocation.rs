//! Computes without allocating, on the main thread and on prepared ones.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

use serde::{Deserialize, Serialize};

/// The number of threads beside the main one.
#[derive(Debug, Deserialize)]
pub struct Params {
    threads: usize,
}

/// The sum of 1 to 1,000, once for each thread.
#[derive(Debug, Serialize)]
pub struct Output {
    sum: u64,
}

/// Starts the threads, which wait for the work; all compute at the same time.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    let meet = Arc::new(Barrier::new(params.threads + 1));
    let sum = Arc::new(AtomicU64::new(0));
    for _ in 0..params.threads {
        let (meet, sum) = (Arc::clone(&meet), Arc::clone(&sum));
        std::thread::spawn(move || {
            meet.wait();
            sum.fetch_add((1..=std::hint::black_box(1_000)).sum(), Ordering::SeqCst);
            meet.wait();
        });
    }
    Ok(move || {
        meet.wait();
        let own: u64 = (1..=std::hint::black_box(1_000)).sum();
        meet.wait();
        Ok(Output { sum: own + sum.load(Ordering::SeqCst) })
    })
}
