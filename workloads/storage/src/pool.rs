//! Buffers that are used again, for frequent small reads.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::buffer;

/// A bounded set of idle buffers. Clones share it.
#[derive(Clone)]
pub struct Pool {
    idle: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Pool {
    /// A pool that keeps at most `buffers` idle ones; more are freed when they come back.
    ///
    /// # Panics
    /// When so many cannot be counted in memory (`Vec::with_capacity`).
    #[must_use]
    pub fn new(buffers: usize) -> Self {
        Self { idle: Arc::new(Mutex::new(Vec::with_capacity(buffers))) }
    }

    /// How many buffers lie idle.
    #[must_use]
    pub fn idle(&self) -> usize {
        self.lock().len()
    }

    /// An empty buffer with room for `bytes`: an idle one if it is large enough.
    pub(crate) fn take(&self, bytes: u64) -> Vec<u8> {
        let idle = self.lock().pop();
        idle.filter(|buffer| buffer.capacity() as u64 >= bytes)
            .unwrap_or_else(|| buffer::presized(bytes))
    }

    pub(crate) fn lend(&self, buffer: Vec<u8>) -> Pooled {
        Pooled { buffer, pool: self.clone() }
    }

    fn give(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        let mut idle = self.lock();
        if idle.len() < idle.capacity() {
            idle.push(buffer);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        // A list of buffers has no state that a panic could leave half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("idle", &self.idle()).finish()
    }
}

/// A blob's bytes in a buffer that returns to its [`Pool`] when dropped.
#[derive(Debug)]
pub struct Pooled {
    buffer: Vec<u8>,
    pool: Pool,
}

impl Deref for Pooled {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        self.pool.give(std::mem::take(&mut self.buffer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returned_buffer_is_used_again() {
        let pool = Pool::new(1);
        let lent = pool.lend(pool.take(100));
        let address = lent.as_ptr();
        assert_eq!(pool.idle(), 0);
        drop(lent);
        assert_eq!(pool.idle(), 1);
        let again = pool.take(100);
        assert_eq!((again.as_ptr(), again.len()), (address, 0));
    }

    #[test]
    fn pool_keeps_no_more_buffers_than_its_bound() {
        let pool = Pool::new(2);
        let lent: Vec<_> = (0..3).map(|_| pool.lend(pool.take(8))).collect();
        drop(lent);
        assert_eq!(pool.idle(), 2);
    }

    #[test]
    fn too_small_buffer_is_replaced() {
        let pool = Pool::new(1);
        drop(pool.lend(pool.take(8)));
        assert!(pool.take(4096).capacity() >= 4096);
    }
}
