//! The global allocator that counts: any allocator inside, the `heap` probe around it.
//!
//! Every block carries a four-byte tag behind its last byte: the number of the call stack that
//! allocated it, or zero where no probe was open. So a block that the preparation allocates and the
//! work frees is never taken off the work's account. In dhat's mode dhat takes the allocator's
//! place.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait over raw blocks")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::any::type_name;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::measure::probe::c_heap;
use crate::measure::probe::heap::{self, Tag};
use crate::measure::runaway::guard;

/// Bytes that the tag adds to every block.
pub(crate) const TAG_BYTES: usize = size_of::<Tag>();

/// Name of the environment variable that puts dhat in the allocator's place from the very first
/// block on (`dhat`), since a block must be freed by the allocator that gave it; or has malloc's
/// chunks counted (`malloc`), which leaves out none for the same reason.
pub(crate) const MODE_VARIABLE: &str = "PLIMSOLL_MODE";

/// The counting allocator. [`main!`](crate::main) installs one around [`System`]; to put it
/// around another allocator, install it yourself and write `main` with [`system!`](crate::system).
///
/// It adds four bytes to every block, and some 8 ns to an allocation and its release together
/// (while a window is open, what [the recorder](plimsoll_recorder) takes as well).
///
/// ```
/// use std::alloc::System;
///
/// #[global_allocator]
/// static ALLOCATOR: plimsoll::Allocator<System> = plimsoll::Allocator::new(System);
///
/// fn main() {
///     let block = vec![0u8; 1 << 20];
///     assert_eq!(block.len(), 1 << 20);
/// }
/// ```
#[derive(Debug)]
pub struct Allocator<A = System> {
    inner: A,
}

impl Allocator<System> {
    /// Counts around the system's allocator.
    pub const fn system() -> Self {
        Self::new(System)
    }
}

impl<A> Allocator<A> {
    /// Counts around `inner`.
    pub const fn new(inner: A) -> Self {
        Self { inner }
    }
}

const UNDECIDED: u8 = 0;
const COUNTING: u8 = 1;
const UNDER_DHAT: u8 = 2;
/// As `COUNTING`, and malloc's chunks are counted too, from the very first on.
const COUNTING_CHUNKS: u8 = 3;

/// The type inside the allocator that is installed.
static INNER: OnceLock<&'static str> = OnceLock::new();

static MODE: AtomicU8 = AtomicU8::new(UNDECIDED);
static DHAT_ON: AtomicBool = AtomicBool::new(false);
static SETTLING: AtomicBool = AtomicBool::new(false);

/// Lets dhat see every call from now on. Never switched off again: dhat aborts when a block that
/// it knows is freed behind its back and the address comes round a second time.
pub(crate) fn latch_dhat() {
    DHAT_ON.store(true, Ordering::SeqCst);
}

/// The work has returned: from now on dhat sees blocks go, and none come.
pub(crate) fn settle() {
    SETTLING.store(true, Ordering::SeqCst);
}

/// The allocator under dhat after the work has returned. A block that changes its size is a new one.
struct Settling;

// SAFETY: every block comes from `System`, to which dhat passes on what it is handed back.
unsafe impl GlobalAlloc for Settling {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is handed on.
        unsafe { dhat::Alloc.dealloc(block, layout) }
    }
}

/// Whether any block of this process has come from an [`Allocator`].
pub(crate) fn is_in_use() -> bool {
    MODE.load(Ordering::Relaxed) != UNDECIDED
}

/// The allocator of this process, in words.
pub(crate) fn name() -> String {
    match INNER.get() {
        Some(inner) => format!("plimsoll::Allocator around {inner}"),
        None => "not plimsoll::Allocator".to_owned(),
    }
}

/// The version of the C library that runs, which is not always the one that was built with.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn glibc_version() -> String {
    // SAFETY: a call without arguments.
    let version = unsafe { libc::gnu_get_libc_version() };
    // SAFETY: glibc returns a constant string of C's.
    let version = unsafe { std::ffi::CStr::from_ptr(version) };
    format!("glibc {}", version.to_string_lossy())
}

