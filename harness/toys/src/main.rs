//! The toys under the counting allocator.

plimsoll::main!(
    toys::answers,
    toys::borrows,
    toys::branches,
    toys::descends,
    toys::ends,
    toys::fathers,
    toys::fills,
    toys::grows,
    toys::leaks,
    toys::maps,
    toys::nests,
    toys::prints,
    toys::races,
    toys::rests,
    toys::spreads,
);
