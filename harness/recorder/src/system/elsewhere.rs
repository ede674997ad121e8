//! Systems on which no stack is walked: a recorder refuses to start, so nothing else is called.
#![expect(unsafe_code, reason = "the signature is that of the supported systems")]

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::ops::Range;

use super::Loaded;

pub(crate) fn frame_pointer() -> usize {
    0
}

pub(crate) fn stack_pointer() -> usize {
    0
}

/// # Safety
/// None is needed: there is nothing to read.
pub(crate) unsafe fn read_word(_address: usize) -> u64 {
    0
}

pub(crate) fn stack_of_this_thread() -> Option<Range<usize>> {
    None
}

pub(crate) fn at_thread_exit(_run: extern "C" fn(*mut c_void)) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn on_exit_of_this_thread() {}

pub(crate) fn at_fork(_run: extern "C" fn()) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn executable() -> Loaded {
    Loaded { bias: 0, range: 0..0 }
}

pub(crate) fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    file.set_len(bytes)
}

pub(crate) fn prepare_fence_in_all_threads() -> bool {
    false
}

pub(crate) fn fence_in_all_threads() {}

pub(crate) fn bytes_in_memory(_file: &File) -> u64 {
    0
}
