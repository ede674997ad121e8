//! Correct code whose threads are still ending when it returns, and a thread that stays.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use serde::{Deserialize, Serialize};

thread_local! {
    /// Freed by the thread itself, after the scope that waits for it has gone on.
    static SCRATCH: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// The threads of the scope, the vectors that each keeps thread-local, and whether one more stays.
#[derive(Debug, Deserialize)]
pub struct Params {
    threads: usize,
    vectors: usize,
    stays: bool,
}

/// The bytes of all vectors of the scope.
#[derive(Debug, Serialize)]
pub struct Output {
    bytes: usize,
}

/// Each thread of a scope keeps vectors of 64 B until it ends. The one that stays
/// has 1,000 B, and waits for a message that is never sent.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    Ok(move || {
        if params.stays {
            stay()?;
        }
        let bytes = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..params.threads {
                scope.spawn(|| bytes.fetch_add(fill(params.vectors), Ordering::Relaxed));
            }
        });
        Ok(Output { bytes: bytes.into_inner() })
    })
}

fn fill(vectors: usize) -> usize {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.extend((0..vectors).map(|_| vec![1_u8; 64]));
        scratch.iter().map(Vec::len).sum()
    })
}

fn stay() -> Result<(), String> {
    let (never, message) = channel::<()>();
    let (ready, is_ready) = channel();
    let keeper = thread::Builder::new().name("keeper".to_owned()).spawn(move || {
        let kept = std::hint::black_box(vec![1_u8; 1_000]);
        let _ = ready.send(());
        let _ = message.recv();
        kept.len()
    });
    keeper.map_err(|error| error.to_string())?;
    std::mem::forget(never);
    is_ready.recv().map_err(|error| error.to_string())
}
