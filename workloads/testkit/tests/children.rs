//! Children of this binary: they are killed at the right moment, and their failures are noticed.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use testkit::{FolderLock, Reports, Resources, Victim, assert_success, child};

testkit::main! {
    tests: [
        a_victim_dies_after_the_step_that_the_test_waits_for,
        a_victim_that_ends_by_itself_fails_the_test,
        a_victim_that_is_dropped_dies,
        a_child_that_succeeds_is_accepted,
        a_child_that_panics_is_refused_with_its_message,
        an_unknown_child_is_refused_with_the_known_names,
        a_child_runs_behind_a_shell,
        set_reports_are_continued,
        a_locked_folder_keeps_a_second_process_out,
        resources_count_an_open_file_and_a_thread,
    ],
    children: [report_forever, report_once, panic_at_once, lock_and_report, count_resources],
}

fn a_victim_dies_after_the_step_that_the_test_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    let reports = Reports::below(folder.path());
    for kill in 0..5 {
        let before = reports.count();
        Victim::start(&mut child("report_forever", folder.path()))
            .kill_after(|| reports.count() > before, Duration::from_micros(kill * 97));
        let after = reports.count();
        assert!(after > before, "kill {kill} came before the step");
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(reports.count(), after, "the writer of kill {kill} is alive");
    }
}

fn a_victim_that_ends_by_itself_fails_the_test() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["report_once", "panic_at_once"] {
        let victim = Victim::start(child(name, folder.path()).stderr(std::process::Stdio::null()));
        let message = panic_of(|| victim.kill_after(|| false, Duration::ZERO));
        assert!(message.starts_with("the child ended before it was killed"), "{name}: {message}");
    }
}

fn a_victim_that_is_dropped_dies() {
    let folder = tempfile::tempdir().unwrap();
    let reports = Reports::below(folder.path());
    let victim = Victim::start(&mut child("report_forever", folder.path()));
    while reports.count() == 0 {
        std::thread::yield_now();
    }
    drop(victim);
    let after = reports.count();
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(reports.count(), after, "the writer is alive");
}

fn a_child_that_succeeds_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    assert_success(&mut child("report_once", folder.path()));
    assert_eq!(Reports::below(folder.path()).count(), 1);
}

fn a_child_that_panics_is_refused_with_its_message() {
    let message = panic_of(|| assert_success(&mut child("panic_at_once", Path::new("."))));
    assert!(message.contains("this child panics at once"), "{message}");
}

fn an_unknown_child_is_refused_with_the_known_names() {
    let message = panic_of(|| assert_success(&mut child("nameless", Path::new("."))));
    for part in ["no child is named \"nameless\"", "report_forever"] {
        assert!(message.contains(part), "{message}");
    }
}

fn a_child_runs_behind_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let this = child("report_once", folder.path());
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "exec \"$@\"", "sh"]).arg(this.get_program()).args(this.get_args());
    assert_success(&mut shell);
    assert_eq!(Reports::below(folder.path()).count(), 1);
}

fn set_reports_are_continued() {
    let folder = tempfile::tempdir().unwrap();
    let reports = Reports::below(folder.path());
    reports.add();
    reports.set(5);
    reports.add();
    assert_eq!(reports.count(), 6);
    reports.set(2);
    assert_eq!(reports.count(), 2);
}

fn a_locked_folder_keeps_a_second_process_out() {
    let folder = tempfile::tempdir().unwrap();
    let reports = Reports::below(folder.path());
    let lock = FolderLock::wait(folder.path(), "lock").unwrap();
    let mut second = child("lock_and_report", folder.path()).spawn().unwrap();
    // The second process first reports that it has started, and then waits for the lock.
    while reports.count() == 0 {
        std::thread::yield_now();
    }
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(reports.count(), 1, "two processes have the folder");
    drop(lock);
    assert!(second.wait().unwrap().success());
    assert_eq!(reports.count(), 2);
}

/// In a process of its own: the runner's threads come and go.
fn resources_count_an_open_file_and_a_thread() {
    assert_success(&mut child("count_resources", Path::new(".")));
}

fn report_forever(folder: &Path) {
    loop {
        Reports::below(folder).add();
    }
}

fn report_once(folder: &Path) {
    Reports::below(folder).add();
}

fn panic_at_once(_: &Path) {
    panic!("this child panics at once");
}

fn lock_and_report(folder: &Path) {
    Reports::below(folder).add();
    let _lock = FolderLock::wait(folder, "lock").unwrap();
    Reports::below(folder).add();
}

fn count_resources(_: &Path) {
    let before = Resources::now().unwrap();
    let file = File::open("/proc/self/stat").unwrap();
    let (end, wait) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::spawn(move || wait.recv());
    let during = Resources::now().unwrap();
    assert_eq!(during.files, before.files + 1);
    assert_eq!(during.threads, before.threads + 1);
    assert!(during.mappings > before.mappings, "the stack of a thread is a mapping");
    drop((file, end));
    thread.join().unwrap().unwrap_err();
    assert_eq!(Resources::now().unwrap().files, before.files);
}

fn panic_of(work: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(work)).unwrap_err();
    payload.downcast_ref::<String>().unwrap().clone()
}
