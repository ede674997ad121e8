//! `check`: the summary, and each kind of fault.

use crate::scratch::{BUDGETS, Scratch};

#[test]
fn summary_counts_what_agrees_and_names_what_was_not_checked() {
    let printed = Scratch::new().plimsoll("check");
    assert_eq!(
        printed.out,
        "\
checked      1 system, 3 cases, 5 budgets
             5 promises cited on 1 page, 0 waivers
             3 snapshots, one for each case
not checked  workload names, parameters, outputs, figures
             cargo plimsoll run checks them
"
    );
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
}

#[test]
fn faults_begin_with_their_place() {
    let scratch = Scratch::new();
    scratch.write("budgets.toml", &BUDGETS.replace("cpu_time", "cpu_tyme"));
    let printed = scratch.plimsoll("check");
    let first = printed.err.lines().next().unwrap();
    assert!(first.starts_with("budgets.toml:6:1: `cpu_tyme` is not a metric"), "{first}");
    let last = printed.err.lines().last().unwrap();
    assert_eq!(last, "1 fault in budgets.toml and its documents; the snapshots were not checked");
    assert_eq!((printed.code, printed.out.as_str()), (Some(1), ""));
}

#[test]
fn missing_and_orphaned_snapshots_are_faults() {
    let scratch = Scratch::new();
    scratch.remove("snapshots/my_store.put.snap");
    scratch.write("snapshots/my_store.gone.snap", "");
    let printed = scratch.plimsoll("check");
    assert_eq!(
        printed.err,
        "\
snapshots/my_store.put.snap: my_store::put has no snapshot
   remedy: INSTA_UPDATE=always cargo plimsoll run my_store::put::profile

snapshots/my_store.gone.snap: no case in budgets.toml has this snapshot
   remedy: git rm snapshots/my_store.gone.snap

2 faults
"
    );
    assert_eq!((printed.code, printed.out.as_str()), (Some(1), ""));
}

#[test]
fn snapshot_without_case_and_target_is_a_fault() {
    let scratch = Scratch::new();
    scratch.write("snapshots/my_store.put.snap", "");
    let printed = scratch.plimsoll("check");
    let first = printed.err.lines().next().unwrap();
    assert_eq!(first, "snapshots/my_store.put.snap: this is not a snapshot of my_store::put");
    assert_eq!(printed.code, Some(1));
}

#[test]
fn table_without_a_test_target_is_a_fault() {
    let scratch = Scratch::new();
    scratch.remove("tests/budgets.rs");
    scratch.write("tests/budgets/main.rs", "fn main() {}\n");
    assert_eq!(scratch.plimsoll("check").code, Some(0));
    scratch.remove("tests/budgets/main.rs");
    let printed = scratch.plimsoll("check");
    let first = printed.err.lines().next().unwrap();
    assert_eq!(
        first,
        "tests/budgets.rs: this file is missing, so no test judges the budgets of `my_store`"
    );
    assert_eq!(printed.code, Some(1));
}

#[test]
fn new_snapshot_is_a_note_and_no_fault() {
    let scratch = Scratch::new();
    scratch.write("snapshots/my_store.put.snap.new", "");
    let printed = scratch.plimsoll("check");
    assert_eq!(
        printed.err,
        "\
note: snapshots/my_store.put.snap.new is neither accepted nor removed
   remedy: cargo insta review, or git clean -f snapshots
"
    );
    assert_eq!(printed.code, Some(0));
}

/// A sweep of `put` to 100 that promises something of 1,000.
const SWEPT: &str = r#"
[my_store.sizes]
threads = 4
sweep = { puts = [1, 10, 100] }

[my_store.sizes.budgets]
far = { measure = "peak_heap", at_size = 1_000, max = "34 MB", quote = "takes about 34 MB" }
"#;

#[test]
fn budget_for_a_size_that_no_case_runs_is_a_note() {
    let scratch = Scratch::new();
    let snapshot = |case: &str| format!("case    my_store::{case}\ntarget  x86_64-linux-gnu\n");
    let check = |budgets: &str| {
        scratch.write("budgets.toml", &format!("{BUDGETS}{SWEPT}{budgets}"));
        scratch.write("snapshots/my_store.sizes.snap", &snapshot("sizes"));
        scratch.plimsoll("check")
    };
    let note = "\
note: budgets.toml:26: my_store::sizes::far is a budget for puts = 1000, which no case runs
   remedy: add a heavy case with `puts = 1000` and the budget `peak_heap = { matches_sweep = \"my_store.sizes\", quote = … }`
";
    let printed = check("");
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), note));
    scratch.write("snapshots/my_store.large.snap", &snapshot("large"));
    let large =
        "[my_store.large]\nthreads = 4\nparams = { puts = 1_000 }\n[my_store.large.budgets]\n";
    let matches = "matches_sweep = \"my_store.sizes\", quote = \"takes about 34 MB\" }\n";
    let other = check(&format!("{large}blocks = {{ measure = \"total_blocks\", {matches}"));
    assert_eq!((other.code, other.err.as_str()), (Some(0), note), "another metric checks nothing");
    let printed = check(&format!("{large}peak_heap = {{ {matches}"));
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
}

#[test]
fn check_works_in_a_folder_below_the_root() {
    assert_eq!(Scratch::new().plimsoll_in("src", "check").code, Some(0));
}
