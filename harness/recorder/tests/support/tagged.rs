//! A global allocator that reports each block to the recorder, as the harness's own does, and
//! beside it counts in the plainest way. For the benches, others can stand in its place: the
//! variable `RECORDER` says which, once, since a block goes back to whom it came from.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait over raw blocks")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};

use plimsoll_recorder::{Access, Tag};

/// Keeps each block's tag behind its last byte.
pub(crate) struct Tagged;

/// The same figures, from five atomics on one cache line.
#[repr(align(64))]
pub(crate) struct Counted {
    pub(crate) live: AtomicI64,
    pub(crate) live_blocks: AtomicI64,
    pub(crate) peak: AtomicI64,
    pub(crate) total: AtomicI64,
    pub(crate) total_blocks: AtomicI64,
    /// Whether to count beside the recorder.
    pub(crate) on: AtomicBool,
}

pub(crate) static COUNTED: Counted = Counted {
    live: AtomicI64::new(0),
    live_blocks: AtomicI64::new(0),
    peak: AtomicI64::new(0),
    total: AtomicI64::new(0),
    total_blocks: AtomicI64::new(0),
    on: AtomicBool::new(false),
};

impl Counted {
    fn allocated(&self, size: usize, access: Access) {
        add(&self.total_blocks, 1, access);
        add(&self.total, size as i64, access);
        self.add_live(size as i64, access);
        add(&self.live_blocks, 1, access);
    }

    fn freed(&self, size: usize, access: Access) {
        add(&self.live_blocks, -1, access);
        add(&self.live, -(size as i64), access);
    }

    fn resized(&self, old_size: usize, new_size: usize, access: Access) {
        add(&self.total_blocks, 1, access);
        add(&self.total, new_size as i64, access);
        self.add_live(new_size as i64 - old_size as i64, access);
    }

    fn add_live(&self, bytes: i64, access: Access) {
        let live = add(&self.live, bytes, access);
        if live > self.peak.load(Ordering::Relaxed) {
            match access {
                Access::Exclusive => self.peak.store(live, Ordering::Relaxed),
                Access::Shared => {
                    self.peak.fetch_max(live, Ordering::Relaxed);
                }
            }
        }
    }

    fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }
}

/// Adds, and returns the sum.
#[inline(always)]
fn add(counter: &AtomicI64, value: i64, access: Access) -> i64 {
    match access {
        Access::Exclusive => {
            let sum = counter.load(Ordering::Relaxed) + value;
            counter.store(sum, Ordering::Relaxed);
            sum
        }
        Access::Shared => counter.fetch_add(value, Ordering::Relaxed) + value,
    }
}

#[derive(Clone, Copy)]
#[repr(u8)]
enum Place {
    /// `none`: the system's allocator as it is.
    Plain = 1,
    /// `counting`: no stacks, five atomics.
    Counting,
    /// Anything else: the recorder, and the counters beside it when they are on.
    Recorder,
    /// `… counter`: the counters inside the recorder's critical sections.
    Both,
    /// `dhat …`
    Dhat,
}

/// 0 is undecided.
static PLACE: AtomicU8 = AtomicU8::new(0);

#[inline(always)]
fn place() -> Place {
    match PLACE.load(Ordering::Relaxed) {
        1 => Place::Plain,
        2 => Place::Counting,
        3 => Place::Recorder,
        4 => Place::Both,
        5 => Place::Dhat,
        _ => decide(),
    }
}

#[cold]
fn decide() -> Place {
    // SAFETY: the name is a C string. The first allocation of a Rust program comes before `main`,
    // so that no other thread can be changing the environment; `getenv` does not allocate.
    let value = unsafe { libc::getenv(c"RECORDER".as_ptr()) };
    let name = if value.is_null() {
        &b""[..]
    } else {
        // SAFETY: what `getenv` returns ends in NUL, and no thread changes the environment.
        unsafe { std::ffi::CStr::from_ptr(value) }.to_bytes()
    };
    let place = match name {
        b"none" => Place::Plain,
        b"counting" => Place::Counting,
        _ if name.starts_with(b"dhat") => Place::Dhat,
        _ if name.ends_with(b"counter") => Place::Both,
        _ => Place::Recorder,
    };
    PLACE.store(place as u8, Ordering::Relaxed);
    place
}

const TAG_BYTES: usize = size_of::<Tag>();

/// What a block carries that is counted without a recorder.
const INSIDE: Tag = Tag::from_bits(1);

#[inline(always)]
fn allocated(place: Place, size: usize) -> Tag {
    match place {
        Place::Counting => {
            COUNTED.allocated(size, Access::Shared);
            INSIDE
        }
        Place::Both => plimsoll_recorder::allocated(size, |access| COUNTED.allocated(size, access)),
        _ => {
            if COUNTED.is_on() {
                COUNTED.allocated(size, Access::Shared);
            }
            plimsoll_recorder::allocated(size, |_| ())
        }
    }
}

