//! Runs the subcommand in a scratch project with hand-written results, and compares its output.

#![expect(clippy::unwrap_used, reason = "a test whose stage cannot be set has failed")]

mod check;
mod heavy;
mod mistakes;
mod ratchet;
mod report;
mod run;
mod scratch;
mod show;
mod splice;
mod sweep;
