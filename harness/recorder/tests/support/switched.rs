//! A global allocator that is dhat's or ours, from the first block of the process on: a block
//! must be freed by the allocator that gave it.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait over raw blocks")]

use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicU8, Ordering};

use super::shadowed::Shadowed;

pub(crate) struct Switched;

const UNDECIDED: u8 = 0;
const OURS: u8 = 1;
const DHAT: u8 = 2;

static CHOICE: AtomicU8 = AtomicU8::new(UNDECIDED);

/// Whether the environment selects dhat, as `RECORDER_ORACLE=dhat`.
pub(crate) fn is_dhat() -> bool {
    match CHOICE.load(Ordering::Relaxed) {
        UNDECIDED => decide(),
        choice => choice == DHAT,
    }
}

#[cold]
fn decide() -> bool {
    // SAFETY: the name is a C string. The first block of a Rust program is given before `main`,
    // so that no other thread can be changing the environment; `getenv` does not allocate.
    let value = unsafe { libc::getenv(c"RECORDER_ORACLE".as_ptr()) };
    let choice = if value.is_null() { OURS } else { DHAT };
    CHOICE.store(choice, Ordering::Relaxed);
    choice == DHAT
}

// Never inlined, or a site would have one return address under dhat and another under ours.
// SAFETY: all blocks of a process come from one of two allocators, and go back there.
unsafe impl GlobalAlloc for Switched {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_dhat() {
            // SAFETY: the caller's promise is handed on.
            return unsafe { dhat::Alloc.alloc(layout) };
        }
        // SAFETY: as above.
        unsafe { Shadowed.alloc(layout) }
    }

    #[inline(never)]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_dhat() {
            // SAFETY: the caller's promise is handed on.
            return unsafe { dhat::Alloc.alloc_zeroed(layout) };
        }
        // SAFETY: as above.
        unsafe { Shadowed.alloc_zeroed(layout) }
    }

    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_dhat() {
            // SAFETY: the caller's promise is handed on.
            return unsafe { dhat::Alloc.dealloc(block, layout) };
        }
        // SAFETY: as above.
        unsafe { Shadowed.dealloc(block, layout) }
    }

    #[inline(never)]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if is_dhat() {
            // SAFETY: the caller's promise is handed on.
            return unsafe { dhat::Alloc.realloc(block, layout, new_size) };
        }
        // SAFETY: as above.
        unsafe { Shadowed.realloc(block, layout, new_size) }
    }
}
