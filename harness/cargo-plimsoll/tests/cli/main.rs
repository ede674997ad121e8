//! The subcommand from outside: a scratch project, hand-written results, and the whole output.

#![expect(clippy::unwrap_used, reason = "a test whose stage cannot be set has failed")]

mod check;
mod heavy;
mod hold;
mod mistakes;
mod report;
mod run;
mod scratch;
mod show;
mod splice;
mod sweep;
