//! The toys without the counting allocator: whatever is asked of it, it has to refuse.

use std::process::ExitCode;

fn main() -> ExitCode {
    plimsoll::run(plimsoll::system!(
        toys::answers,
        toys::branches,
        toys::ends,
        toys::endures,
        toys::fills,
        toys::grows,
        toys::leaks,
        toys::nests,
        toys::prints,
        toys::races,
        toys::rests,
        toys::scales,
    ))
}
