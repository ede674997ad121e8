//! Computes a sum. Its cases expect the right one or a wrong one.

use serde::{Deserialize, Serialize};

/// The last summand.
#[derive(Debug, Deserialize)]
pub struct Params {
    #[serde(default)]
    up_to: u64,
}

/// The sum and the method.
#[derive(Debug, Serialize)]
pub struct Output {
    sum: u64,
    steps: u64,
    by: By,
}

#[derive(Debug, Serialize)]
struct By {
    method: &'static str,
}

/// Adds 1 to `up_to`: 100 gives 5,050.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output, String>, String> {
    Ok(move || {
        let sum = (1..=params.up_to).sum();
        Ok(Output { sum, steps: params.up_to, by: By { method: "addition" } })
    })
}
