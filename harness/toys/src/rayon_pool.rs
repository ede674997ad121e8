//! A rayon pool whose workers recurse equally deep, on stacks that are measured too.

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use serde::{Deserialize, Serialize};

use crate::deep_recursion::descend;

/// The number of workers, and the calls of [`deep_recursion`](crate::deep_recursion) in each.
#[derive(Debug, Deserialize)]
pub struct Params {
    calls: u32,
    workers: usize,
}

/// The distance between each worker's first array and its last one, in bytes.
#[derive(Debug, Serialize)]
pub struct Output {
    apart: Vec<usize>,
}

/// Starts a thread of a pool.
type Start = fn(ThreadBuilder) -> std::io::Result<()>;

/// `workers` stacks of 1 MiB, each `calls` deep, and the stack of the caller. In a real crate this
/// function would be in `tests/budgets.rs`: the workload takes the function that starts a thread.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    prepare_with(params, |thread| plimsoll::stack::spawn(1 << 20, || thread.run()))
}

fn prepare_with(
    params: Params,
    start: Start,
) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    let Params { calls, workers } = params;
    let pool = ThreadPoolBuilder::new().num_threads(workers).spawn_handler(start).build();
    let pool = pool.map_err(|error| error.to_string())?;
    // Every worker runs once before the measurement begins.
    pool.broadcast(|_| ());
    Ok(move || {
        let apart = pool.broadcast(|_| match calls {
            0 => 0,
            calls => {
                let (first, last) = descend(calls, false);
                first - last
            }
        });
        Ok(Output { apart })
    })
}
