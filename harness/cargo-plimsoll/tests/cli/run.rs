//! `run`, with a test target that writes prepared records instead of measuring. The tests are about
//! the runner, the records and the exit codes.

use serde_json::Value;

use crate::scratch::{Scratch, file, others, peak_heap};

/// Copies `prepared/*` to the results under the session's id, as far as the filter allows, and exits
/// with `CODE`. The case `read_all` is heavy. It lists its tests in the format of nextest.
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

/// A project whose tests write these records and exit with this code.
fn tests_that_write(records: &[Value], code: i32) -> Scratch {
    writing(Scratch::new(), records, code)
}

/// The same in this project.
pub(crate) fn writing(scratch: Scratch, records: &[Value], code: i32) -> Scratch {
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
fn all_passing_budgets_exit_with_0() {
    let printed = tests_that_write(&all(0), 0).plimsoll("run --runner cargo");
    assert_eq!(totals(&printed.out), "5 budgets: 4 within, 1 near, 0 over, 0 not run");
    assert_eq!(printed.code, Some(0), "{}", printed.err);
}

#[test]
fn failing_budget_exits_with_1() {
    let printed = tests_that_write(&all(1), 101).plimsoll("run --runner cargo");
    let table = printed.out.split_once("verdict").unwrap().1;
    let row = table.lines().nth(1).unwrap();
    assert!(row.starts_with("✗ over    my_store::read::peak_heap"), "{row}");
    // One byte over rounds to the limit itself, so every digit is printed.
    assert!(row.contains("1,048,577 B  at most 1 MiB"), "{row}");
    assert_eq!(printed.code, Some(1), "{}", printed.err);
}

#[test]
fn failing_verdict_fails_even_if_the_runner_passes() {
    assert_eq!(tests_that_write(&all(1), 0).plimsoll("run --runner cargo").code, Some(1));
}

#[test]
fn profile_that_differs_exits_with_1() {
    let printed = tests_that_write(&all(0), 101).plimsoll("run --runner cargo");
    let last = printed.err.lines().last().unwrap();
    assert_eq!(last, "a profile differs from its snapshot; see the runner's output above");
    assert_eq!(printed.code, Some(1));
}

#[test]
fn failed_build_exits_with_2() {
    let scratch = tests_that_write(&all(0), 0);
    scratch.write("src/lib.rs", "nonsense");
    let printed = scratch.plimsoll("run --runner cargo");
    assert!(printed.err.contains("could not compile `my-store`"), "{}", printed.err);
    let last = printed.err.lines().last().unwrap();
    assert_eq!(last, "error: the budgets could not be built; see cargo's output above");
    assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""));
}

#[test]
fn results_of_an_earlier_session_do_not_count() {
    let scratch = tests_that_write(&all(0)[1..], 0);
    scratch.judged(&[peak_heap(0)]);
    let printed = scratch.plimsoll("run --runner cargo");
    assert_eq!(totals(&printed.out), "5 budgets: 4 within, 0 near, 0 over, 1 not run");
    let words = "error: 1 of 5 budgets were not judged: my_store::read::peak_heap\n";
    assert!(printed.err.contains(words), "{}", printed.err);
    assert_eq!(printed.code, Some(2));
}

#[test]
fn session_without_a_result_is_an_error() {
    let printed = tests_that_write(&[peak_heap(0)], 2).plimsoll("run --runner cargo read_twice");
    assert!(printed.err.contains("error: no budget was judged; "), "{}", printed.err);
    assert_eq!(printed.code, Some(2));
}

#[test]
fn name_of_a_case_matches_its_own_tests_alone() {
    let printed = tests_that_write(&all(0), 0).plimsoll("run my_store::read --runner cargo");
    assert_eq!(totals(&printed.out), "2 budgets: 1 within, 1 near, 0 over, 0 not run");
    assert!(!printed.out.contains("read_twice"), "{}", printed.out);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
}
