//! How the C library divides memory among threads.
#![cfg_attr(
    target_env = "gnu",
    expect(unsafe_code, reason = "the C library's allocator is set by a function of C")
)]

/// Has all threads allocate from one arena of glibc's. By default each of the first eight per core gets one
/// of its own, and keeps what was freed there: in a node, whose transactions are decoded on whatever thread is
/// free, that is as much again as the transactions. Does nothing where the C library is another one.
///
/// Call it before the first thread is started, since threads that have an arena keep it.
pub fn share_one_arena() {
    #[cfg(target_env = "gnu")]
    // SAFETY: `mallopt` takes two numbers, and may be called at any time.
    let _set = unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
}
