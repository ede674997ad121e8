//! A heavy case: skipped by default, and measured once where the arguments include it.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use crate::judge::{print, toys};
use crate::sessions::{files, fresh_folder};

/// Tests of the heavy toy in the session of that name.
fn heavy(session: &str, arguments: &[&str]) -> Command {
    let mut command = toys();
    command.env("PLIMSOLL_RUN_ID", session).arg("toys::heavy::").args(arguments);
    command
}

#[test]
fn heavy_case_is_listed_and_not_measured_by_default() {
    let folder = fresh_folder("heavy-skipped");
    let listed = print(&mut heavy("heavy-skipped", &["--list", "--format", "terse"])).text;
    assert_eq!(listed.lines().count(), 5, "{listed}");
    let list_ignored = ["--list", "--format", "terse", "--ignored"];
    assert_eq!(print(&mut heavy("heavy-skipped", &list_ignored)).text, listed);
    let printed = print(&mut heavy("heavy-skipped", &[]));
    printed.assert_has(&["0 passed; 0 failed; 5 ignored"]);
    assert_eq!(printed.code, Some(0));
    assert_eq!(files(&folder, "request").len(), 0);
}

/// Four budgets and the profile share one child, which does not run dhat.
#[test]
fn included_heavy_case_is_judged_and_profiled_in_one_child() {
    let folder = fresh_folder("heavy-included");
    let printed = print(&mut heavy("heavy-included", &["--ignored"]));
    assert_eq!(printed.code, Some(101), "{printed:?}");
    printed.assert_has(&[
        "4 passed; 1 failed; 0 ignored",
        "toys::heavy::cut_short is over its limit",
        "524,288 B of 524,287 B   +1 B, +0.0 %",
        "toys::doubling_vector::prepare",
        "rerun     cargo test --test toys -- --include-ignored --exact toys::heavy::cut_short",
    ]);
    let requests = files(&folder, "request");
    let names: Vec<_> = requests.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    assert!(
        matches!(names.as_slice(), [name] if name.starts_with("toys-heavy-counting-")),
        "{names:?}"
    );
}

/// The snapshot is of this processor; on another the profile is ignored.
#[cfg(target_arch = "x86_64")]
#[test]
fn without_the_recorder_a_heavy_profile_fails_without_a_second_run() {
    let folder = fresh_folder("heavy-unrecorded");
    print(&mut heavy("heavy-unrecorded", &["--ignored"]));
    // The outcome that the child writes where it cannot walk the stack.
    let outcomes = files(&folder, "json");
    let [measured] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    let mut outcome: serde_json::Value =
        serde_json::from_slice(&fs::read(measured).unwrap()).unwrap();
    outcome["measured"]["sites"] = serde_json::json!({ "missing": "there are no frame pointers" });
    fs::write(measured, outcome.to_string()).unwrap();
    let mut again = heavy("heavy-unrecorded", &["--ignored"]);
    again.env("NEXTEST", "1");
    print(&mut again).assert_has(&[
        "3 passed; 2 failed",
        "toys::heavy::profile could not be measured",
        "which has no allocation sites: there are no frame pointers",
        "no allocation sites: there are no frame pointers",
        "cargo nextest run --run-ignored all -E 'test(=toys::heavy::profile)'",
    ]);
    assert_eq!(files(&folder, "request").len(), 1, "a second child was started");
}
