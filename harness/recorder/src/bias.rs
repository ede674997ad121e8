//! The first thread's shortcut: while it records alone, it enters its slot without an atomic
//! exchange, which would wait for every store that the program has under way.
//!
//! ```text
//!   owner                          whoever comes second (under the global lock)
//!   busy = 1                       biased = 0
//!   (compiler fence)               membarrier: a fence in every thread of the process
//!   biased? ─ yes ─▶ enters        wait until busy = 0 ─▶ from now on everybody locks
//!           └ no ──▶ busy = 0, locks
//! ```
//!
//! Either the owner sees that it is no longer alone, or the other sees that it is inside.

use std::sync::atomic::{AtomicU32, Ordering, compiler_fence};

use crate::primitives::Bias;
use crate::system;

/// Zero is unbiased, so that fresh pages are.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct SharedBias {
    biased: AtomicU32,
    busy: AtomicU32,
}

impl SharedBias {
    /// Whether the owner is inside, or died there.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed) != 0
    }
}

impl Bias for SharedBias {
    fn grant(&self) {
        if system::prepare_fence_in_all_threads() {
            self.biased.store(1, Ordering::Relaxed);
        }
    }

    #[inline]
    fn enter(&self) -> bool {
        if self.biased.load(Ordering::Relaxed) == 0 {
            return false;
        }
        self.busy.store(1, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        if self.biased.load(Ordering::Relaxed) == 0 {
            self.busy.store(0, Ordering::Release);
            return false;
        }
        true
    }

    #[inline]
    fn leave(&self) {
        self.busy.store(0, Ordering::Release);
    }

    fn revoke(&self) {
        if self.biased.swap(0, Ordering::SeqCst) != 0 {
            system::fence_in_all_threads();
            while self.busy.load(Ordering::Acquire) != 0 {
                std::thread::yield_now();
            }
        }
    }
}
