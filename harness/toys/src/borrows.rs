//! Takes memory from C's `malloc`, which Rust's allocator never hears of, beside some of its own.
#![expect(unsafe_code, reason = "malloc is C's")]

use serde::{Deserialize, Serialize};

/// How much of which; both in blocks of the same size.
#[derive(Debug, Deserialize)]
pub struct Params {
    from_malloc: usize,
    from_rust: usize,
    block: usize,
}

/// Kept until all figures are read.
#[derive(Debug, Serialize)]
pub struct Answer {
    blocks: usize,
    #[serde(skip)]
    _kept: Vec<Vec<u8>>,
}

/// Keeps `from_malloc` bytes of C's and `from_rust` bytes of Rust's.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    Ok(move || {
        let blocks = params.from_malloc / params.block;
        for _ in 0..blocks {
            // SAFETY: any size may be asked for, and what is given is never used.
            let block = unsafe { libc::malloc(params.block) };
            if std::hint::black_box(block).is_null() {
                return Err("malloc has no more".to_owned());
            }
        }
        let kept = (0..params.from_rust / params.block).map(|_| vec![1u8; params.block]);
        Ok(Answer { blocks, _kept: kept.collect() })
    })
}
