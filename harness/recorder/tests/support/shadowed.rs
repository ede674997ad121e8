//! A global allocator that reports each block to the recorder, and the shadow of every one that
//! the recorder enters.
#![expect(unsafe_code, reason = "a global allocator is an unsafe trait over raw blocks")]

use std::alloc::{GlobalAlloc, Layout, System};

use plimsoll_recorder::Tag;

use super::shadow;

/// Keeps each block's tag behind its last byte.
pub(crate) struct Shadowed;

const TAG_BYTES: usize = size_of::<Tag>();

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
unsafe fn take_in(block: *mut u8, size: usize) -> *mut u8 {
    if !block.is_null() {
        let tag = plimsoll_recorder::allocated(size, |access| shadow::allocated(size, access));
        // SAFETY: the caller vouches for the bytes.
        unsafe { write(block, size, tag) };
    }
    block
}

// SAFETY: every block is `System`'s, with a layout that is larger by the tag.
unsafe impl GlobalAlloc for Shadowed {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(outer) = outer(layout) else { return std::ptr::null_mut() };
        // SAFETY: the layout is not empty.
        let block = unsafe { System.alloc(outer) };
        // SAFETY: the block holds the tag as well.
        unsafe { take_in(block, layout.size()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some(outer) = outer(layout) else { return std::ptr::null_mut() };
        // SAFETY: the layout is not empty.
        let block = unsafe { System.alloc_zeroed(outer) };
        // SAFETY: the block holds the tag as well.
        unsafe { take_in(block, layout.size()) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller hands back a block of this allocator.
        let tag = unsafe { read(block, layout.size()) };
        plimsoll_recorder::freed(tag, layout.size(), |access| {
            shadow::freed(layout.size(), access);
        });
        let Some(outer) = outer(layout) else { return };
        // SAFETY: the block was given with this layout.
        unsafe { System.dealloc(block, outer) };
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let (Some(outer), Some(new_outer)) = (outer(layout), new_size.checked_add(TAG_BYTES))
        else {
            return std::ptr::null_mut();
        };
        // SAFETY: the caller hands in a block of this allocator.
        let tag = unsafe { read(block, layout.size()) };
        // SAFETY: the block was given with this layout.
        let moved = unsafe { System.realloc(block, outer, new_outer) };
        if !moved.is_null() {
            let entered = |access| match tag {
                Tag::OUTSIDE => shadow::allocated(new_size, access),
                _ => shadow::resized(layout.size(), new_size, access),
            };
            let tag = plimsoll_recorder::reallocated(tag, layout.size(), new_size, entered);
            // SAFETY: the moved block holds the tag as well.
            unsafe { write(moved, new_size, tag) };
        }
        moved
    }
}
