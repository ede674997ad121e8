//! The toys under the counting allocator.

plimsoll::main!(
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
);
