//! Allocates with C's `malloc`, which Rust's allocator does not count, and some with Rust's.
#![expect(unsafe_code, reason = "malloc is a C function")]

use serde::{Deserialize, Serialize};

/// The bytes of each kind; both in blocks of the same size.
#[derive(Debug, Deserialize)]
pub struct Params {
    from_malloc: usize,
    from_rust: usize,
    block: usize,
}

/// Its memory is live until all figures are read.
#[derive(Debug, Serialize)]
pub struct Output {
    blocks: usize,
    #[serde(skip)]
    _kept: Vec<Vec<u8>>,
}

/// Allocates `from_malloc` bytes with C's `malloc` and `from_rust` bytes with Rust's allocator.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    Ok(move || {
        let blocks = params.from_malloc / params.block;
        for _ in 0..blocks {
            // SAFETY: `malloc` accepts any size, and the block is never used.
            let block = unsafe { libc::malloc(params.block) };
            if std::hint::black_box(block).is_null() {
                return Err("malloc returned null".to_owned());
            }
        }
        let kept = (0..params.from_rust / params.block).map(|_| vec![1u8; params.block]);
        Ok(Output { blocks, _kept: kept.collect() })
    })
}
