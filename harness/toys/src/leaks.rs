//! Forgets one block, and frees another that the preparation had made: the second must not hide
//! the first.

use serde::Deserialize;

/// How much is forgotten, and how much is freed beside it.
#[derive(Debug, Deserialize)]
pub struct Params {
    forgotten: usize,
    prepared: usize,
}

/// Leaks `forgotten` bytes in one block; drops `prepared` bytes that were there before.
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
