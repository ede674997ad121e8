//! Snapshots: a profile is compared with its own, fails where it differs or is missing, and is ignored
//! on another target.
//!
//! `snapshots/toys.short.snap` and `toys.talkative.snap` are wrong on purpose: the first is of a
//! vector of half the length, the second of another target.

use std::process::Command;

use crate::judge::{self, Printed, TOYS, assert_green, judge, print, toys};

/// The test fails, prints all these messages, and not the call stack of the harness.
#[track_caller]
fn assert_red(test: &str, messages: &[&str]) {
    judge::assert_red(test, messages);
    let text = judge(&["--exact", test]).text;
    assert!(!text.contains("stack backtrace"), "{test} prints the harness's own stack:\n{text}");
}

#[test]
fn profile_equal_to_its_snapshot_passes() {
    // The snapshot of a sweep is of the largest size.
    let swept = ["flat", "square"];
    let once = ["exact", "doubling", "leaky", "nested", "racing", "idle", "idle_threads"];
    for case in once.into_iter().chain(swept) {
        assert_green(&format!("toys::{case}::profile"));
    }
}

/// No two runs of it are equal: each is compared with the snapshot, and the recorder with dhat.
#[test]
fn varying_profile_passes_within_its_tolerance() {
    for run in 1..=20 {
        let Printed { code, text } = judge(&["toys::varying::"]);
        assert!(code == Some(0) && text.contains("4 passed"), "run {run}:\n{text}");
    }
}

#[test]
fn varying_profile_without_a_tolerance_fails() {
    assert_red(
        "toys::varying_unstated::profile",
        &["-total blocks  10,000", "differs from the accepted snapshot (printed above)"],
    );
}

#[test]
fn varying_profile_fails_beyond_its_tolerance() {
    assert_red(
        "toys::varying_more::profile",
        &[
            "-total blocks  10,000",
            "+total blocks  1",
            "differs from the accepted snapshot",
            "varies    by more than the 25 % that the case states; values within it are shown as accepted",
        ],
    );
}

#[test]
fn changed_profile_fails_with_the_command_that_accepts_it() {
    let mut under_nextest = toys();
    under_nextest.env("NEXTEST", "1").args(["--exact", "toys::short::profile"]);
    let printed = print(&mut under_nextest);
    assert_eq!(printed.code, Some(101), "{printed:?}");
    printed.assert_has(&[
        "-peak bytes    4,096",
        "+peak bytes    8,192",
        "differs from the accepted snapshot",
        "INSTA_UPDATE=always cargo nextest run -E 'test(=toys::short::profile)'",
    ]);
}

#[test]
fn missing_snapshot_fails_and_is_not_written() {
    assert_red(
        "toys::right_answer::profile",
        &["has no accepted snapshot yet", "INSTA_UPDATE=always"],
    );
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots");
    for ending in ["snap", "snap.new"] {
        let file = format!("{folder}/toys.right_answer.{ending}");
        assert!(!std::path::Path::new(&file).exists(), "{file} was written");
    }
}

#[test]
fn in_ci_no_variable_accepts_a_snapshot() {
    for (name, value) in [("INSTA_FORCE_PASS", "1"), ("INSTA_UPDATE", "always")] {
        for case in ["short", "exact"] {
            let mut command = Command::new(TOYS);
            command.env_remove("INSTA_FORCE_PASS").env_remove("INSTA_UPDATE");
            command.env("CI", "true").env(name, value);
            let printed = print(command.args(["--exact", &format!("toys::{case}::profile")]));
            assert_eq!(printed.code, Some(101), "{printed:?}");
            printed.assert_has(&[&format!("{name} would accept any snapshot")]);
        }
    }
}

#[test]
fn failed_budget_prints_the_growth_since_its_snapshot() {
    assert_red(
        "toys::short::peak_heap",
        &[
            "accepted snapshot 4.10 kB, so +4.10 kB since",
            "where the growth is (peak bytes)",
            "+    4.10 kB   +100 %   toys::doubling_vector::prepare",
        ],
    );
}

/// The snapshot has no peak of an allocation site, so none is called new.
#[test]
fn failed_peak_of_a_varying_case_prints_its_allocation_sites() {
    let messages =
        ["is over its limit", "where the memory is (peak bytes)", "toys::random_blocks::receive"];
    assert_red("toys::varying_more::peak_heap", &messages);
}

#[test]
fn profile_of_a_failed_run_fails() {
    assert_red("toys::ends_in_panic::profile", &["the work panicked: the toy broke"]);
    assert_red("toys::wrong_answer::profile", &["sum is 5050, expected 5051"]);
}

#[test]
fn snapshot_of_another_target_is_ignored_with_the_reason() {
    let listed = judge(&["--list", "--ignored", "--format", "terse", "toys::talkative"]);
    assert_eq!(listed.text, "toys::talkative::profile: test\n");
    let run = judge(&["--include-ignored", "--exact", "toys::talkative::profile"]);
    run.assert_has(&["accepted on aarch64-linux-gnu", "0 passed", "1 ignored"]);
}
