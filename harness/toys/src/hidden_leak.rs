//! Leaks one block, and frees another that the preparation had allocated: the freed block must not hide
//! the leak.

use serde::Deserialize;

/// The bytes that are leaked, and those that are freed.
#[derive(Debug, Deserialize)]
pub struct Params {
    forgotten: usize,
    prepared: usize,
}

/// Leaks `forgotten` bytes in one block, and drops `prepared` bytes of the preparation.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<(), String>, String> {
    let prepared = vec![1u8; params.prepared];
    Ok(move || {
        drop(prepared);
        forget(params.forgotten);
        Ok(())
    })
}

#[inline(never)]
fn forget(bytes: usize) {
    std::hint::black_box(Vec::leak(vec![1u8; bytes]));
}
