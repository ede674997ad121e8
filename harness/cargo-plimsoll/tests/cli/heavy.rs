//! Heavy cases: skipped by default, and judged like any other where the arguments include them.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::run::{all, totals, writing};
use crate::scratch::{BUDGETS, HEAVY, Scratch, others, peak_heap, read_all};
use crate::show::counting;

const RUN_ALL: &str = "cargo plimsoll run -- -- --include-ignored";

/// Tests that judge all budgets, the heavy one where the arguments include it.
fn judging() -> Scratch {
    let records: Vec<Value> = all(0).into_iter().chain([read_all()]).collect();
    writing(Scratch::with_heavy(), &records, 0)
}

#[test]
fn heavy_case_is_skipped_by_default() {
    let printed = judging().plimsoll("run --runner cargo");
    let expected = "6 budgets: 4 within, 1 near, 0 over, 0 not run, 1 heavy and not run";
    assert_eq!(totals(&printed.out), expected);
    let row = printed.out.lines().find(|line| line.contains("read_all")).unwrap();
    assert!(row.starts_with("· heavy, not run  my_store::read_all::peak_heap "), "{row}");
    assert!(printed.out.contains(&format!("heavy cases were skipped; run them too: {RUN_ALL}\n")));
    assert_eq!(printed.code, Some(0), "{}", printed.err);
}

#[test]
fn included_heavy_case_is_judged_under_cargo_test() {
    assert_heavy_is_judged("run --runner cargo -- -- --include-ignored");
}

#[test]
fn included_heavy_case_is_judged_under_nextest() {
    let mut version = Command::new("cargo");
    version.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    let has_nextest = version.status().unwrap().success();
    assert!(has_nextest, "this test needs nextest: cargo install --locked cargo-nextest");
    assert_heavy_is_judged("run --runner nextest -- -- --include-ignored");
    assert_heavy_is_judged("run --runner nextest -- --run-ignored all");
    assert_heavy_is_judged("run my_store::read_all --runner nextest -- --run-ignored only");
}

#[track_caller]
fn assert_heavy_is_judged(arguments: &str) {
    let printed = judging().plimsoll(arguments);
    let row = printed.out.lines().find(|line| line.contains("my_store::read_all::")).unwrap();
    assert!(row.contains("✓ within"), "{arguments}: {}{}", printed.out, printed.err);
    assert!(!totals(&printed.out).contains("heavy"), "{arguments}: {}", printed.out);
    assert_eq!(printed.code, Some(0), "{arguments}: {}", printed.err);
}

#[test]
fn included_heavy_case_without_a_result_is_an_error() {
    let scratch = writing(Scratch::with_heavy(), &all(0), 0);
    let printed = scratch.plimsoll("run --runner cargo -- -- --include-ignored");
    let words = "error: 1 of 6 budgets were not judged: my_store::read_all::peak_heap\n";
    assert!(printed.err.contains(words), "{}", printed.err);
    assert_eq!(printed.code, Some(2));
}

#[test]
fn missing_light_result_is_an_error_beside_a_heavy_case() {
    let scratch = writing(Scratch::with_heavy(), &all(0)[1..], 0);
    let printed = scratch.plimsoll("run --runner cargo");
    let words = "error: 1 of 5 budgets were not judged: my_store::read::peak_heap\n";
    assert!(printed.err.contains(words), "{}", printed.err);
    assert_eq!(printed.code, Some(2));
}

#[test]
fn filter_for_heavy_tests_alone_builds_nothing_and_prints_the_command() {
    for filter in ["my_store::read_all", "read_all::profile"] {
        let printed = judging().plimsoll(&format!("run {filter}"));
        assert_eq!(
            printed.err,
            format!(
                "\
error: every test with `{filter}` in its name belongs to a heavy case, and heavy cases are skipped by default
   example: cargo plimsoll run {filter} -- -- --include-ignored
"
            )
        );
        assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""));
    }
}

