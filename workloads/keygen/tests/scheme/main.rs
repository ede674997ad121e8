//! The scheme from outside: against another implementation, against itself, against forgers.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../budgets/batched.rs"]
mod batched;
#[path = "../budgets/chains.rs"]
mod chains;
#[path = "../budgets/collected.rs"]
mod collected;
mod decoding;
mod forged;
mod keys;
mod known_answers;
#[path = "../budgets/naive.rs"]
mod naive;
mod permutations;
mod roots;
mod signing;
#[path = "../budgets/tree.rs"]
mod tree;
#[expect(dead_code, reason = "only a workload starts threads in a way of its own")]
#[path = "../budgets/workers.rs"]
mod workers;
