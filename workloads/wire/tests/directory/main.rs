//! The directory from outside: what it accepts, what it refuses, what it proves, and what it
//! survives on disk.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod closed;
mod damaged;
mod full;
mod killed;
mod operations;
mod proofs;
mod refused;
mod variants;
mod world;
