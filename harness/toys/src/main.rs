//! The toys under the counting allocator.

plimsoll::main!(
    toys::answers,
    toys::branches,
    toys::ends,
    toys::fills,
    toys::grows,
    toys::leaks,
    toys::nests,
    toys::parts,
    toys::phases,
    toys::prints,
    toys::races,
    toys::rests,
);
