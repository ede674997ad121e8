//! A store in a temporary folder, on a runtime whose blocking threads have all started.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use storage::{Digest, Options, Store};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// What a workload works with: the runtime, the store and its folder.
#[derive(Debug)]
pub(crate) struct Setup {
    runtime: Runtime,
    pub(crate) store: Store,
    folder: TempDir,
}

/// What is left of a [`Setup`] once its threads are gone. It is part of the output, so that
/// removing the folder is not part of the work.
#[derive(Debug)]
pub(crate) struct Finished {
    _store: Store,
    _folder: TempDir,
}

impl Setup {
    /// `threads` blocking threads and a store; `choose` changes its options (default: not durable).
    pub(crate) fn new(threads: usize, choose: impl FnOnce(&mut Options)) -> anyhow::Result<Self> {
        // Ending its first runtime, a thread makes itself a parker that it keeps for ever.
        drop(Builder::new_current_thread().build()?);
        let folder = tempfile::tempdir()?;
        let mut options = Options::new(folder.path().join("hot"), folder.path().join("cold"));
        options.durable = false;
        choose(&mut options);
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(threads)
            .thread_keep_alive(Duration::from_secs(3600))
            .build()?;
        let store = runtime.block_on(Store::open(options))?;
        start(&runtime, threads);
        Ok(Self { runtime, store, folder })
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

    /// Ends the runtime and joins its threads. A task is freed by its thread a moment *after* its
    /// result arrives; without this, what is live at the end would depend on that moment.
    pub(crate) fn finished(self) -> Finished {
        drop(self.runtime);
        Finished { _store: self.store, _folder: self.folder }
    }
}

/// The file of a plain blob below its root.
pub(crate) fn blob_path(root: &Path, digest: &Digest) -> PathBuf {
    let hex = digest.to_string();
    root.join(&hex[..2]).join(&hex[2..])
}

/// Has every thread started before the work: each waits until all of them are there.
fn start(runtime: &Runtime, threads: usize) {
    let all = Arc::new(Barrier::new(threads + 1));
    for _ in 0..threads {
        let all = Arc::clone(&all);
        runtime.spawn_blocking(move || {
            all.wait();
        });
    }
    all.wait();
}
