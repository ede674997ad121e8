//! However a run is ended, none of its processes outlives it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![expect(clippy::print_stderr, reason = "what could not be tried is said")]

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

const TOYS: &str = env!("CARGO_BIN_EXE_toys");

/// It would hang for a minute.
const HANGS: &str = "toys::ends_late::peak_heap";

/// Names a run in the environment of each of its processes.
const MARK: &str = "TOYS_RUN";

/// A generous end to every wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// The processes of the run `mark`, each with its environment.
fn processes(mark: &str) -> Vec<(u32, String)> {
    let mark = format!("{MARK}={mark}");
    let of_run = |entry: fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let environment = fs::read(entry.path().join("environ")).ok()?;
        let environment = String::from_utf8_lossy(&environment).into_owned();
        environment.split('\0').any(|variable| variable == mark).then_some((pid, environment))
    };
    fs::read_dir("/proc").unwrap().flatten().filter_map(of_run).collect()
}

/// Waits until the toy itself has been started.
fn wait_for_the_child(mark: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !processes(mark).iter().any(|(_, environment)| environment.contains("PLIMSOLL_REQUEST="))
    {
        assert!(Instant::now() < deadline, "no child was started");
        std::thread::yield_now();
    }
}

fn wait_until_none_is_left(mark: &str, after: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left: Vec<u32> = processes(mark).into_iter().map(|(pid, _)| pid).collect();
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "after {after} the processes {left:?} are left");
        std::thread::yield_now();
    }
}

/// Sends a signal to a process, or to a process group by its negative id.
fn send(signal: &str, receiver: &str) {
    let status = Command::new("kill").args([&format!("-{signal}"), "--", receiver]).status();
    assert!(status.unwrap().success());
}

#[test]
fn a_killed_test_takes_its_child_along() {
    for signal in ["KILL", "INT", "TERM"] {
        let mark = format!("test-{signal}-{}", std::process::id());
        let mut test = Command::new(TOYS);
        test.env_remove("NEXTEST_RUN_ID").env("PLIMSOLL_RUN_ID", &mark).env(MARK, &mark);
        test.args(["--exact", HANGS]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut test = test.spawn().unwrap();
        wait_for_the_child(&mark);
        send(signal, &test.id().to_string());
        test.wait().unwrap();
        wait_until_none_is_left(&mark, signal);
    }
}

/// `cargo nextest run` on the toys' binary alone, a process group of its own as in a terminal;
/// `None` where this machine has no nextest.
fn nextest(mark: &str, config: &str) -> Option<Command> {
    let offered = Command::new("cargo").args(["nextest", "--version"]).output().unwrap();
    if !offered.status.success() {
        assert!(std::env::var_os("NEXTEST").is_none(), "nextest runs this and is not to be found");
        eprintln!("cargo-nextest is not installed: there is no run of it to end");
        return None;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(mark);
    fs::create_dir_all(&folder).unwrap();
    let metadata = Command::new("cargo")
        .args(["metadata", "--format-version=1", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let graph: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = graph["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "toys").unwrap();
    let binaries = json!({
        "rust-build-meta": {
            "target-directory": graph["target_directory"],
            "base-output-directories": [],
            "non-test-binaries": {},
            "linked-paths": [],
        },
        "rust-binaries": { "toys": {
            "binary-id": "toys",
            "binary-name": "toys",
            "package-id": package["id"],
            "kind": "test",
            "binary-path": TOYS,
            "build-platform": "target",
        } },
    });
    let file = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let mut command = Command::new("cargo");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("NEXTEST") {
            command.env_remove(name);
        }
    }
    command.args(["nextest", "run", "--cargo-metadata"]).arg(file("graph.json", &metadata.stdout));
    command.arg("--binaries-metadata").arg(file("binaries.json", binaries.to_string().as_bytes()));
    command.arg("--config-file").arg(file("nextest.toml", config.as_bytes()));
    command.args(["--", "--exact", HANGS]).env(MARK, mark).process_group(0);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    Some(command)
}

#[test]
fn nextests_time_out_ends_the_test_and_its_child() {
    let mark = format!("late-{}", std::process::id());
    let config = "[profile.default]\nslow-timeout = { period = '2s', terminate-after = 1 }\n";
    let Some(mut command) = nextest(&mark, config) else { return };
    let run = command.spawn().unwrap();
    wait_for_the_child(&mark);
    let output = run.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("TIMEOUT"), "{told}");
    wait_until_none_is_left(&mark, "the time-out");
}

#[test]
fn ctrl_c_ends_nextest_the_test_and_its_child() {
    let mark = format!("interrupted-{}", std::process::id());
    let Some(mut command) = nextest(&mark, "") else { return };
    let run = command.spawn().unwrap();
    wait_for_the_child(&mark);
    // A terminal's Ctrl-C goes to the whole group in its foreground.
    send("INT", &format!("-{}", run.id()));
    let output = run.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("SIGINT"), "{told}");
    wait_until_none_is_left(&mark, "Ctrl-C");
}

#[test]
fn a_killed_nextest_leaves_nothing_behind() {
    let mark = format!("killed-{}", std::process::id());
    let Some(mut command) = nextest(&mark, "") else { return };
    let mut run = command.spawn().unwrap();
    wait_for_the_child(&mark);
    send("KILL", &run.id().to_string());
    run.wait().unwrap();
    wait_until_none_is_left(&mark, "SIGKILL of nextest");
}
