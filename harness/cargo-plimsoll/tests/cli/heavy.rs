//! Heavy cases: left out of a run that does not ask for them, and of no guard that does.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::run::{all, leaving, totals};
use crate::scratch::{BUDGETS, HEAVY, Scratch, others, peak_heap, read_all};
use crate::show::gate;

const ASKED: &str = "cargo plimsoll run -- -- --include-ignored";

/// Tests that judge all budgets, the heavy one where it is asked for.
fn judging() -> Scratch {
    let records: Vec<Value> = all(0).into_iter().chain([read_all()]).collect();
    leaving(Scratch::with_heavy(), &records, 0)
}

#[test]
fn a_run_that_does_not_ask_for_it_is_complete_without_it() {
    let said = judging().plimsoll("run --runner cargo");
    let expected = "6 budgets: 4 within, 1 near, 0 over, 0 not run, 1 heavy and not run";
    assert_eq!(totals(&said.out), expected);
    let row = said.out.lines().find(|line| line.contains("read_all")).unwrap();
    assert!(row.starts_with("· heavy, not run  my_store::read_all::peak_heap "), "{row}");
    assert!(said.out.contains(&format!("heavy cases run when asked for: {ASKED}\n")));
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn a_run_that_asks_for_it_judges_it_under_both_runners() {
    let mut runs = vec!["run --runner cargo -- -- --include-ignored"];
    if has_nextest() {
        runs.push("run --runner nextest -- -- --include-ignored");
        runs.push("run --runner nextest -- --run-ignored all");
        runs.push("run my_store::read_all --runner nextest -- --run-ignored only");
    }
    for line in runs {
        let said = judging().plimsoll(line);
        let row = said.out.lines().find(|line| line.contains("my_store::read_all::")).unwrap();
        assert!(row.contains("✓ within"), "{line}: {}{}", said.out, said.err);
        assert!(!totals(&said.out).contains("heavy"), "{line}: {}", said.out);
        assert_eq!(said.code, Some(0), "{line}: {}", said.err);
    }
}

#[expect(clippy::print_stderr, reason = "what could not be tried is said")]
fn has_nextest() -> bool {
    let mut version = Command::new("cargo");
    version.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    let found = version.status().unwrap().success();
    if !found {
        assert!(std::env::var_os("NEXTEST").is_none(), "nextest runs this and is not to be found");
        eprintln!("cargo-nextest is not installed: only `cargo test` was tried");
    }
    found
}

#[test]
fn asked_for_and_not_judged_is_an_error() {
    let scratch = leaving(Scratch::with_heavy(), &all(0), 0);
    let said = scratch.plimsoll("run --runner cargo -- -- --include-ignored");
    let words = "error: 1 of 6 budgets were not judged: my_store::read_all::peak_heap\n";
    assert!(said.err.contains(words), "{}", said.err);
    assert_eq!(said.code, Some(2));
}

#[test]
fn light_budgets_are_missed_as_ever() {
    let scratch = leaving(Scratch::with_heavy(), &all(0)[1..], 0);
    let said = scratch.plimsoll("run --runner cargo");
    let words = "error: 1 of 5 budgets were not judged: my_store::read::peak_heap\n";
    assert!(said.err.contains(words), "{}", said.err);
    assert_eq!(said.code, Some(2));
}

#[test]
fn a_filter_for_heavy_tests_alone_builds_nothing_and_says_how_to_ask() {
    for filter in ["my_store::read_all", "read_all::profile"] {
        let said = judging().plimsoll(&format!("run {filter}"));
        assert_eq!(
            said.err,
            format!(
                "\
error: every test with `{filter}` in its name is of a heavy case, and those run only when asked for
   example: cargo plimsoll run {filter} -- -- --include-ignored
"
            )
        );
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    }
}

/// What the page says of the heavy budget.
fn written(scratch: &Scratch) -> String {
    let page = scratch.read("README.md");
    let row = page.lines().find(|line| line.contains("read_all")).unwrap();
    row.split(" | ").nth(3).unwrap().to_owned()
}

#[test]
fn a_written_page_keeps_what_it_says_until_there_is_a_result_or_another_line() {
    let scratch = Scratch::with_heavy();
    scratch.write("README.md", "<!-- plimsoll:report -->\n<!-- /plimsoll:report -->\n");
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    let splice = |scratch: &Scratch| {
        let said = scratch.plimsoll("report --splice README.md");
        assert_eq!(said.code, Some(0), "{}", said.err);
        written(scratch)
    };
    assert_eq!(splice(&scratch), "heavy, not run");
    scratch.judged(&[read_all()]);
    assert_eq!(splice(&scratch), "2.00 GB");
    // As on a machine where it never ran.
    scratch.remove("target/plimsoll/results/my_store/read_all/peak_heap.json");
    let said = scratch.plimsoll("report --splice README.md --check");
    assert_eq!((said.code, said.out.as_str()), (Some(0), "README.md is up to date\n"));
    scratch.write("budgets.toml", &format!("{BUDGETS}{}", HEAVY.replace("3 GB\",", "3000 MB\",")));
    assert_eq!(splice(&scratch), "heavy, not run");
}

/// The rows of light budgets that say the same are one; a heavy one is found again by its name.
#[test]
fn a_heavy_budget_has_a_row_of_its_own() {
    let scratch = Scratch::with_heavy();
    let twin = HEAVY.replace("read_all", "read_most").replace("heavy = true\n", "");
    scratch.write("budgets.toml", &format!("{BUDGETS}{twin}{HEAVY}"));
    scratch.write("README.md", "<!-- plimsoll:report -->\n<!-- /plimsoll:report -->\n");
    let mut light = read_all();
    light["test"] = "my_store::read_most::peak_heap".into();
    scratch.judged(&[peak_heap(0), light]);
    scratch.judged(&others());
    let said = scratch.plimsoll("report --splice README.md");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(written(&scratch), "heavy, not run");
    scratch.judged(&[read_all()]);
    scratch.plimsoll("report --splice README.md");
    assert_eq!(written(&scratch), "2.00 GB");
    assert!(scratch.read("README.md").contains(" | 2.00 GB | `my_store::read_most::peak_heap` |"));
}

#[test]
fn its_profile_has_to_be_there_and_the_remedy_asks_for_it() {
    let scratch = Scratch::with_heavy();
    scratch.remove("snapshots/my_store.read_all.snap");
    let said = scratch.plimsoll("check");
    assert_eq!(
        said.err,
        "\
snapshots/my_store.read_all.snap: there is no accepted profile of my_store::read_all
   remedy: INSTA_UPDATE=always cargo plimsoll run my_store::read_all::profile -- -- --include-ignored

1 fault
"
    );
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
}

#[test]
fn a_case_that_was_not_measured_says_how_to() {
    let said = Scratch::with_heavy().plimsoll("show my_store::read_all");
    let run = "cargo plimsoll run my_store::read_all -- -- --include-ignored";
    assert!(said.out.contains(&format!("not measured yet: {run}\n")), "{}", said.out);
    assert!(said.out.contains(&format!("no call sites yet: {run}\n")), "{}", said.out);
    assert!(said.out.contains("· heavy, not run  peak_heap "), "{}", said.out);
}

#[test]
fn call_sites_that_another_run_would_not_bring_are_not_promised() {
    let scratch = Scratch::with_heavy();
    let results = "target/plimsoll/results/my_store";
    scratch.write(&format!("{results}/read_all-counting.json"), &gate().to_string());
    let said = scratch.plimsoll("show my_store::read_all");
    assert_eq!(said.out.lines().last(), Some("  no call sites: no frame pointers"));
}
