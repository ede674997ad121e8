//! glibc's accounts: of all that it gave, and of one block.
#![expect(unsafe_code, reason = "malloc's accounts are the C library's")]

use std::sync::OnceLock;

type Mallinfo2 = unsafe extern "C" fn() -> libc::mallinfo2;

/// Looked up by name, so that a program links with an older glibc too.
static MALLINFO2: OnceLock<Option<Mallinfo2>> = OnceLock::new();

/// All that malloc has given and not got back: chunks with their headers, and what it mapped for
/// the large ones. Small chunks that were freed count until the thread's cache lets go of them.
pub(crate) fn in_use() -> Option<u64> {
    let mallinfo2 = (*MALLINFO2.get_or_init(find))?;
    // SAFETY: a call without arguments, of the signature that glibc documents.
    let all = unsafe { mallinfo2() };
    Some((all.uordblks + all.hblkhd) as u64)
}

fn find() -> Option<Mallinfo2> {
    // SAFETY: the name is a C string, and the handle a constant that asks for the whole program.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"mallinfo2".as_ptr()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: the symbol of that name has this signature in every glibc that has it.
    Some(unsafe { std::mem::transmute::<*mut libc::c_void, Mallinfo2>(found) })
}

/// Bytes of the chunk that holds a live block of malloc's, its header included. Of one that has a
/// map to itself the header is of two words, and the rest ends with a page: so what can be used of
/// it is a multiple of 16, which it never is in an ordinary chunk.
pub(crate) fn chunk(block: *mut u8) -> u64 {
    const WORD: usize = size_of::<usize>();
    // SAFETY: the caller hands in a live block that malloc gave: only `Allocator<System>` calls,
    // between the block's allocation and its release.
    let usable = unsafe { libc::malloc_usable_size(block.cast()) };
    let header = if usable.is_multiple_of(2 * WORD) { 2 * WORD } else { WORD };
    (usable + header) as u64
}

#[cfg(test)]
mod tests {
    use super::chunk;

    /// 24 B fill the smallest chunk; 25 B take the next, 16 B larger. What is beyond the threshold
    /// of 128 KiB has a map of its own, of whole pages: 1,048,576 + 16 are 257 of them.
    #[test]
    fn chunks_are_as_glibc_rounds_them() {
        let table = [(1, 32), (24, 32), (25, 48), (1_000, 1_008), (1 << 20, 257 * 4096)];
        for (bytes, expected) in table {
            // SAFETY: any size may be asked for.
            let block = unsafe { libc::malloc(bytes) };
            assert_eq!(chunk(block.cast()), expected, "{bytes}");
            // SAFETY: the block was given just now.
            unsafe { libc::free(block) };
        }
    }
}
