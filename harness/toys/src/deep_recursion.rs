//! Calls itself, with an array in each stack frame.

use std::hint::black_box;

use serde::{Deserialize, Serialize};

/// The depth of the recursion.
#[derive(Debug, Deserialize)]
pub struct Params {
    calls: u32,
    /// Whether the deepest call allocates a block.
    #[serde(default)]
    allocates: bool,
}

/// The distance between the first call's array and the last one's, in bytes.
#[derive(Debug, Serialize)]
pub struct Output {
    apart: usize,
}

/// Each call has an array of 4,096 B: the first and the last of `n` calls are `n - 1` frames apart, and
/// their stack is at least `n × 4,096` B deep. With `n = 0` nothing is called.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    Ok(move || match params.calls {
        0 => Ok(Output { apart: 0 }),
        calls => {
            let (first, last) = descend(calls, params.allocates);
            Ok(Output { apart: first - last })
        }
    })
}

/// The address of this call's array, and of the deepest call's.
#[inline(never)]
pub(crate) fn descend(calls: u32, allocates: bool) -> (usize, usize) {
    let array = black_box([0x5au8; 4096]);
    let here = black_box(&array).as_ptr().addr();
    let (_, deepest) = match calls {
        1 if allocates => (drop(black_box(Box::new(0u8))), here),
        1 => ((), here),
        _ => ((), descend(calls - 1, allocates).1),
    };
    black_box(&array);
    (here, deepest)
}
