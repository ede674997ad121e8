//! Key generation on a given number of threads.

use std::io;

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// A pool of its own, whose threads run until it is dropped.
#[derive(Debug)]
pub struct Workers(ThreadPool);

impl Workers {
    /// Starts `threads` threads, at least one, and waits until each has run something, so that
    /// what a thread allocates when it starts is not charged to the work.
    ///
    /// # Errors
    /// Those of the system, if it does not give so many threads.
    ///
    /// ```
    /// let workers = keygen::variant::workers::Workers::start(2)?;
    /// assert_eq!(workers.run(rayon::current_num_threads), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(threads: usize) -> Result<Self, ThreadPoolBuildError> {
        Ok(Self::met(Self::builder(threads).build()?))
    }

    /// The same, with `spawn` to start each thread: it must run what it is given on a thread of its
    /// own.
    ///
    /// # Errors
    /// Those of `spawn`.
    pub fn start_with(
        threads: usize,
        spawn: impl FnMut(ThreadBuilder) -> io::Result<()>,
    ) -> Result<Self, ThreadPoolBuildError> {
        Ok(Self::met(Self::builder(threads).spawn_handler(spawn).build()?))
    }

    fn builder(threads: usize) -> ThreadPoolBuilder {
        ThreadPoolBuilder::new().num_threads(threads.max(1))
    }

    fn met(pool: ThreadPool) -> Self {
        pool.broadcast(|_| ());
        Self(pool)
    }

    /// Does `work` on these threads: whatever it shares out stays among them.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}
