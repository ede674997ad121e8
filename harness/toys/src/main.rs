//! The toys under the counting allocator.

plimsoll::main!(
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
    toys::prints,
    toys::races,
    toys::rests,
    toys::scales,
    toys::spreads,
);
