//! The toys without the counting allocator: no test can measure anything, so every one fails.

use std::process::ExitCode;

fn main() -> ExitCode {
    plimsoll::run(toys::toys!(plimsoll::system))
}
