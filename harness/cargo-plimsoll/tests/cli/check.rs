//! `check`: what agrees, and what does not.

use crate::scratch::{BUDGETS, Scratch};

#[test]
fn what_agrees_is_counted_and_what_was_not_checked_is_said() {
    let said = Scratch::new().plimsoll("check");
    assert_eq!(
        said.out,
        "\
checked      1 system, 3 cases, 5 budgets
             5 promises cited on 1 page, 0 waivers
             3 snapshots, one for each case
not checked  workload names, parameters against their types, answers, figures
             cargo plimsoll run does that
"
    );
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[test]
fn faults_are_rendered_with_their_place_first() {
    let scratch = Scratch::new();
    scratch.write("budgets.toml", &BUDGETS.replace("cpu_time", "cpu_tyme"));
    let said = scratch.plimsoll("check");
    let first = said.err.lines().next().unwrap();
    assert!(first.starts_with("budgets.toml:6:1: `cpu_tyme` is not a metric"), "{first}");
    let last = said.err.lines().last().unwrap();
    assert_eq!(last, "1 fault in budgets.toml and its documents; snapshots were not looked at");
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
}

#[test]
fn each_case_has_a_snapshot_and_each_snapshot_a_case() {
    let scratch = Scratch::new();
    scratch.remove("snapshots/my_store.put.snap");
    scratch.write("snapshots/my_store.gone.snap", "");
    let said = scratch.plimsoll("check");
    assert_eq!(
        said.err,
        "\
snapshots/my_store.put.snap: there is no accepted profile of my_store::put
   remedy: INSTA_UPDATE=always cargo plimsoll run my_store::put::profile

snapshots/my_store.gone.snap: no case of budgets.toml has that profile
   remedy: git rm snapshots/my_store.gone.snap

2 faults
"
    );
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
}

#[test]
fn a_snapshot_that_compares_with_nothing_is_a_fault() {
    let scratch = Scratch::new();
    scratch.write("snapshots/my_store.put.snap", "");
    let said = scratch.plimsoll("check");
    let first = said.err.lines().next().unwrap();
    assert_eq!(first, "snapshots/my_store.put.snap: it is not a profile of my_store::put");
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_table_without_a_test_target_is_a_fault() {
    let scratch = Scratch::new();
    scratch.remove("tests/budgets.rs");
    let said = scratch.plimsoll("check");
    let first = said.err.lines().next().unwrap();
    assert_eq!(
        first,
        "tests/budgets.rs: it is not there, so that no test judges the budgets of `my_store`"
    );
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_snapshot_that_waits_is_a_note_and_no_fault() {
    let scratch = Scratch::new();
    scratch.write("snapshots/my_store.put.snap.new", "");
    let said = scratch.plimsoll("check");
    assert_eq!(
        said.err,
        "\
note: snapshots/my_store.put.snap.new waits to be accepted or removed
   remedy: cargo insta review, or git clean -f snapshots
"
    );
    assert_eq!(said.code, Some(0));
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
fn a_size_that_no_case_was_run_at_is_a_note_and_no_fault() {
    let scratch = Scratch::new();
    let page = |case: &str| format!("case    my_store::{case}\ntarget  x86_64-linux-gnu\n");
    let check = |budgets: &str| {
        scratch.write("budgets.toml", &format!("{BUDGETS}{SWEPT}{budgets}"));
        scratch.write("snapshots/my_store.sizes.snap", &page("sizes"));
        scratch.plimsoll("check")
    };
    let noted = "\
note: budgets.toml:26: my_store::sizes::far speaks of puts = 1000, and no case was ever run beyond the sweep
   remedy: a heavy case with `puts = 1000`, and in its budgets `peak_heap = { matches_sweep = \"my_store.sizes\", quote = … }`
";
    let said = check("");
    assert_eq!((said.code, said.err.as_str()), (Some(0), noted));
    scratch.write("snapshots/my_store.large.snap", &page("large"));
    let large =
        "[my_store.large]\nthreads = 4\nparams = { puts = 1_000 }\n[my_store.large.budgets]\n";
    let inside = "matches_sweep = \"my_store.sizes\", quote = \"takes about 34 MB\" }\n";
    let other = check(&format!("{large}blocks = {{ measure = \"total_blocks\", {inside}"));
    assert_eq!((other.code, other.err.as_str()), (Some(0), noted), "another metric checks nothing");
    let said = check(&format!("{large}peak_heap = {{ {inside}"));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[test]
fn a_folder_below_the_root_will_do() {
    assert_eq!(Scratch::new().plimsoll_in("src", "check").code, Some(0));
}
