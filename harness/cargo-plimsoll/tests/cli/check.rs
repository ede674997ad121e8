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

#[test]
fn a_folder_below_the_root_will_do() {
    assert_eq!(Scratch::new().plimsoll_in("src", "check").code, Some(0));
}
