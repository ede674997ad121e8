//! `run`, with a test target that leaves prepared records behind instead of measuring: what is
//! tested here is what the subcommand makes of runner, records and exit codes.

use serde_json::Value;

use crate::scratch::{Scratch, file, others, peak_heap};

/// Copies `prepared/*` to the results under the run's id, as far as the filter allows, and ends
/// as told. The case `read_all` is heavy. Lists its tests as nextest wants it.
const TARGET: &str = r#"
use std::{env, fs, path::Path, process::exit};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    let filter = filter.map_or("", String::as_str);
    for entry in fs::read_dir("prepared").unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let (file, record) = text.split_once('\n').unwrap();
        let test = file.trim_end_matches(".json").replace('/', "::");
        let heavy = test.contains("read_all");
        if has("--list") {
            if heavy || !has("--ignored") {
                println!("{test}: test");
            }
        } else if test.contains(filter) && (!heavy || has("--ignored") || has("--include-ignored")) {
            let run = env::var("PLIMSOLL_RUN_ID").unwrap();
            let file = Path::new("target/plimsoll/results").join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, record.replace("\"second\"", &format!("{run:?}"))).unwrap();
        }
    }
    exit(CODE)
}
"#;

/// A project whose tests will leave these records and end with this code.
fn tests_that_leave(records: &[Value], code: i32) -> Scratch {
    leaving(Scratch::new(), records, code)
}

/// The same of a project that is there already.
pub(crate) fn leaving(scratch: Scratch, records: &[Value], code: i32) -> Scratch {
    scratch.write("tests/budgets.rs", &TARGET.replace("CODE", &code.to_string()));
    for (at, record) in records.iter().enumerate() {
        scratch.write(&format!("prepared/{at}"), &format!("{}\n{record}", file(record)));
    }
    scratch
}

pub(crate) fn all(over: u32) -> Vec<Value> {
    let mut records = Vec::from(others());
    records[1]["run"] = "second".into();
    records.insert(0, peak_heap(over));
    records
}

/// The line of totals.
pub(crate) fn totals(out: &str) -> &str {
    out.lines().find(|line| line.contains(" budgets: ")).unwrap_or_default()
}

#[test]
fn all_pass() {
    let said = tests_that_leave(&all(0), 0).plimsoll("run --runner cargo");
    assert_eq!(totals(&said.out), "5 budgets: 4 within, 1 near, 0 over, 0 not run");
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn a_budget_fails() {
    let said = tests_that_leave(&all(1), 101).plimsoll("run --runner cargo");
    let table = said.out.split_once("verdict").unwrap().1;
    let row = table.lines().nth(1).unwrap();
    assert!(row.starts_with("✗ over    my_store::read::peak_heap"), "{row}");
    // One byte over rounds to the line itself, so every digit is shown.
    assert!(row.contains("1,048,577 B  at most 1 MiB"), "{row}");
    assert_eq!(said.code, Some(1), "{}", said.err);
}

#[test]
fn a_failing_verdict_fails_even_if_the_runner_does_not() {
    assert_eq!(tests_that_leave(&all(1), 0).plimsoll("run --runner cargo").code, Some(1));
}

#[test]
fn a_profile_differs() {
    let said = tests_that_leave(&all(0), 101).plimsoll("run --runner cargo");
    let last = said.err.lines().last().unwrap();
    assert_eq!(last, "a profile is not the accepted one; the runner's words stand above");
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_build_that_fails_is_no_verdict() {
    let scratch = tests_that_leave(&all(0), 0);
    scratch.write("src/lib.rs", "nonsense");
    let said = scratch.plimsoll("run --runner cargo");
    assert!(said.err.contains("could not compile `my-store`"), "{}", said.err);
    let last = said.err.lines().last().unwrap();
    assert_eq!(last, "error: the budgets could not be built; cargo's words stand above");
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
}

#[test]
fn results_of_an_earlier_run_do_not_count() {
    let scratch = tests_that_leave(&all(0)[1..], 0);
    scratch.judged(&[peak_heap(0)]);
    let said = scratch.plimsoll("run --runner cargo");
    assert_eq!(totals(&said.out), "5 budgets: 4 within, 0 near, 0 over, 1 not run");
    let words = "error: 1 of 5 budgets were not judged: my_store::read::peak_heap\n";
    assert!(said.err.contains(words), "{}", said.err);
    assert_eq!(said.code, Some(2));
}

#[test]
fn tests_that_judge_nothing_are_an_error() {
    let said = tests_that_leave(&[peak_heap(0)], 2).plimsoll("run --runner cargo read_twice");
    assert!(said.err.contains("error: no budget was judged; "), "{}", said.err);
    assert_eq!(said.code, Some(2));
}

#[test]
fn a_case_stands_for_its_own_tests_alone() {
    let said = tests_that_leave(&all(0), 0).plimsoll("run my_store::read --runner cargo");
    assert_eq!(totals(&said.out), "2 budgets: 1 within, 1 near, 0 over, 0 not run");
    assert!(!said.out.contains("read_twice"), "{}", said.out);
    assert_eq!(said.code, Some(0), "{}", said.err);
}