/// Who serves this process instead of the counting allocator, if it runs under dhat. Decided at
/// the first allocation, from the environment.
fn stand_in<A>() -> Option<&'static dyn GlobalAlloc> {
    let under_dhat = match MODE.load(Ordering::Relaxed) {
        COUNTING | COUNTING_CHUNKS => false,
        UNDER_DHAT => true,
        _ => decide::<A>() == UNDER_DHAT,
    };
    if !under_dhat {
        return None;
    }
    // dhat takes a lock at every call, even where nothing is recorded.
    Some(match (DHAT_ON.load(Ordering::Relaxed), SETTLING.load(Ordering::Relaxed)) {
        (false, _) => &System,
        (true, false) => &dhat::Alloc,
        (true, true) => &Settling,
    })
}

#[cold]
fn decide<A>() -> u8 {
    INNER.get_or_init(type_name::<A>);
    // SAFETY: the name is a C string. The first allocation of a Rust program comes before `main`,
    // so that no other thread can be changing the environment; `getenv` does not allocate.
    let value = unsafe { libc::getenv(c"PLIMSOLL_MODE".as_ptr()) };
    let first = match value.is_null() {
        true => 0,
        // SAFETY: a value that `getenv` returns ends in NUL, so its first byte may be read.
        false => unsafe { *value }.cast_unsigned(),
    };
    let mode = match first {
        b'd' => UNDER_DHAT,
        b'm' => COUNTING_CHUNKS,
        _ => COUNTING,
    };
    MODE.store(mode, Ordering::Relaxed);
    mode
}

/// Whether malloc's chunks are counted: where a budget needs them, and `A` takes its blocks from
/// malloc.
fn counts_chunks<A>() -> bool {
    MODE.load(Ordering::Relaxed) == COUNTING_CHUNKS && type_name::<A>() == type_name::<System>()
}

/// No block, since it would lie above the cap.
#[cold]
fn refuse(size: usize) -> *mut u8 {
    guard::on_cap_refusal(size);
    std::ptr::null_mut()
}

/// A block of the allocator inside. Where there is none, the guard notes it.
#[inline(always)]
fn given(block: *mut u8, size: usize) -> *mut u8 {
    if block.is_null() {
        guard::on_os_refusal(size);
    }
    block
}

fn tagged(layout: Layout) -> Option<Layout> {
    Layout::from_size_align(layout.size().checked_add(TAG_BYTES)?, layout.align()).ok()
}

/// Writes the tag behind the block's last byte.
///
/// # Safety
/// `block` must point to at least `size + TAG_BYTES` writable bytes.
unsafe fn write_tag(block: *mut u8, size: usize, tag: Tag) {
    // SAFETY: the caller vouches for the bytes up to `size + TAG_BYTES`.
    let place = unsafe { block.add(size) }.cast::<Tag>();
    // SAFETY: as above; the tag may lie at any alignment.
    unsafe { place.write_unaligned(tag) };
}

/// Reads the tag behind the block's last byte.
///
/// # Safety
/// `block` must have been given by this allocator with this `size`.
unsafe fn read_tag(block: *mut u8, size: usize) -> Tag {
    // SAFETY: this allocator requested `size + TAG_BYTES` bytes.
    let place = unsafe { block.add(size) }.cast::<Tag>();
    // SAFETY: as above; the tag was written when the block was given.
    unsafe { place.read_unaligned() }
}

impl<A: GlobalAlloc> Allocator<A> {
    /// Tags a fresh block and counts it.
    ///
    /// # Safety
    /// `block` is null or points to `size + TAG_BYTES` writable bytes.
    unsafe fn take_in(&self, block: *mut u8, size: usize) -> *mut u8 {
        if !given(block, size).is_null() {
            // SAFETY: the caller vouches for the bytes.
            unsafe { write_tag(block, size, heap::allocated(size)) };
            if counts_chunks::<A>() {
                c_heap::taken(c_heap::chunk(block));
            }
        }
        block
    }
}

