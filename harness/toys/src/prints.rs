//! Prints, which must not disturb the measurement.

use serde::Deserialize;

/// How many lines.
#[derive(Debug, Deserialize)]
pub struct Params {
    lines: usize,
}

/// Prints a line that looks like a test runner's, many times, on both streams.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is its purpose")]
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<usize, String>, String> {
    Ok(move || {
        for _ in 0..params.lines {
            println!("test toys::prints::peak_heap ... ok");
            eprintln!("{{\"measured\": 0}}");
        }
        Ok(params.lines)
    })
}
