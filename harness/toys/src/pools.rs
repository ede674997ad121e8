//! A pool of rayon's whose workers go as deep as each other, on stacks that are measured too.

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use serde::{Deserialize, Serialize};

use crate::descends::descend;

/// How many workers, and how many calls of [`descends`](crate::descends) in each.
#[derive(Debug, Deserialize)]
pub struct Params {
    calls: u32,
    workers: usize,
}

/// How far apart each worker's first array and its last one lie.
#[derive(Debug, Serialize)]
pub struct Answer {
    apart: Vec<usize>,
}

/// Starts a thread of a pool.
type Start = fn(ThreadBuilder) -> std::io::Result<()>;

/// `workers` stacks of 1 MiB, each `calls` deep, and the one on which the pool is asked. In a crate
/// that is no toy these lines would stand in its `tests/budgets.rs`: the workload takes the
/// function that starts a thread, and knows nothing of who does.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    prepare_with(params, |thread| plimsoll::stack::spawn(1 << 20, || thread.run()))
}

fn prepare_with(
    params: Params,
    start: Start,
) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    let Params { calls, workers } = params;
    let pool = ThreadPoolBuilder::new().num_threads(workers).spawn_handler(start).build();
    let pool = pool.map_err(|error| error.to_string())?;
    // Each worker once, and all of them at work, before anything counts.
    pool.broadcast(|_| ());
    Ok(move || {
        let apart = pool.broadcast(|_| match calls {
            0 => 0,
            calls => {
                let (first, last) = descend(calls, false);
                first - last
            }
        });
        Ok(Answer { apart })
    })
}