// SAFETY: every block comes from one allocator, chosen once before the first block was given:
// `System` (directly or through dhat, which passes on to `System`) in a process under dhat, `inner`
// with a layout that is larger by the tag in every other. Layouts handed on keep their alignment.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Allocator<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(stand_in) = stand_in::<A>() {
            // SAFETY: the caller's promise is handed on.
            return given(unsafe { stand_in.alloc(layout) }, layout.size());
        }
        let Some(outer) = tagged(layout) else { return std::ptr::null_mut() };
        if !heap::has_room(layout.size()) {
            return refuse(layout.size());
        }
        // SAFETY: `outer` is larger than `layout`, hence not empty.
        let block = unsafe { self.inner.alloc(outer) };
        // SAFETY: the block, if there is one, holds `outer.size()` bytes.
        unsafe { self.take_in(block, layout.size()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if let Some(stand_in) = stand_in::<A>() {
            // SAFETY: the caller's promise is handed on.
            return given(unsafe { stand_in.alloc_zeroed(layout) }, layout.size());
        }
        let Some(outer) = tagged(layout) else { return std::ptr::null_mut() };
        if !heap::has_room(layout.size()) {
            return refuse(layout.size());
        }
        // SAFETY: `outer` is larger than `layout`, hence not empty.
        let block = unsafe { self.inner.alloc_zeroed(outer) };
        // SAFETY: the block, if there is one, holds `outer.size()` bytes.
        unsafe { self.take_in(block, layout.size()) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(stand_in) = stand_in::<A>() {
            // SAFETY: the caller's promise is handed on.
            return unsafe { stand_in.dealloc(block, layout) };
        }
        // SAFETY: the caller hands back a block of this allocator with its layout.
        heap::freed(unsafe { read_tag(block, layout.size()) }, layout.size());
        // SAFETY: the block was given with `size + TAG_BYTES`, which therefore did not overflow.
        let outer =
            unsafe { Layout::from_size_align_unchecked(layout.size() + TAG_BYTES, layout.align()) };
        if counts_chunks::<A>() {
            c_heap::given_back(c_heap::chunk(block));
        }
        // SAFETY: `outer` is the layout that the block was given with.
        unsafe { self.inner.dealloc(block, outer) };
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if let Some(stand_in) = stand_in::<A>() {
            // SAFETY: the caller's promise is handed on.
            return given(unsafe { stand_in.realloc(block, layout, new_size) }, new_size);
        }
        let old_size = layout.size();
        let wanted = Layout::from_size_align(new_size, layout.align()).ok().and_then(tagged);
        let Some(wanted) = wanted else { return std::ptr::null_mut() };
        // SAFETY: the caller hands in a block of this allocator with its layout.
        let tag = unsafe { read_tag(block, old_size) };
        let growth = heap::growth(tag, old_size, new_size);
        if growth > 0 && !heap::has_room(growth) {
            return refuse(new_size);
        }
        // SAFETY: the block was given with `size + TAG_BYTES`, which therefore did not overflow.
        let outer =
            unsafe { Layout::from_size_align_unchecked(old_size + TAG_BYTES, layout.align()) };
        let chunk = counts_chunks::<A>().then(|| c_heap::chunk(block));
        // SAFETY: `outer` is the layout that the block was given with; the new size is in bounds.
        let moved = given(unsafe { self.inner.realloc(block, outer, wanted.size()) }, new_size);
        if !moved.is_null() {
            if let Some(chunk) = chunk {
                c_heap::taken(c_heap::chunk(moved));
                c_heap::given_back(chunk);
            }
            // SAFETY: the moved block holds `new_size + TAG_BYTES` bytes.
            unsafe { write_tag(moved, new_size, heap::reallocated(tag, old_size, new_size)) };
        }
        moved
    }
}
