//! The harness on the toys: each test starts the toys' binary and reads what it prints or writes.

#![expect(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

mod heavy;
mod judge;
mod killed;
mod process;
mod runaways;
mod selftest;
mod sessions;
mod snapshots;
mod stack;
mod sweeps;
mod verdicts;
