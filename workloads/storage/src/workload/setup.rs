//! A store in a temporary folder, on a runtime whose blocking threads have all started.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::{Options, Store};

/// Travels through the work and out in its answer, so that nothing prepared is freed in between:
/// the runtime, the store, and the folder, which goes when the answer is dropped.
#[derive(Debug)]
pub(crate) struct Setup {
    threads: usize,
    markers: Vec<JoinHandle<()>>,
    spare: Vec<JoinHandle<()>>,
    barrier: Arc<Barrier>,
    runtime: Runtime,
    pub(crate) store: Store,
    folder: TempDir,
}

impl Setup {
    /// `threads` blocking threads and a store; `choose` changes its options (default: not durable).
    pub(crate) fn new(threads: usize, choose: impl FnOnce(&mut Options)) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut options = Options::new(folder.path().join("hot"), folder.path().join("cold"));
        options.durable = false;
        choose(&mut options);
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(threads)
            .thread_keep_alive(Duration::from_secs(3600))
            .build()?;
        let store = runtime.block_on(Store::open(options))?;
        let barrier = Arc::new(Barrier::new(threads + 1));
        let (markers, spare) = (Vec::with_capacity(threads), Vec::with_capacity(threads));
        let setup = Self { threads, markers, spare, barrier, runtime, store, folder };
        Ok(setup.settled())
    }

    pub(crate) fn hot(&self) -> PathBuf {
        self.folder.path().join("hot")
    }

    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.spawn(work)
    }

    /// Waits until every thread has freed the task that it ran last. A task is freed by its thread a
    /// moment *after* its result arrives; without this, what is live at the end of the work would
    /// depend on that moment. Each thread is given a marker to start; those of the last time are
    /// freed here, these ones stay, so that settling itself leaves as much live as it found.
    pub(crate) fn settled(mut self) -> Self {
        for _ in 0..self.threads {
            let barrier = Arc::clone(&self.barrier);
            self.spare.push(self.runtime.spawn_blocking(move || {
                barrier.wait();
            }));
        }
        self.barrier.wait();
        std::mem::swap(&mut self.markers, &mut self.spare);
        self.spare.clear();
        self
    }
}
