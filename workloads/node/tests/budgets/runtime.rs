//! The runtime of workloads that use the network.

use tokio::runtime::{Builder, Runtime};

/// A runtime of two threads, whatever the machine has.
pub(crate) fn two_threads() -> anyhow::Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}
