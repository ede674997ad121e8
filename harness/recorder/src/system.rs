//! What the recorder needs of the machine. Where it is not supported, the same functions refuse.

use std::ops::Range;

#[cfg_attr(
    all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")),
    path = "system/linux.rs"
)]
#[cfg_attr(
    not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))),
    path = "system/elsewhere.rs"
)]
mod here;

pub(crate) use here::{
    at_fork, at_thread_exit, bytes_in_memory, executable, fence_in_all_threads, frame_pointer,
    on_exit_of_this_thread, prepare_fence_in_all_threads, read_word, reserve, stack_of_this_thread,
    stack_pointer,
};

/// Where the main program was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// What its addresses are off from those in the file.
    pub(crate) bias: u64,
    /// All of its segments.
    pub(crate) range: Range<u64>,
}
