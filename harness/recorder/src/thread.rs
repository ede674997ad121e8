//! What the recorder remembers of the calling thread. Nothing of it has a destructor: it must
//! work while other thread locals are being dropped.
#![expect(unsafe_code, reason = "a thread local is reached without a closure that is not inlined")]

use std::cell::Cell;
use std::ops::Range;

use crate::plan::Slot;
use crate::system;

thread_local! {
    static THREAD: Thread = const { Thread::new() };
}

pub(crate) struct Thread {
    /// Set while the thread is inside the recorder, and possibly holds a lock.
    busy: Cell<bool>,
    known: Cell<bool>,
    slot: Cell<Option<&'static Slot>>,
    stack_start: Cell<usize>,
    stack_end: Cell<usize>,
}

/// The thread is inside the recorder until this is dropped.
pub(crate) struct Busy<'a>(&'a Thread);

impl Drop for Busy<'_> {
    #[inline]
    fn drop(&mut self) {
        std::sync::atomic::compiler_fence(std::sync::atomic::Ordering::Release);
        self.0.busy.set(false);
    }
}

impl Thread {
    const fn new() -> Self {
        Self {
            busy: Cell::new(false),
            known: Cell::new(false),
            slot: Cell::new(None),
            stack_start: Cell::new(0),
            stack_end: Cell::new(0),
        }
    }

    /// Runs `body` with the calling thread's memory. Through `LocalKey::with` alone, all that
    /// `body` captures would go through memory, which costs more than the rest of an event.
    #[inline(always)]
    pub(crate) fn with<R>(body: impl FnOnce(&Self) -> R) -> R {
        let thread = THREAD.with(std::ptr::from_ref);
        // SAFETY: a thread local without a destructor lasts as long as its thread, which runs
        // this; `body` cannot hand the reference on, neither to a thread nor to its result.
        body(unsafe { &*thread })
    }

    /// `None` when the thread is inside already: a signal handler, or the recorder itself.
    #[inline]
    pub(crate) fn enter(&self) -> Option<Busy<'_>> {
        if self.busy.replace(true) {
            return None;
        }
        std::sync::atomic::compiler_fence(std::sync::atomic::Ordering::Acquire);
        Some(Busy(self))
    }

    /// The addresses of the thread's stack.
    #[inline]
    pub(crate) fn stack(&self) -> Range<usize> {
        self.stack_start.get()..self.stack_end.get()
    }

    /// The thread's slot. Taken at its first event; a thread that got none does not try again.
    #[inline]
    pub(crate) fn slot(&self) -> Option<&'static Slot> {
        self.slot.get()
    }

    /// Registers the thread at its first event, before everything else.
    #[inline]
    pub(crate) fn register(&self, take_slot: impl FnOnce() -> Option<&'static Slot>) {
        if !self.known.get() {
            self.learn(take_slot);
        }
    }

    #[cold]
    fn learn(&self, take_slot: impl FnOnce() -> Option<&'static Slot>) {
        self.known.set(true);
        let stack = system::stack_of_this_thread().unwrap_or(0..0);
        self.stack_start.set(stack.start);
        self.stack_end.set(stack.end);
        if let Some(slot) = take_slot() {
            self.slot.set(Some(slot));
            system::on_exit_of_this_thread();
        }
    }

    /// Forgets the thread and hands its slot to `give_back`. A thread that allocates after that is
    /// registered again.
    pub(crate) fn forget(&self, give_back: impl FnOnce(&'static Slot)) {
        let Some(_busy) = self.enter() else { return };
        self.slot.take().map(give_back);
        self.known.set(false);
    }
}
