//! Work on several threads; on one thread, it is a plain loop.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::{Error, Result};

/// The threads that make keys, signatures and proofs.
#[derive(Debug)]
pub struct Threads(Option<ThreadPool>);

impl Threads {
    /// Starts `count` threads; 0 stands for one on each core. A single one is the caller's own.
    ///
    /// # Errors
    /// [`Error::Threads`] if they do not start.
    pub fn start(count: usize) -> Result<Self> {
        let threads = match count {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count,
        };
        if threads == 1 {
            return Ok(Self(None));
        }
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        Ok(Self(Some(pool.map_err(|source| Error::Threads { threads, source })?)))
    }

    /// The number of threads.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// `work` on each item; the results in the items' order.
    pub(crate) fn map<T: Sync, R: Send>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> R + Sync + Send,
    ) -> Vec<R> {
        match &self.0 {
            None => items.iter().map(work).collect(),
            Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
        }
    }

    /// `work` on each item until one fails.
    pub(crate) fn try_each<T: Sync>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> Result<()> + Sync + Send,
    ) -> Result<()> {
        match &self.0 {
            None => items.iter().try_for_each(work),
            Some(pool) => {
                let first = pool.install(|| items.par_iter().map(work).find_first(Result::is_err));
                first.unwrap_or(Ok(()))
            }
        }
    }

    /// `work` takes each item, until one fails.
    pub(crate) fn try_consume<T: Send>(
        &self,
        items: Vec<T>,
        work: impl Fn(T) -> Result<()> + Sync + Send,
    ) -> Result<()> {
        match &self.0 {
            None => items.into_iter().try_for_each(work),
            Some(pool) => pool.install(|| items.into_par_iter().try_for_each(work)),
        }
    }
}
