//! Key generation on a given number of threads.

use std::io;

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// A pool of its own, whose threads run until it is dropped.
#[derive(Debug)]
pub(crate) struct Workers(ThreadPool);

impl Workers {
    /// Starts `threads` threads, at least one, and waits until each has run something, so that
    /// allocations at the start of a thread do not count as the work's.
    ///
    /// # Errors
    /// Those of the system, if it does not give so many threads.
    pub(crate) fn start(threads: usize) -> Result<Self, ThreadPoolBuildError> {
        Ok(Self::started(Self::builder(threads).build()?))
    }

    /// The same, with `spawn` to start each thread: it must run its argument on a new thread.
    ///
    /// # Errors
    /// Those of `spawn`.
    pub(crate) fn start_with(
        threads: usize,
        spawn: impl FnMut(ThreadBuilder) -> io::Result<()>,
    ) -> Result<Self, ThreadPoolBuildError> {
        Ok(Self::started(Self::builder(threads).spawn_handler(spawn).build()?))
    }

    fn builder(threads: usize) -> ThreadPoolBuilder {
        ThreadPoolBuilder::new().num_threads(threads.max(1))
    }

    fn started(pool: ThreadPool) -> Self {
        pool.broadcast(|_| ());
        Self(pool)
    }

    /// Does `work` on these threads; its parallel parts stay on them.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}
