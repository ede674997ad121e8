//! Runs single tests of the toys, and reads what was measured.

use std::path::Path;
use std::process::Command;

use plimsoll::measure::{Measurement, Mode, Outcome};

/// What one test prints, in a run of its own, and whether it passes.
fn judge(test: &str) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toys"));
    // Under nextest the run would be shared by all tests here.
    command.env_remove("NEXTEST_RUN_ID").env_remove("PLIMSOLL_RUN_ID");
    let output = command.args(["--exact", test]).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[track_caller]
pub(crate) fn passes(tests: &[&str]) {
    for test in tests {
        let (passed, text) = judge(test);
        assert!(passed && text.contains("1 passed"), "{test} does not pass:\n{text}");
    }
}

#[track_caller]
pub(crate) fn bites(test: &str, says: &[&str]) {
    let (passed, text) = judge(test);
    assert!(!passed && text.contains("1 failed"), "{test} does not bite:\n{text}");
    for words in says {
        assert!(text.contains(words), "{test} does not say `{words}`:\n{text}");
    }
}

/// The newest measurement of a case.
pub(crate) fn measured(case: &str) -> Measurement {
    let binary = Path::new(env!("CARGO_BIN_EXE_toys"));
    let target = binary.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file()).unwrap();
    let results = target.join("plimsoll/results");
    let outcome = plimsoll::results::read_outcome(&results, "toys", case, None, Mode::Counting);
    match outcome.unwrap() {
        Some(Outcome::Measured(measurement)) => *measurement,
        other => panic!("{case} was not measured: {other:?}"),
    }
}
