//! Sessions: tests are listed, a case is measured once in a session, and figures have a history.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serial_test::file_serial;

use crate::judge::{self, plimsoll_folder};

fn toys(session: &str, arguments: &[&str]) -> Command {
    let mut command = judge::toys();
    command.env("PLIMSOLL_RUN_ID", session).args(arguments);
    command
}

fn folder(session: &str) -> PathBuf {
    plimsoll_folder().join("runs").join(session)
}

/// The folder of a session, which does not exist.
pub(crate) fn fresh_folder(session: &str) -> PathBuf {
    let folder = folder(session);
    let _ = fs::remove_dir_all(&folder);
    folder
}

#[test]
fn list_prints_the_tests_alone() {
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

/// The files of a session with this ending; each measurement has one `request`.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path());
    files.filter(|file| file.extension().is_some_and(|found| found == ending)).collect()
}

#[test]
#[file_serial(toys_timed)]
fn case_is_measured_once_in_each_session() {
    let measured = |session: &str| {
        files(&folder(session), "outcome").first().map(|file| fs::metadata(file).unwrap())
    };
    for session in ["once-a", "once-b"] {
        fresh_folder(session);
    }
    // Two processes, as under nextest; the second has to find the measurement of the first.
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
fn concurrent_tests_share_one_measurement() {
    let folder = fresh_folder("shared");
    let children: Vec<_> = ["peak_heap", "peak_heap_low", "end_heap", "cpu_time"]
        .map(|budget| {
            let test = format!("toys::exact::{budget}");
            toys("shared", &["--exact", &test]).stdout(Stdio::null()).spawn().unwrap()
        })
        .into();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(files(&folder, "request").len(), 1);
}

#[test]
#[file_serial(toys_timed)]
fn without_a_runner_one_process_is_one_session() {
    for _ in 0..10 {
        let mut command = judge::toys();
        command.stdout(Stdio::null());
        let mut test = command.args(["toys::exact::", "--test-threads", "8"]).spawn().unwrap();
        assert!(test.wait().unwrap().success());
        let sessions = folder("x").parent().unwrap().read_dir().unwrap().flatten();
        let own = format!("{}-", test.id());
        let names = sessions.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let names: Vec<String> = names.filter(|name| name.starts_with(&own)).collect();
        let newest = folder(names.iter().max().unwrap());
        // Five budgets and a profile share two measurements, one of them under dhat.
        assert_eq!(files(&newest, "request").len(), 2, "{names:?}");
        fs::remove_dir_all(newest).unwrap();
    }
}

#[test]
fn each_session_adds_its_figure_to_the_history_of_the_budget() {
    let results = plimsoll_folder().join("results");
    let test = "toys::linear_above::each";
    let _ = fs::remove_file(results.join("toys/linear_above/each.history.json"));
    for session in ["history-a", "history-b", "history-b"] {
        assert!(toys(session, &["--exact", test]).status().unwrap().success());
    }
    let past = plimsoll::history::read(&results, "toys", "linear_above", "each");
    let figures: Vec<_> = past.iter().map(|past| (&*past.run, past.figure.exact())).collect();
    let each = "1,000 B".to_owned();
    assert_eq!(figures, [("history-a", each.clone()), ("history-b", each)]);
}