/// The figure of the heavy budget on the page.
fn figure_on_page(scratch: &Scratch) -> String {
    let page = scratch.read("README.md");
    let row = page.lines().find(|line| line.contains("read_all")).unwrap();
    row.split(" | ").nth(3).unwrap().to_owned()
}

#[test]
fn page_keeps_a_heavy_figure_until_its_result_or_limit_changes() {
    let scratch = Scratch::with_heavy();
    scratch.write("README.md", "<!-- plimsoll:report -->\n<!-- /plimsoll:report -->\n");
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    let splice = |scratch: &Scratch| {
        let printed = scratch.plimsoll("report --splice README.md");
        assert_eq!(printed.code, Some(0), "{}", printed.err);
        figure_on_page(scratch)
    };
    assert_eq!(splice(&scratch), "heavy, not run");
    scratch.judged(&[read_all()]);
    assert_eq!(splice(&scratch), "2.00 GB");
    // Another machine has no result of it.
    scratch.remove("target/plimsoll/results/my_store/read_all/peak_heap.json");
    let printed = scratch.plimsoll("report --splice README.md --check");
    assert_eq!((printed.code, printed.out.as_str()), (Some(0), "README.md is up to date\n"));
    scratch.write("budgets.toml", &format!("{BUDGETS}{}", HEAVY.replace("3 GB\",", "3000 MB\",")));
    assert_eq!(splice(&scratch), "heavy, not run");
}

/// Equal rows of light budgets are merged; a heavy one keeps its own, which is found by its name.
#[test]
fn heavy_budget_has_a_row_of_its_own() {
    let scratch = Scratch::with_heavy();
    let twin = HEAVY.replace("read_all", "read_most").replace("heavy = true\n", "");
    scratch.write("budgets.toml", &format!("{BUDGETS}{twin}{HEAVY}"));
    scratch.write("README.md", "<!-- plimsoll:report -->\n<!-- /plimsoll:report -->\n");
    let mut light = read_all();
    light["test"] = "my_store::read_most::peak_heap".into();
    scratch.judged(&[peak_heap(0), light]);
    scratch.judged(&others());
    let printed = scratch.plimsoll("report --splice README.md");
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert_eq!(figure_on_page(&scratch), "heavy, not run");
    scratch.judged(&[read_all()]);
    scratch.plimsoll("report --splice README.md");
    assert_eq!(figure_on_page(&scratch), "2.00 GB");
    assert!(scratch.read("README.md").contains(" | 2.00 GB | `my_store::read_most::peak_heap` |"));
}

#[test]
fn missing_heavy_snapshot_is_a_fault_whose_remedy_includes_heavy_cases() {
    let scratch = Scratch::with_heavy();
    scratch.remove("snapshots/my_store.read_all.snap");
    let printed = scratch.plimsoll("check");
    assert_eq!(
        printed.err,
        "\
snapshots/my_store.read_all.snap: my_store::read_all has no snapshot
   remedy: INSTA_UPDATE=always cargo plimsoll run my_store::read_all::profile -- -- --include-ignored

1 fault
"
    );
    assert_eq!((printed.code, printed.out.as_str()), (Some(1), ""));
}

#[test]
fn show_prints_the_command_that_measures_a_heavy_case() {
    let printed = Scratch::with_heavy().plimsoll("show my_store::read_all");
    let run = "cargo plimsoll run my_store::read_all -- -- --include-ignored";
    assert!(printed.out.contains(&format!("not measured yet: {run}\n")), "{}", printed.out);
    assert!(printed.out.contains(&format!("no allocation sites yet: {run}\n")), "{}", printed.out);
    assert!(printed.out.contains("· heavy, not run  peak_heap "), "{}", printed.out);
}

#[test]
fn show_prints_why_a_heavy_case_has_no_allocation_sites() {
    let scratch = Scratch::with_heavy();
    let results = "target/plimsoll/results/my_store";
    scratch.write(&format!("{results}/read_all-counting.json"), &counting().to_string());
    let printed = scratch.plimsoll("show my_store::read_all");
    assert_eq!(printed.out.lines().last(), Some("  no allocation sites: no frame pointers"));
}
