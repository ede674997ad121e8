//! What the protocol is written over: a word that a lock guards, and the lock. The program runs
//! on atomics in a shared map; loom puts its own in their place and checks the locking.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// A number that is only touched while the lock that guards it is held.
pub(crate) trait Word: fmt::Debug + Default {
    fn get(&self) -> i64;
    fn set(&self, value: i64);

    #[inline(always)]
    fn add(&self, amount: i64) {
        self.set(self.get().wrapping_add(amount));
    }
}

/// A lock that neither allocates nor knows what it guards.
pub(crate) trait Lock: fmt::Debug + Default {
    fn acquire(&self);
    fn release(&self);

    /// Holds the lock until the result is dropped.
    #[inline(always)]
    fn hold(&self) -> Holding<'_, Self> {
        self.acquire();
        Holding(self)
    }
}

/// A lock that is held.
#[must_use]
pub(crate) struct Holding<'a, L: Lock>(&'a L);

impl<L: Lock> Drop for Holding<'_, L> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.release();
    }
}

/// The right of a slot's owner, while it is the only thread, to enter its events into the accounts
/// without a lock.
pub(crate) trait Bias: fmt::Debug + Default {
    fn enable(&self);
    /// The owner's: `false` when it has to take the lock.
    fn enter(&self) -> bool;
    fn exit(&self);
    /// Called by the holder of the global lock. Afterwards the locks guard slots and accounts.
    fn disable(&self);
}

/// A family of words and locks.
pub(crate) trait Primitives: fmt::Debug + Default + Copy {
    type Word: Word;
    type Lock: Lock;
    type Bias: Bias;
}

/// Relaxed loads and stores: the lock orders them, and a reader in another process sees whole
/// words.
#[derive(Debug, Default)]
#[repr(transparent)]
pub(crate) struct SharedWord(AtomicI64);

impl Word for SharedWord {
    #[inline(always)]
    fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }
}

/// Zero when it is free, so that fresh pages hold free locks.
#[derive(Default)]
#[repr(transparent)]
pub(crate) struct SpinLock(AtomicU32);

const FREE: u32 = 0;
const HELD: u32 = 1;

/// Looks at a held lock before the core is given to another thread, which may be its holder.
const LOOKS: u32 = 128;

impl SpinLock {
    /// Whether a thread holds it, or died while holding it.
    pub(crate) fn is_held(&self) -> bool {
        self.0.load(Ordering::Relaxed) != FREE
    }

    #[cold]
    fn wait(&self) {
        loop {
            for _ in 0..LOOKS {
                if !self.is_held() && self.0.swap(HELD, Ordering::Acquire) == FREE {
                    return;
                }
                std::hint::spin_loop();
            }
            std::thread::yield_now();
        }
    }
}

impl Lock for SpinLock {
    #[inline]
    fn acquire(&self) {
        if self.0.swap(HELD, Ordering::Acquire) != FREE {
            self.wait();
        }
    }

    #[inline]
    fn release(&self) {
        self.0.store(FREE, Ordering::Release);
    }
}

impl fmt::Debug for SpinLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_held() { "SpinLock(held)" } else { "SpinLock(free)" })
    }
}

/// On cache lines of its own: two, since the prefetcher of x86 fetches pairs.
#[derive(Debug, Default)]
#[repr(C, align(128))]
pub(crate) struct Apart<T>(pub(crate) T);
