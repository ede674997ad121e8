//! Runs that did not end well, or returned an unexpected result.

use std::fmt::Write as _;

use plimsoll_format::Quantity;

use crate::measure::measurement::{Cause, Crash};

pub(super) fn unexpected_result(out: &mut String, test: &str, what: &str) -> std::fmt::Result {
    writeln!(out, "{test}: the work returned an unexpected result\n")?;
    indented(out, what)
}

pub(super) fn crashed(out: &mut String, test: &str, crash: &Crash) -> std::fmt::Result {
    match &crash.cause {
        Cause::Panic(message) => writeln!(out, "{test}: the work panicked: {message}\n")?,
        Cause::Abort => writeln!(out, "{test}: the work aborted its process\n")?,
        Cause::StackOverflow => writeln!(out, "{test}: the work overflowed its stack\n")?,
        Cause::OutOfMemory => {
            writeln!(out, "{test}: the allocator could not give the work a block\n")?
        }
        Cause::Signal(signal) => writeln!(out, "{test}: signal {signal} killed the work\n")?,
        Cause::Exit(code) => {
            writeln!(out, "{test}: the work exited with code {code} before it returned\n")?;
        }
    }
    indented(out, &crash.output)
}

pub(super) fn timed_out(
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
