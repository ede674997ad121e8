//! The toys under the counting allocator.

plimsoll::main!(
    toys::answers,
    toys::ends,
    toys::fills,
    toys::grows,
    toys::leaks,
    toys::prints,
    toys::races,
    toys::rests,
);
