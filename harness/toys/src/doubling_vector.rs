//! Pushes numbers into an empty vector, which doubles its capacity again and again.

use serde::Deserialize;

/// How many numbers.
#[derive(Debug, Deserialize)]
pub struct Params {
    numbers: u64,
}

/// A vector of `u64` starts at 4 of them (32 B) and doubles: 1,024 numbers take one block and
/// 8 reallocations, 32 + 64 + … + 8,192 = 16,352 B in all and 8,192 B at the peak.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<u64, String>, String> {
    Ok(move || {
        let mut numbers = Vec::new();
        for number in 0..params.numbers {
            numbers.push(std::hint::black_box(number));
        }
        Ok(numbers.iter().sum())
    })
}
