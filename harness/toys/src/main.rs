//! The toys under the counting allocator.

toys::toys!(plimsoll::main);
