//! Calls itself, with an array on each call's stack.

use std::hint::black_box;

use serde::{Deserialize, Serialize};

/// How many calls one below the other.
#[derive(Debug, Deserialize)]
pub struct Params {
    calls: u32,
    /// Whether a block is allocated at the deepest place.
    #[serde(default)]
    allocates: bool,
}

/// How far apart the first call's array and the last one's lie.
#[derive(Debug, Serialize)]
pub struct Answer {
    apart: usize,
}

/// Each call holds an array of 4,096 B: `n` calls are `n - 1` frames apart, and their stack is at
/// least `n × 4,096` B deep. None leave the stack alone.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer, String>, String> {
    Ok(move || match params.calls {
        0 => Ok(Answer { apart: 0 }),
        calls => {
            let (first, last) = descend(calls, params.allocates);
            Ok(Answer { apart: first - last })
        }
    })
}

/// Where this call's array lies, and the deepest one's.
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
