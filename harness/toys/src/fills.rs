//! Allocates exactly what it is told, in one block, and frees it again.

use serde::{Deserialize, Serialize};

/// How much.
#[derive(Debug, Deserialize)]
pub struct Params {
    bytes: usize,
}

/// What was filled.
#[derive(Debug, Serialize)]
pub struct Answer {
    filled: usize,
}

/// One block of `bytes`, every byte of it touched.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    Ok(move || {
        let block = one_block(params.bytes);
        Ok(Answer { filled: std::hint::black_box(&block).len() })
    })
}

#[inline(never)]
fn one_block(bytes: usize) -> Vec<u8> {
    let mut block = Vec::with_capacity(bytes);
    block.resize(bytes, 1);
    block
}
