//! Threads that recurse equally deep, on stacks that are measured too.

use std::hint::black_box;
use std::sync::{Arc, Barrier};

use serde::Deserialize;

use crate::deep_recursion::descend;

/// The number of threads, and the calls of [`deep_recursion`](crate::deep_recursion) in each.
#[derive(Debug, Deserialize)]
pub struct Params {
    calls: u32,
    threads: usize,
}

/// Starts a thread with a stack of that many bytes.
type Start = fn(usize, Box<dyn FnOnce() + Send>) -> std::io::Result<()>;

/// `threads + 1` stacks, each `calls` deep. In a real crate this function would be in
/// `tests/budgets.rs`: the workload takes the function that starts a thread.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<(), String>, String> {
    prepare_with(params, plimsoll::stack::spawn)
}

fn prepare_with(
    params: Params,
    start: Start,
) -> Result<impl FnOnce() -> Result<(), String>, String> {
    let meet = Arc::new(Barrier::new(params.threads + 1));
    for _ in 0..params.threads {
        let meet = Arc::clone(&meet);
        let run = move || {
            meet.wait();
            black_box(descend(params.calls, false));
            meet.wait();
        };
        start(1 << 20, Box::new(run)).map_err(|error| error.to_string())?;
    }
    Ok(move || {
        meet.wait();
        black_box(descend(params.calls, false));
        meet.wait();
        Ok(())
    })
}
