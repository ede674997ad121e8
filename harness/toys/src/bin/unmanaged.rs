//! The toys without the counting allocator: whatever is asked of it, it has to refuse.

use std::process::ExitCode;

fn main() -> ExitCode {
    plimsoll::run(plimsoll::system!(
        toys::answers,
        toys::borrows,
        toys::branches,
        toys::descends,
        toys::ends,
        toys::fathers,
        toys::endures,
        toys::fills,
        toys::floods,
        toys::grows,
        toys::leaks,
        toys::maps,
        toys::nests,
        toys::parts,
        toys::phases,
        toys::pools,
        toys::prints,
        toys::races,
        toys::rests,
        toys::scales,
        toys::sorts,
        toys::spreads,
        toys::varies,
    ))
}