#[inline(always)]
fn freed(place: Place, tag: Tag, size: usize) {
    match place {
        Place::Counting => COUNTED.freed(size, Access::Shared),
        Place::Both => plimsoll_recorder::freed(tag, size, |access| COUNTED.freed(size, access)),
        _ => {
            if tag != Tag::OUTSIDE && COUNTED.is_on() {
                COUNTED.freed(size, Access::Shared);
            }
            plimsoll_recorder::freed(tag, size, |_| ());
        }
    }
}

#[inline(always)]
fn reallocated(place: Place, tag: Tag, old_size: usize, new_size: usize) -> Tag {
    let count = |access| match tag {
        Tag::OUTSIDE => COUNTED.allocated(new_size, access),
        _ => COUNTED.resized(old_size, new_size, access),
    };
    match place {
        Place::Counting => {
            count(Access::Shared);
            INSIDE
        }
        Place::Both => plimsoll_recorder::reallocated(tag, old_size, new_size, count),
        _ => {
            if COUNTED.is_on() {
                count(Access::Shared);
            }
            plimsoll_recorder::reallocated(tag, old_size, new_size, |_| ())
        }
    }
}

#[inline(always)]
fn outer(layout: Layout) -> Option<Layout> {
    Layout::from_size_align(layout.size().checked_add(TAG_BYTES)?, layout.align()).ok()
}

/// # Safety
/// The block must hold `size + TAG_BYTES` bytes.
unsafe fn write(block: *mut u8, size: usize, tag: Tag) {
    // SAFETY: the caller vouches for the bytes.
    let place = unsafe { block.add(size) }.cast::<u32>();
    // SAFETY: as above.
    unsafe { place.write_unaligned(tag.to_bits()) };
}

/// # Safety
/// The block must have been given by this allocator with this size.
unsafe fn read(block: *mut u8, size: usize) -> Tag {
    // SAFETY: the block was given with the tag's bytes behind it.
    let place = unsafe { block.add(size) }.cast::<u32>();
    // SAFETY: as above.
    Tag::from_bits(unsafe { place.read_unaligned() })
}

/// # Safety
/// The block is null or holds `size + TAG_BYTES` bytes.
#[inline(always)]
unsafe fn take_in(place: Place, block: *mut u8, size: usize) -> *mut u8 {
    if !block.is_null() {
        // SAFETY: the caller vouches for the bytes.
        unsafe { write(block, size, allocated(place, size)) };
    }
    block
}

// SAFETY: one of three allocators was chosen before the first block was given: `System`, dhat,
// which passes on to it, or `System` with a layout that is larger by the tag.
unsafe impl GlobalAlloc for Tagged {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let place = place();
        match place {
            // SAFETY: the caller's promise is handed on.
            Place::Plain => return unsafe { System.alloc(layout) },
            // SAFETY: as above.
            Place::Dhat => return unsafe { dhat::Alloc.alloc(layout) },
            _ => {}
        }
        let Some(outer) = outer(layout) else { return std::ptr::null_mut() };
        // SAFETY: the layout is not empty.
        let block = unsafe { System.alloc(outer) };
        // SAFETY: the block holds the tag as well.
        unsafe { take_in(place, block, layout.size()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let place = place();
        match place {
            // SAFETY: the caller's promise is handed on.
            Place::Plain => return unsafe { System.alloc_zeroed(layout) },
            // SAFETY: as above.
            Place::Dhat => return unsafe { dhat::Alloc.alloc_zeroed(layout) },
            _ => {}
        }
        let Some(outer) = outer(layout) else { return std::ptr::null_mut() };
        // SAFETY: the layout is not empty.
        let block = unsafe { System.alloc_zeroed(outer) };
        // SAFETY: the block holds the tag as well.
        unsafe { take_in(place, block, layout.size()) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let place = place();
        match place {
            // SAFETY: the caller's promise is handed on.
            Place::Plain => return unsafe { System.dealloc(block, layout) },
            // SAFETY: as above.
            Place::Dhat => return unsafe { dhat::Alloc.dealloc(block, layout) },
            _ => {}
        }
        // SAFETY: the caller hands back a block of this allocator.
        let tag = unsafe { read(block, layout.size()) };
        freed(place, tag, layout.size());
        let Some(outer) = outer(layout) else { return };
        // SAFETY: the block was given with this layout.
        unsafe { System.dealloc(block, outer) };
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let place = place();
        match place {
            // SAFETY: the caller's promise is handed on.
            Place::Plain => return unsafe { System.realloc(block, layout, new_size) },
            // SAFETY: as above.
            Place::Dhat => return unsafe { dhat::Alloc.realloc(block, layout, new_size) },
            _ => {}
        }
        let (Some(outer), Some(new_outer)) = (outer(layout), new_size.checked_add(TAG_BYTES))
        else {
            return std::ptr::null_mut();
        };
        // SAFETY: the caller hands in a block of this allocator.
        let tag = unsafe { read(block, layout.size()) };
        // SAFETY: the block was given with this layout.
        let moved = unsafe { System.realloc(block, outer, new_outer) };
        if !moved.is_null() {
            let tag = reallocated(place, tag, layout.size(), new_size);
            // SAFETY: the moved block holds the tag as well.
            unsafe { write(moved, new_size, tag) };
        }
        moved
    }
}
