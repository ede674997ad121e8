//! The accepted pages: held, refused when they differ or are missing, left alone elsewhere.
//!
//! `snapshots/toys.short.snap` and `toys.talkative.snap` are wrong on purpose: the first is of a
//! vector that was half as long, the second of another target.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::process::{Command, Output};

/// Runs one test of the toys as CI would: no page is written.
fn toys(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toys"));
    for variable in ["NEXTEST_RUN_ID", "PLIMSOLL_RUN_ID", "INSTA_FORCE_PASS", "INSTA_OUTPUT"] {
        command.env_remove(variable);
    }
    command.env("NEXTEST", "1").env("INSTA_UPDATE", "no").args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[track_caller]
fn bites(test: &str, says: &[&str]) {
    let output = toys(&["--exact", test]);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(101), "{test} does not bite:\n{text}");
    for words in says {
        assert!(text.contains(words), "{test} does not say `{words}`:\n{text}");
    }
    assert!(!text.contains("stack backtrace"), "{test} shows the harness's own stack:\n{text}");
}

#[test]
fn an_accepted_page_is_held() {
    // Of a sweep the page is that of the largest size.
    let swept = ["flat", "square"];
    let once = ["exact", "doubling", "leaky", "nested", "racing", "idle", "idle_threads"];
    for case in once.into_iter().chain(swept) {
        let output = toys(&["--exact", &format!("toys::{case}::profile")]);
        assert!(output.status.success(), "{}", text(&output));
    }
}

/// No two runs of it are the same: the page is held, and the recorder to dhat, in every one.
#[test]
fn an_accepted_page_is_held_within_what_the_case_says_that_it_varies() {
    for run in 1..=20 {
        let output = toys(&["toys::varying::"]);
        let text = text(&output);
        assert!(output.status.success() && text.contains("4 passed"), "run {run}:\n{text}");
    }
}

#[test]
fn where_nothing_says_that_it_varies_the_page_differs() {
    bites(
        "toys::varying_unsaid::profile",
        &["-total blocks  10,000", "differs from the accepted snapshot (printed above)"],
    );
}

#[test]
fn a_page_bites_beyond_what_the_case_says() {
    bites(
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
fn a_page_that_differs_is_shown_with_the_command_that_accepts_it() {
    bites(
        "toys::short::profile",
        &[
            "-peak bytes    4,096",
            "+peak bytes    8,192",
            "differs from the accepted snapshot",
            "INSTA_UPDATE=always cargo nextest run -E 'test(=toys::short::profile)'",
        ],
    );
}

#[test]
fn a_missing_page_fails_and_is_not_written() {
    bites("toys::right_answer::profile", &["has no accepted snapshot yet", "INSTA_UPDATE=always"]);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots");
    for ending in ["snap", "snap.new"] {
        let file = format!("{folder}/toys.right_answer.{ending}");
        assert!(!std::path::Path::new(&file).exists(), "{file} was written");
    }
}

#[test]
fn in_ci_no_variable_accepts_a_page() {
    for (name, value) in [("INSTA_FORCE_PASS", "1"), ("INSTA_UPDATE", "always")] {
        for case in ["short", "exact"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_toys"));
            command.env_remove("INSTA_FORCE_PASS").env_remove("INSTA_UPDATE");
            command.env("CI", "true").env(name, value);
            let run =
                command.args(["--exact", &format!("toys::{case}::profile")]).output().unwrap();
            let text = text(&run);
            assert_eq!(run.status.code(), Some(101), "{text}");
            assert!(text.contains(&format!("{name} would accept any snapshot")), "{text}");
        }
    }
}

#[test]
fn a_failed_budget_shows_what_grew_since_the_page_was_accepted() {
    bites(
        "toys::short::peak_heap",
        &[
            "accepted snapshot 4.10 kB, so +4.10 kB since",
            "where the growth is (peak bytes)",
            "+    4.10 kB   +100 %   toys::grows::prepare",
        ],
    );
}

/// The page has no peak of a site, so that nothing is called new.
#[test]
fn of_what_varies_a_failed_peak_shows_where_the_memory_is() {
    let says = ["is over its limit", "where the memory is (peak bytes)", "toys::varies::receive"];
    bites("toys::varying_more::peak_heap", &says);
}

#[test]
fn a_case_that_cannot_run_has_no_profile() {
    bites("toys::ends_in_panic::profile", &["the work panicked: the toy broke"]);
    bites("toys::wrong_answer::profile", &["sum is 5050, expected 5051"]);
}

#[test]
fn a_page_of_another_target_is_listed_as_ignored_with_the_reason() {
    let listed = toys(&["--list", "--ignored", "--format", "terse", "toys::talkative"]);
    assert_eq!(text(&listed), "toys::talkative::profile: test\n");
    let run = toys(&["--include-ignored", "--exact", "toys::talkative::profile"]);
    let text = text(&run);
    assert!(text.contains("accepted on aarch64-linux-gnu"), "{text}");
    assert!(text.contains("0 passed") && text.contains("1 ignored"), "{text}");
}
