//! The two buffers of the store: the places where its memory comes from.

/// The size of an I/O buffer: 256 KiB.
pub(crate) const IO_BYTES: usize = 256 << 10;

/// The largest buffer that a blob's stated length alone may claim: 64 MiB. A longer blob grows from
/// there, because a length read from a disk is not to be trusted with all memory.
const PRESIZE_MAX_BYTES: u64 = 64 << 20;

/// The buffer of a whole read: room for all `bytes` at once, so that it is never moved.
pub(crate) fn presized(bytes: u64) -> Vec<u8> {
    Vec::with_capacity(bytes.min(PRESIZE_MAX_BYTES) as usize)
}

/// The buffer of a transfer: 256 KiB, whatever the blob's size.
pub(crate) fn io() -> Box<[u8]> {
    vec![0; IO_BYTES].into_boxed_slice()
}
