//! The call sites of the generated programs, in a module of their own: a stack is recognised by the
//! frames that lie in here.
#![expect(unsafe_code, reason = "some blocks come from the allocator's own calls")]

use std::alloc::{self, Layout};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{c_int, c_void};
use std::hint::black_box;
use std::ptr::NonNull;
use std::thread::{self, JoinHandle};

/// What a site made. Each frees itself.
pub(crate) enum Block {
    Raw(Raw),
    Bytes(Vec<u8>),
    Wide(Vec<[u64; 3]>),
    Text(String),
    Boxed(Box<[u32]>),
    Map(BTreeMap<u32, [u8; 24]>),
    Fixed(#[expect(dead_code, reason = "held to be freed")] Box<[u8; 100]>),
}

/// How many different things [`make`] can make.
pub(crate) const KINDS: u8 = 10;

/// A block without an owner in the standard library.
pub(crate) struct Raw {
    block: NonNull<u8>,
    layout: Layout,
}

// SAFETY: no other code has the address.
unsafe impl Send for Raw {}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: the block was given with this layout.
        unsafe { alloc::dealloc(self.block.as_ptr(), self.layout) };
    }
}

/// Makes a block of about `size` bytes, below a path of up to seven calls that `path` decides.
#[inline(never)]
pub(crate) fn make(kind: u8, size: usize, path: u8) -> Block {
    descend(path >> 3, path & 7, kind, size)
}

#[inline(never)]
fn descend(path: u8, levels: u8, kind: u8, size: usize) -> Block {
    if levels == 0 {
        return black_box(at_the_bottom(kind, size));
    }
    // Two calls, hence two return addresses. What follows keeps them from being jumps.
    let block = if path & 1 == 0 {
        black_box(descend(path >> 1, levels - 1, kind, size))
    } else {
        black_box(aside(path >> 1, levels - 1, kind, size))
    };
    black_box(block)
}

#[inline(never)]
fn aside(path: u8, levels: u8, kind: u8, size: usize) -> Block {
    let block = black_box(descend(path, levels, kind, size));
    black_box(path);
    block
}

fn at_the_bottom(kind: u8, size: usize) -> Block {
    match kind {
        0 => Block::Raw(raw(size, 1)),
        1 => Block::Raw(raw(size, 64)),
        2 => Block::Raw(raw_zeroed(size)),
        3 => Block::Bytes(zeroes(size)),
        4 => Block::Bytes(pushes(size, 7)),
        5 => Block::Wide(pushes(size / size_of::<[u64; 3]>() + 1, [1, 2, 3])),
        6 => Block::Text(text(size)),
        7 => Block::Boxed(boxed(size / size_of::<u32>() + 1)),
        8 => Block::Map(map(size / 24 + 1)),
        _ => Block::Fixed(fixed()),
    }
}

#[inline(never)]
fn raw(size: usize, align: usize) -> Raw {
    let layout = Layout::from_size_align(size, align).unwrap();
    // SAFETY: no size is zero.
    let block = unsafe { alloc::alloc(layout) };
    Raw { block: NonNull::new(block).unwrap(), layout }
}

#[inline(never)]
fn raw_zeroed(size: usize) -> Raw {
    let layout = Layout::from_size_align(size, 8).unwrap();
    // SAFETY: no size is zero.
    let block = unsafe { alloc::alloc_zeroed(layout) };
    Raw { block: NonNull::new(block).unwrap(), layout }
}

#[inline(never)]
fn zeroes(size: usize) -> Vec<u8> {
    black_box(vec![0; size])
}

/// Grows as it goes, once for each type.
#[inline(never)]
fn pushes<T: Copy>(count: usize, item: T) -> Vec<T> {
    let mut vector = Vec::new();
    (0..count.min(2_000)).for_each(|_| vector.push(black_box(item)));
    vector
}

#[inline(never)]
fn text(size: usize) -> String {
    black_box("a ".repeat(size / 2 + 1))
}

#[inline(never)]
fn boxed(count: usize) -> Box<[u32]> {
    (0..count as u32).filter(|at| black_box(at % 3) != 1).collect()
}

#[inline(never)]
fn map(count: usize) -> BTreeMap<u32, [u8; 24]> {
    (0..count.min(300) as u32).map(|at| (at * 7 % 301, [0; 24])).collect()
}

#[inline(never)]
fn fixed() -> Box<[u8; 100]> {
    black_box(Box::new([1; 100]))
}

