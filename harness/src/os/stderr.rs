//! The standard error stream: stdout belongs to the test runner, or to the workload.

/// Prints a line for the person who started the tests.
#[expect(clippy::print_stderr, reason = "the one place of the harness that prints on stderr")]
pub(crate) fn complain(text: &str) {
    eprintln!("{text}");
}
