//! Runs that did not end well, or computed something else.

use std::fmt::Write as _;

use plimsoll_format::Quantity;

use crate::measure::measurement::{Cause, Crash};

pub(super) fn wrong(out: &mut String, test: &str, what: &str) -> std::fmt::Result {
    writeln!(out, "{test}: the work did not compute what it should\n")?;
    indented(out, what)
}

pub(super) fn crashed(out: &mut String, test: &str, crash: &Crash) -> std::fmt::Result {
    match &crash.cause {
        Cause::Panic(message) => writeln!(out, "{test}: the work panicked: {message}\n")?,
        Cause::Abort => writeln!(out, "{test}: the work aborted its process\n")?,
        Cause::StackOverflow => writeln!(out, "{test}: the work overflowed its stack\n")?,
        Cause::OutOfMemory => writeln!(out, "{test}: the allocator refused the work a block\n")?,
        Cause::Signal(signal) => writeln!(out, "{test}: signal {signal} killed the work\n")?,
        Cause::Exit(code) => {
            writeln!(out, "{test}: the work left with exit code {code} before it was done\n")?;
        }
    }
    indented(out, &crash.output)
}

pub(super) fn hung(
    out: &mut String,
    test: &str,
    after_seconds: f64,
    output: &str,
) -> std::fmt::Result {
    let after = Quantity::seconds(after_seconds);
    writeln!(out, "{test}: the work did not end within {after} and was killed\n")?;
    indented(out, output)
}

pub(super) fn indented(out: &mut String, text: &str) -> std::fmt::Result {
    for line in text.lines() {
        writeln!(out, "  │ {line}")?;
    }
    if text.is_empty() { Ok(()) } else { writeln!(out) }
}
