//! The events that the allocator reports: one function each.

use std::sync::atomic::Ordering;

use crate::change::Change;
use crate::escrow::Access;
use crate::recorder::{INSTALLED, OPEN, Recorder, is_open};
use crate::system;
use crate::tag::{Tag, UNPLACED};
use crate::thread::Thread;

/// Enters a fresh block of `size` bytes under the calling stack, and returns the tag that the
/// block is to carry.
///
/// `entered` is called once if the event gets into the recording, and not otherwise: at a moment
/// that is the same for all books of all threads, so that a counter which is kept there sees the
/// events in the recorder's own order. It must not allocate.
#[inline]
pub fn allocated(size: usize, entered: impl Fn(Access)) -> Tag {
    if OPEN.load(Ordering::Relaxed) { enter_fresh(size, entered) } else { Tag::OUTSIDE }
}

#[inline(never)]
fn enter_fresh(size: usize, entered: impl Fn(Access)) -> Tag {
    let Some(recorder) = INSTALLED.get() else { return Tag::OUTSIDE };
    Thread::with(|thread| {
        let Some(_busy) = thread.enter() else {
            recorder.miss();
            return Tag::OUTSIDE;
        };
        recorder.register(thread);
        let stack = recorder.stack_from(system::frame_pointer(), thread);
        recorder.record(thread, stack, Change::allocated(size), entered);
        Tag(stack)
    })
}

/// Takes a block of `size` bytes off the account that its tag names. `entered` as in
/// [`allocated`].
#[inline]
pub fn freed(tag: Tag, size: usize, entered: impl Fn(Access)) {
    if tag != Tag::OUTSIDE && OPEN.load(Ordering::Relaxed) {
        enter_freed(tag, size, entered);
    }
}

/// Enters that a block changed its size, and returns the tag that it is to carry from now on. It
/// stays with the stack that first allocated it; one that was not in the recording is entered
/// totals. `entered` as in [`allocated`].
#[inline]
pub fn reallocated(tag: Tag, old_size: usize, new_size: usize, entered: impl Fn(Access)) -> Tag {
    if tag == Tag::OUTSIDE {
        return allocated(new_size, entered);
    }
    if OPEN.load(Ordering::Relaxed) {
        enter_resized(tag, old_size, new_size, entered);
    }
    tag
}

/// Notes that a block of `bytes` bytes was refused to the calling stack while `live` bytes were
/// live, for a `reason` that is the caller's own number. The first note stays. `false` when
/// nothing is being recorded.
#[cold]
#[inline(never)]
pub fn refused(bytes: usize, live: u64, reason: u32) -> bool {
    let Some(recorder) = Recorder::installed().filter(|_| is_open()) else { return false };
    let note = recorder.refusal();
    if note.claim() {
        let stack = Thread::with(|thread| {
            let Some(_busy) = thread.enter() else { return UNPLACED };
            recorder.register(thread);
            recorder.stack_from(system::frame_pointer(), thread)
        });
        note.write(bytes as u64, live, reason, stack);
    } else {
        note.wait();
    }
    true
}

// A change is built behind the call: handed over in memory, it would be read back in halves that
// the processor has to put together from its stores, which takes longer than the event.

#[inline(never)]
fn enter_freed(tag: Tag, size: usize, entered: impl Fn(Access)) {
    enter_change(tag, Change::freed(size), entered);
}

#[inline(never)]
fn enter_resized(tag: Tag, old_size: usize, new_size: usize, entered: impl Fn(Access)) {
    enter_change(tag, Change::resized(old_size, new_size), entered);
}

#[inline(always)]
fn enter_change(tag: Tag, change: Change, entered: impl Fn(Access)) {
    let Some(recorder) = INSTALLED.get() else { return };
    Thread::with(|thread| match thread.enter() {
        Some(_busy) => recorder.enter(thread, tag, change, entered),
        None => recorder.miss(),
    });
}
