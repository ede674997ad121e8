//! Allocates one block of a given size, and frees it.

use serde::{Deserialize, Serialize};

/// The size of the block.
#[derive(Debug, Deserialize)]
pub struct Params {
    bytes: usize,
}

/// The bytes that were filled.
#[derive(Debug, Serialize)]
pub struct Output {
    filled: usize,
}

/// One block of `bytes`, every byte of it touched.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    Ok(move || {
        let block = one_block(params.bytes);
        Ok(Output { filled: std::hint::black_box(&block).len() })
    })
}

#[inline(never)]
fn one_block(bytes: usize) -> Vec<u8> {
    let mut block = Vec::with_capacity(bytes);
    block.resize(bytes, 1);
    block
}
