//! Parses nested arrays: the parser calls itself for each, so that hundreds of calls are between the
//! allocation and the first function of this crate.

use serde::Deserialize;
use serde_json::Value;

/// The depth of the nesting.
#[derive(Debug, Deserialize)]
pub struct Params {
    arrays: usize,
}

/// Every array but the innermost has one value, and its vector a capacity of four: a block of
/// 4 × 32 B each.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<usize, String>, String> {
    let text = "[".repeat(params.arrays) + &"]".repeat(params.arrays);
    Ok(move || {
        let value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        Ok(value.as_array().map_or(0, Vec::len))
    })
}