impl Block {
    /// Grows or shrinks to about `size` bytes; to the very same size when `same` says so.
    #[inline(never)]
    pub(crate) fn resize(&mut self, size: usize, same: bool) {
        match self {
            Self::Raw(raw) => raw.resize(if same { raw.layout.size() } else { size }),
            Self::Bytes(vector) => resize_vector(vector, size),
            Self::Wide(vector) => resize_vector(vector, size / size_of::<[u64; 3]>() + 1),
            Self::Text(text) => resize_text(text, size),
            Self::Boxed(boxed) => resize_boxed(boxed, size / size_of::<u32>() + 1),
            Self::Map(map) => resize_map(map, size / 24),
            Self::Fixed(_) => {}
        }
    }
}

impl Raw {
    #[inline(never)]
    fn resize(&mut self, size: usize) {
        // SAFETY: the block was given with this layout, and no size is zero or near the limit.
        let moved = unsafe { alloc::realloc(self.block.as_ptr(), self.layout, size) };
        self.block = NonNull::new(moved).unwrap();
        self.layout = Layout::from_size_align(size, self.layout.align()).unwrap();
    }
}

#[inline(never)]
fn resize_vector<T>(vector: &mut Vec<T>, count: usize) {
    if count > vector.len() {
        vector.reserve_exact(count - vector.len());
    } else {
        vector.truncate(count);
        vector.shrink_to_fit();
    }
}

#[inline(never)]
fn resize_text(text: &mut String, size: usize) {
    if size > text.len() {
        (text.len()..size).for_each(|_| text.push('b'));
    } else {
        text.truncate(size);
        text.shrink_to_fit();
    }
}

#[inline(never)]
fn resize_boxed(boxed: &mut Box<[u32]>, count: usize) {
    let mut vector = std::mem::take(boxed).into_vec();
    vector.resize(count, 0);
    *boxed = vector.into_boxed_slice();
}

#[inline(never)]
fn resize_map(map: &mut BTreeMap<u32, [u8; 24]>, count: usize) {
    while map.len() > count {
        map.pop_last();
    }
    map.extend((map.len()..count.min(300)).map(|at| (at as u32, [1; 24])));
}

/// Unwinds through a frame that holds a block, and catches it. Without the panic's message, which
/// would be the hook's business.
#[inline(never)]
pub(crate) fn unwind(size: usize) {
    let caught = std::panic::catch_unwind(|| {
        let held = black_box(vec![1u8; size]);
        if black_box(size) > 0 {
            std::panic::resume_unwind(Box::new(size));
        }
        drop(held);
    });
    assert!(caught.is_err());
}

/// Keeps a block that was made below so many calls, all of one function.
#[inline(never)]
pub(crate) fn deep(size: usize, levels: u8) {
    if levels == 0 {
        std::mem::forget(zeroes(size));
    } else {
        deep(size, levels - 1);
    }
    black_box(levels);
}

/// Keeps a block that was made in a callback of the C library's.
#[inline(never)]
pub(crate) fn through_c(size: usize) {
    let mut sizes = [size, size];
    let start = sizes.as_mut_ptr().cast();
    // SAFETY: two items of that size lie there, and the callback reads no others.
    unsafe { libc::qsort(start, 2, size_of::<usize>(), Some(compared)) };
    black_box(sizes);
}

#[inline(never)]
unsafe extern "C" fn compared(first: *const c_void, _second: *const c_void) -> c_int {
    // SAFETY: the C library hands in the address of an item.
    let size = unsafe { first.cast::<usize>().read() };
    std::mem::forget(zeroes(size));
    black_box(0)
}

/// What a thread leaves to the destructor of its thread local, which allocates as well.
struct Left(Vec<Block>);

impl Drop for Left {
    fn drop(&mut self) {
        let last = make(4, 50, 2);
        self.0.push(make(0, 10, 1));
        drop((self.0.pop(), last));
    }
}

thread_local! {
    static LEFT: RefCell<Left> = const { RefCell::new(Left(Vec::new())) };
}

/// Lets the calling thread hold the block until its thread locals are dropped.
#[inline(never)]
pub(crate) fn leave(block: Block) {
    LEFT.with_borrow_mut(|left| left.0.push(block));
}

/// Starts a thread. What the standard library takes for it is allocated below here.
#[inline(never)]
pub(crate) fn spawn(life: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    black_box(thread::spawn(life))
}

/// A known place in the code: what an address lies off from it is the same in every process.
#[inline(never)]
pub(crate) fn anchor() -> usize {
    black_box(anchor as fn() -> usize as *const () as usize)
}
