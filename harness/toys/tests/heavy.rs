//! A heavy case: left out of every run that does not ask for it, and run once where one does.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TOYS: &str = env!("CARGO_BIN_EXE_toys");

/// Tests of the heavy toy in the run of that name, as CI would run them: no page is written.
fn laden(run: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(TOYS);
    for variable in ["NEXTEST", "NEXTEST_RUN_ID", "INSTA_FORCE_PASS", "INSTA_OUTPUT"] {
        command.env_remove(variable);
    }
    command.env("PLIMSOLL_RUN_ID", run).env("INSTA_UPDATE", "no");
    command.arg("toys::laden::").args(arguments);
    command
}

/// The exit code, and all that was said.
fn run(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

/// The folder of a run that has not begun.
fn fresh(run: &str) -> PathBuf {
    let target = Path::new(TOYS).ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    let folder = target.unwrap().join("plimsoll/runs").join(run);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// The files of a run with this ending, `request` for one a child.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|file| file.extension().is_some_and(|found| found == ending)).collect()
}

#[test]
fn a_run_that_does_not_ask_for_it_lists_it_and_measures_nothing() {
    let folder = fresh("heavy-unasked");
    let (_, listed) = run(laden("heavy-unasked", &["--list", "--format", "terse"]));
    assert_eq!(listed.lines().count(), 5, "{listed}");
    let (_, ignored) = run(laden("heavy-unasked", &["--list", "--format", "terse", "--ignored"]));
    assert_eq!(ignored, listed);
    let (code, told) = run(laden("heavy-unasked", &[]));
    assert!(told.contains("0 passed; 0 failed; 5 ignored"), "{told}");
    assert_eq!(code, Some(0));
    assert_eq!(files(&folder, "request"), [] as [PathBuf; 0]);
}

/// Four budgets and the page share one child, and it is not dhat's.
#[test]
fn where_asked_for_it_is_judged_and_paged_by_one_child() {
    let folder = fresh("heavy-asked");
    let (code, told) = run(laden("heavy-asked", &["--ignored"]));
    assert_eq!(code, Some(101), "{told}");
    assert!(told.contains("4 passed; 1 failed; 0 ignored"), "{told}");
    for says in [
        "toys::laden::cut_short is over its limit",
        "524,288 B of 524,287 B   +1 B, +0.0 %",
        "toys::grows::prepare",
        "rerun     cargo test --test toys -- --include-ignored --exact toys::laden::cut_short",
    ] {
        assert!(told.contains(says), "it does not say `{says}`:\n{told}");
    }
    let requests = files(&folder, "request");
    let names: Vec<_> = requests.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    assert!(
        matches!(names.as_slice(), [name] if name.starts_with("toys-laden-counting-")),
        "{names:?}"
    );
}

/// The page is of this processor; on another its test does not run.
#[cfg(target_arch = "x86_64")]
#[test]
fn without_the_recorder_there_is_no_page_and_no_second_run() {
    let folder = fresh("heavy-unrecorded");
    run(laden("heavy-unrecorded", &["--ignored"]));
    // What the child left behind, as it is where no stack can be walked.
    let outcomes = files(&folder, "json");
    let [measured] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    let mut outcome: serde_json::Value =
        serde_json::from_slice(&fs::read(measured).unwrap()).unwrap();
    outcome["measured"]["sites"] = serde_json::json!({ "missing": "there are no frame pointers" });
    fs::write(measured, outcome.to_string()).unwrap();
    let mut again = laden("heavy-unrecorded", &["--ignored"]);
    again.env("NEXTEST", "1");
    let (_, told) = run(again);
    assert!(told.contains("3 passed; 2 failed"), "{told}");
    for says in [
        "toys::laden::profile could not be measured",
        "which has no allocation sites: there are no frame pointers",
        "no allocation sites: there are no frame pointers",
        "cargo nextest run --run-ignored all -E 'test(=toys::laden::profile)'",
    ] {
        assert!(told.contains(says), "it does not say `{says}`:\n{told}");
    }
    assert_eq!(files(&folder, "request").len(), 1, "a second child was started");
}
