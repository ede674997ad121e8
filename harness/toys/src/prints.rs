//! Prints to both streams, which must not disturb the measurement.

use serde::Deserialize;

/// The number of lines.
#[derive(Debug, Deserialize)]
pub struct Params {
    lines: usize,
}

/// Prints lines that look like the output of a test runner.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "it has to print")]
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<usize, String>, String> {
    Ok(move || {
        for _ in 0..params.lines {
            println!("test toys::prints::peak_heap ... ok");
            eprintln!("{{\"measured\": 0}}");
        }
        Ok(params.lines)
    })
}
