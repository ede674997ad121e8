//! Listing, measuring once a run, and leaving nothing behind.
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serial_test::file_serial;

const TOYS: &str = env!("CARGO_BIN_EXE_toys");

fn toys(run: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(TOYS);
    command.env_remove("NEXTEST_RUN_ID").env("PLIMSOLL_RUN_ID", run).args(arguments);
    command
}

fn run_folder(run: &str) -> PathBuf {
    let target = Path::new(TOYS).ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    target.unwrap().join("plimsoll/runs").join(run)
}

#[test]
fn listing_prints_the_tests_and_nothing_else() {
    let output = toys("list", &["--list", "--format", "terse"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(
        text.lines().all(|line| line.starts_with("toys::") && line.ends_with(": test")),
        "{text}"
    );
    let names: BTreeSet<&str> = text.lines().collect();
    assert!(names.contains("toys::exact::peak_heap: test"));
    assert!(names.contains("toys::exact::profile: test"));
    assert_eq!(names.len(), text.lines().count(), "a name is listed twice");
}

/// The files of a run with this ending, `request` for one a measurement.
fn files(run: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(run_folder(run)).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path());
    files.filter(|file| file.extension().is_some_and(|found| found == ending)).collect()
}

#[test]
#[file_serial(toys_timed)]
fn a_case_is_measured_once_in_a_run_and_again_in_the_next() {
    let measured =
        |run: &str| files(run, "outcome").first().map(|file| fs::metadata(file).unwrap());
    for run in ["once-a", "once-b"] {
        let _ = fs::remove_dir_all(run_folder(run));
    }
    // Two processes, as under nextest; the second has to find the first one's measurement.
    assert!(toys("once-a", &["--exact", "toys::exact::peak_heap"]).status().unwrap().success());
    let first = measured("once-a").unwrap().modified().unwrap();
    assert!(toys("once-a", &["--exact", "toys::exact::end_heap"]).status().unwrap().success());
    assert_eq!(measured("once-a").unwrap().modified().unwrap(), first);
    assert!(measured("once-b").is_none());
    assert!(toys("once-b", &["--exact", "toys::exact::peak_heap"]).status().unwrap().success());
    assert!(measured("once-b").is_some());
}

#[test]
#[file_serial(toys_timed)]
fn trials_that_ask_at_the_same_moment_share_one_measurement() {
    let _ = fs::remove_dir_all(run_folder("shared"));
    let children: Vec<_> = ["peak_heap", "peak_heap_low", "end_heap", "cpu_time"]
        .map(|budget| {
            let test = format!("toys::exact::{budget}");
            toys("shared", &["--exact", &test]).stdout(Stdio::null()).spawn().unwrap()
        })
        .into();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(files("shared", "request").len(), 1);
}

#[test]
#[file_serial(toys_timed)]
fn without_a_runner_one_process_is_one_run() {
    for _ in 0..10 {
        let mut command = Command::new(TOYS);
        command.env_remove("NEXTEST_RUN_ID").env_remove("PLIMSOLL_RUN_ID").stdout(Stdio::null());
        let mut test = command.args(["toys::exact::", "--test-threads", "8"]).spawn().unwrap();
        assert!(test.wait().unwrap().success());
        let runs = run_folder("x").parent().unwrap().read_dir().unwrap().flatten();
        let own = format!("{}-", test.id());
        let runs = runs.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let runs: Vec<String> = runs.filter(|name| name.starts_with(&own)).collect();
        let newest = runs.iter().max().unwrap();
        // The gate and dhat: five budgets and a profile share two measurements.
        assert_eq!(files(newest, "request").len(), 2, "{runs:?}");
        fs::remove_dir_all(run_folder(newest)).unwrap();
    }
}

#[test]
fn each_run_adds_its_figure_to_the_history_of_the_budget() {
    let results = run_folder("x").ancestors().nth(2).unwrap().join("results");
    let test = "toys::line_above::each";
    let _ = fs::remove_file(results.join("toys/line_above/each.history.json"));
    for run in ["history-a", "history-b", "history-b"] {
        assert!(toys(run, &["--exact", test]).status().unwrap().success());
    }
    let past = plimsoll::history::read(&results, "toys", "line_above", "each");
    let said: Vec<_> = past.iter().map(|past| (&*past.run, past.figure.exact())).collect();
    let each = "1,000 B".to_owned();
    assert_eq!(said, [("history-a", each.clone()), ("history-b", each)]);
}
