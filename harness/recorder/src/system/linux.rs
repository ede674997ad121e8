//! Linux: frame pointers from a register, the rest from libc.
#![expect(unsafe_code, reason = "registers, stacks and threads are the system's")]

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::OnceLock;

use super::Loaded;

/// The frame pointer of the function that this is inlined into.
#[inline(always)]
pub(crate) fn frame_pointer() -> usize {
    let pointer: usize;
    // SAFETY: a register is copied; nothing else is touched.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!("mov {}, rbp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!("mov {}, x29", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    pointer
}

/// The stack pointer of the function that this is inlined into.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let pointer: usize;
    // SAFETY: a register is copied; nothing else is touched.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!("mov {}, rsp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    pointer
}

/// Reads a word of the calling thread's stack.
///
/// # Safety
/// `address` must be a multiple of eight, between the calling function's own frame and the top of
/// the stack that it runs on: that part of a stack is mapped.
#[inline(always)]
pub(crate) unsafe fn read_word(address: usize) -> u64 {
    let word = std::ptr::with_exposed_provenance::<u64>(address);
    // SAFETY: the caller vouches for the address. Volatile, since the compiler knows nothing of
    // who wrote the word.
    unsafe { word.read_volatile() }
}

/// From the lowest address to the top. Calls the C library, which for the main thread reads a file
/// in /proc: once a thread.
pub(crate) fn stack_of_this_thread() -> Option<Range<usize>> {
    // SAFETY: the type is a plain record of C for which zeroes are valid.
    let mut attributes: libc::pthread_attr_t = unsafe { std::mem::zeroed() };
    // SAFETY: a call without arguments that cannot fail.
    let thread = unsafe { libc::pthread_self() };
    // SAFETY: a call about the calling thread, with a place for the result.
    let failed = unsafe { libc::pthread_getattr_np(thread, &raw mut attributes) };
    if failed != 0 {
        return None;
    }
    let mut start = std::ptr::null_mut();
    let mut size = 0;
    // SAFETY: the attributes were filled in; there are places for the results.
    let failed = unsafe {
        libc::pthread_attr_getstack(&raw const attributes, &raw mut start, &raw mut size)
    };
    // SAFETY: the attributes were filled in, and are not used again.
    unsafe { libc::pthread_attr_destroy(&raw mut attributes) };
    (failed == 0).then(|| start.addr()..start.addr() + size)
}

static EXIT_KEY: OnceLock<libc::pthread_key_t> = OnceLock::new();

/// Lets `run` be called in each thread that ends after [`on_exit_of_this_thread`]. Later than
/// every destructor of the standard library's thread locals, on glibc and musl.
pub(crate) fn at_thread_exit(run: extern "C" fn(*mut c_void)) -> io::Result<()> {
    let mut key = 0;
    // SAFETY: `run` has the signature that C requires, and a place for the key is given.
    let failed = unsafe { libc::pthread_key_create(&raw mut key, Some(as_unsafe(run))) };
    if failed != 0 {
        return Err(io::Error::from_raw_os_error(failed));
    }
    EXIT_KEY.get_or_init(|| key);
    Ok(())
}

fn as_unsafe(run: extern "C" fn(*mut c_void)) -> unsafe extern "C" fn(*mut c_void) {
    run
}

/// Requests the call at the end of the calling thread.
pub(crate) fn on_exit_of_this_thread() {
    if let Some(&key) = EXIT_KEY.get() {
        // SAFETY: the key was created; the value only has to differ from null.
        unsafe { libc::pthread_setspecific(key, std::ptr::dangling()) };
    }
}

/// Lets `run` be called in the child of every fork.
pub(crate) fn at_fork(run: extern "C" fn()) -> io::Result<()> {
    let run: unsafe extern "C" fn() = run;
    // SAFETY: `run` has the signature that C requires and stays where it is.
    let failed = unsafe { libc::pthread_atfork(None, None, Some(run)) };
    if failed != 0 {
        return Err(io::Error::from_raw_os_error(failed));
    }
    Ok(())
}

/// Makes [`fence_in_all_threads`] work; `false` on kernels before 4.14, or where it is forbidden.
pub(crate) fn prepare_fence_in_all_threads() -> bool {
    membarrier(libc::MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)
}

/// Returns when every running thread of this process has passed a full fence.
pub(crate) fn fence_in_all_threads() {
    membarrier(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

fn membarrier(command: libc::c_int) -> bool {
    // SAFETY: a system call without pointers.
    unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
}

/// Where the main program was loaded.
pub(crate) fn executable() -> Loaded {
    let mut loaded = Loaded { bias: 0, range: 0..0 };
    // SAFETY: `first_object` is given the pointer that it expects, for the length of the call.
    unsafe { libc::dl_iterate_phdr(Some(first_object), (&raw mut loaded).cast()) };
    loaded
}

/// The first object is the main program; a value other than zero ends the iteration.
unsafe extern "C" fn first_object(
    info: *mut libc::dl_phdr_info,
    _size: libc::size_t,
    loaded: *mut c_void,
) -> libc::c_int {
    // SAFETY: the C library hands in a valid record for the length of the call.
    let info = unsafe { &*info };
    // SAFETY: `executable` handed in a place of this type that no other thread uses meanwhile.
    let loaded = unsafe { &mut *loaded.cast::<Loaded>() };
    // SAFETY: the record names as many program headers as there are.
    let headers = unsafe { std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum.into()) };
    let bias = info.dlpi_addr;
    let segments = || headers.iter().filter(|header| header.p_type == libc::PT_LOAD);
    let start = segments().map(|header| bias + header.p_vaddr).min();
    let end = segments().map(|header| bias + header.p_vaddr + header.p_memsz).max();
    *loaded = Loaded { bias, range: start.unwrap_or(0)..end.unwrap_or(0) };
    1
}

/// Makes the file so long that no write to its map can lack room on the disk. One in memory takes
/// its pages as they are used.
pub(crate) fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    if is_in_memory(file)? {
        return file.set_len(bytes);
    }
    match fallocate(file, FallocateFlags::empty(), 0, bytes) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => file.set_len(bytes),
        Err(errno) => Err(errno.into()),
    }
}

fn is_in_memory(file: &File) -> io::Result<bool> {
    // `TMPFS_MAGIC` of linux/magic.h.
    Ok(rustix::fs::fstatfs(file)?.f_type == 0x0102_1994)
}

/// The pages that a file in memory has; 0 for one on a disk.
pub(crate) fn bytes_in_memory(file: &File) -> u64 {
    /// In which `stat` counts, whatever the file system's own are.
    const BLOCK: u64 = 512;
    let blocks = rustix::fs::fstat(file).map_or(0, |data| data.st_blocks as u64);
    if is_in_memory(file).unwrap_or(false) { blocks * BLOCK } else { 0 }
}
