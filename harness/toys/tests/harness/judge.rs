//! Runs tests of the toys, compares what they print, and reads their measurements.

use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll::measure::{Measurement, Mode, Outcome};

pub(crate) const TOYS: &str = env!("CARGO_BIN_EXE_toys");

/// The exit code of a test binary, and its output on both streams.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

/// The toys' binary in a session of its own, as CI runs it: it accepts no snapshot.
pub(crate) fn toys() -> Command {
    let mut command = Command::new(TOYS);
    let outer =
        ["NEXTEST", "NEXTEST_RUN_ID", "PLIMSOLL_RUN_ID", "INSTA_FORCE_PASS", "INSTA_OUTPUT"];
    for variable in outer {
        command.env_remove(variable);
    }
    command.env("INSTA_UPDATE", "no");
    command
}

/// Runs the toys with these arguments.
pub(crate) fn judge(arguments: &[&str]) -> Printed {
    print(toys().args(arguments))
}

pub(crate) fn print(command: &mut Command) -> Printed {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    Printed { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
}

#[track_caller]
pub(crate) fn assert_green(test: &str) {
    let Printed { code, text } = judge(&["--exact", test]);
    assert!(code == Some(0) && text.contains("1 passed"), "{test} does not pass:\n{text}");
}

/// The test fails, and prints all these messages.
#[track_caller]
pub(crate) fn assert_red(test: &str, messages: &[&str]) {
    let printed = judge(&["--exact", test]);
    assert_eq!(printed.code, Some(101), "{test} does not fail:\n{}", printed.text);
    printed.assert_has(messages);
}

impl Printed {
    #[track_caller]
    pub(crate) fn assert_has(&self, messages: &[&str]) {
        for message in messages {
            assert!(self.text.contains(message), "`{message}` is not printed:\n{}", self.text);
        }
    }
}

/// The folder of sessions and results, in cargo's target folder.
pub(crate) fn plimsoll_folder() -> PathBuf {
    let mut folders = Path::new(TOYS).ancestors();
    folders.find(|folder| folder.join("CACHEDIR.TAG").is_file()).unwrap().join("plimsoll")
}

/// The newest measurement of a case.
pub(crate) fn measured(case: &str) -> Measurement {
    let results = plimsoll_folder().join("results");
    let outcome = plimsoll::results::read_outcome(&results, "toys", case, None, Mode::Counting);
    match outcome.unwrap() {
        Some(Outcome::Measured(measurement)) => *measurement,
        other => panic!("{case} was not measured: {other:?}"),
    }
}
