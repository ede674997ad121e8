//! The protocol under loom: every interleaving of two threads, up to a few preemptions. The words
//! are loom's cells, so that one touched without its lock is found as well.
#![expect(unsafe_code, reason = "loom's cells hand out raw pointers")]

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicU32, Ordering, fence};
use loom::sync::{Arc, Mutex, MutexGuard};

use super::truth::{Truth, outcome};
use super::{Escrow, Slot};
use crate::account::Account;
use crate::change::Change;
use crate::primitives::{Bias, Lock, Primitives, Word};
use crate::totals::Totals;

#[derive(Debug, Default, Clone, Copy)]
struct Loom;

impl Primitives for Loom {
    type Word = LoomWord;
    type Lock = LoomLock;
    type Bias = LoomBias;
}

#[derive(Debug, Default)]
struct LoomWord(UnsafeCell<i64>);

impl Word for LoomWord {
    fn get(&self) -> i64 {
        // SAFETY: loom reports a race before it could happen.
        self.0.with(|value| unsafe { *value })
    }

    fn set(&self, value: i64) {
        // SAFETY: as above.
        self.0.with_mut(|place| unsafe { *place = value });
    }
}

// SAFETY: the protocol's locks guard the word, and loom checks that they do.
unsafe impl Sync for LoomWord {}
// SAFETY: a number.
unsafe impl Send for LoomWord {}

/// A lock on which loom sees the waiting; spinning, its model would never end.
#[derive(Debug, Default)]
struct LoomLock {
    mutex: Mutex<()>,
    held: std::cell::UnsafeCell<Option<MutexGuard<'static, ()>>>,
}

// SAFETY: `held` is only touched by the holder of the mutex.
unsafe impl Sync for LoomLock {}
// SAFETY: loom runs all its threads on one.
unsafe impl Send for LoomLock {}

impl Lock for LoomLock {
    fn acquire(&self) {
        let guard = self.mutex.lock().unwrap();
        // SAFETY: the guard is dropped by `release`, before the lock that it borrows.
        let guard = unsafe { std::mem::transmute::<MutexGuard<'_, ()>, MutexGuard<'_, ()>>(guard) };
        // SAFETY: the mutex is held.
        unsafe { *self.held.get() = Some(guard) };
    }

    fn release(&self) {
        // SAFETY: the mutex is held.
        drop(unsafe { (*self.held.get()).take() });
    }
}

/// The program's fence in all threads is two fences here, one on either side.
#[derive(Debug, Default)]
struct LoomBias {
    biased: AtomicU32,
    busy: AtomicU32,
}

impl Bias for LoomBias {
    fn enable(&self) {
        self.biased.store(1, Ordering::Relaxed);
    }

    fn enter(&self) -> bool {
        self.busy.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let biased = self.biased.load(Ordering::Relaxed) != 0;
        if !biased {
            self.exit();
        }
        biased
    }

    fn exit(&self) {
        self.busy.store(0, Ordering::Release);
    }

    fn disable(&self) {
        if self.biased.swap(0, Ordering::SeqCst) != 0 {
            fence(Ordering::SeqCst);
            while self.busy.load(Ordering::Acquire) != 0 {
                loom::thread::yield_now();
            }
        }
    }
}

/// Two entries, so that stacks 1 and 3 clash.
type LoomSlot = Slot<Loom, 2>;

struct Memory {
    totals: Totals<Loom>,
    slots: [LoomSlot; 2],
    accounts: [Account<Loom>; 4],
    truth: Truth,
}

impl Memory {
    fn new() -> Self {
        Self {
            totals: Totals::default(),
            slots: std::array::from_fn(|_| Slot::default()),
            accounts: std::array::from_fn(|_| Account::default()),
            truth: Truth::new(4),
        }
    }

    fn escrow(&self) -> Escrow<'_, Loom, 2, &Truth> {
        Escrow {
            totals: &self.totals,
            slots: &self.slots,
            accounts: &self.accounts,
            witness: &self.truth,
        }
    }
}

type Event = (u32, Change);

/// Both threads start with a credit of 4 bytes: the peak stands at 10, 2 are live.
fn check(first: &'static [fn() -> Event], second: &'static [fn() -> Event]) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        let memory = Arc::new(Memory::new());
        let slots: Vec<&LoomSlot> = (0..2).filter_map(|_| memory.escrow().take_slot()).collect();
        memory.escrow().record(None, 1, Change::allocated(10));
        memory.escrow().record(None, 1, Change::freed(10));
        memory.escrow().record(None, 1, Change::allocated(2));
        assert_eq!(slots.len(), 2);
        let other = Arc::clone(&memory);
        let thread = loom::thread::spawn(move || play(&other, 1, second));
        play(&memory, 0, first);
        thread.join().unwrap();
        memory.escrow().close();
        assert_eq!(outcome(&memory.escrow()), memory.truth.verdict());
    });
}

fn play(memory: &Memory, slot: usize, events: &[fn() -> Event]) {
    for event in events {
        let (stack, change) = event();
        memory.escrow().record(Some(&memory.slots[slot]), stack, change);
    }
}

/// 2 + 3 + 3 live = 8; with a byte more of each it is the old peak of 10 again, which counts.
#[test]
fn two_threads_that_grow_through_the_peak() {
    check(
        &[|| (1, Change::allocated(3)), || (2, Change::allocated(1))],
        &[|| (2, Change::allocated(3)), || (1, Change::allocated(1))],
    );
}

/// Equal peaks, and frees of what another thread may have at the peak.
#[test]
fn two_threads_that_come_and_go() {
    check(
        &[|| (1, Change::allocated(8)), || (1, Change::freed(8))],
        &[|| (2, Change::allocated(3)), || (2, Change::freed(3))],
    );
}

/// Stacks 1 and 3 share an entry: one is evicted while the other thread settles.
#[test]
fn a_clash_beside_a_settlement() {
    check(
        &[|| (1, Change::allocated(2)), || (3, Change::allocated(1))],
        &[|| (2, Change::allocated(3)), || (2, Change::allocated(4))],
    );
}

/// The first thread records alone, and does not know when the second one comes.
#[test]
fn a_second_thread_comes() {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(|| {
        let memory = Arc::new(Memory::new());
        memory.escrow().record(None, 1, Change::allocated(10));
        memory.escrow().record(None, 1, Change::freed(10));
        let first = memory.escrow().take_slot();
        memory.escrow().record(first, 1, Change::allocated(2));
        let other = Arc::clone(&memory);
        let thread = loom::thread::spawn(move || {
            let second = other.escrow().take_slot();
            other.escrow().record(second, 2, Change::allocated(9));
        });
        memory.escrow().record(first, 1, Change::freed(2));
        memory.escrow().record(first, 2, Change::allocated(3));
        thread.join().unwrap();
        memory.escrow().close();
        assert_eq!(outcome(&memory.escrow()), memory.truth.verdict());
    });
}
