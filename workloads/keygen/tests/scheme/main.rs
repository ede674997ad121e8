//! The scheme from outside: against another implementation, against itself, against forgers.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod decoding;
mod forged;
mod keys;
mod known_answers;
mod permutations;
mod roots;
mod signing;
