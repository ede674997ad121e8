//! No process of a session outlives it, no matter how the session ends.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::judge::TOYS;

/// A test that hangs for a minute.
const HANGS: &str = "toys::ends_late::peak_heap";

/// The variable that marks each process of a session.
const MARK: &str = "TOYS_RUN";

/// The longest that any test waits.
const DEADLINE: Duration = Duration::from_secs(30);

/// The processes of the session `mark`, each with its environment.
fn processes(mark: &str) -> Vec<(u32, String)> {
    let mark = format!("{MARK}={mark}");
    let of_session = |entry: fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let environment = fs::read(entry.path().join("environ")).ok()?;
        let environment = String::from_utf8_lossy(&environment).into_owned();
        environment.split('\0').any(|variable| variable == mark).then_some((pid, environment))
    };
    fs::read_dir("/proc").unwrap().flatten().filter_map(of_session).collect()
}

/// Waits until the toy itself runs.
fn wait_for_child(mark: &str) {
    let deadline = Instant::now() + DEADLINE;
    while !processes(mark).iter().any(|(_, environment)| environment.contains("PLIMSOLL_REQUEST="))
    {
        assert!(Instant::now() < deadline, "no child was started");
        std::thread::yield_now();
    }
}

fn wait_until_all_ended(mark: &str, after: &str) {
    let deadline = Instant::now() + DEADLINE;
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
fn killed_test_ends_its_child() {
    for signal in ["KILL", "INT", "TERM"] {
        let mark = format!("test-{signal}-{}", std::process::id());
        let mut test = Command::new(TOYS);
        test.env_remove("NEXTEST_RUN_ID").env("PLIMSOLL_RUN_ID", &mark).env(MARK, &mark);
        test.args(["--exact", HANGS]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut test = test.spawn().unwrap();
        wait_for_child(&mark);
        send(signal, &test.id().to_string());
        test.wait().unwrap();
        wait_until_all_ended(&mark, signal);
    }
}

/// `cargo nextest run` on the toys' binary alone, in a process group of its own as in a terminal.
fn nextest(mark: &str, config: &str) -> Command {
    let offered = Command::new("cargo").args(["nextest", "--version"]).output().unwrap();
    let has_nextest = offered.status.success();
    assert!(has_nextest, "this test needs nextest: cargo install --locked cargo-nextest");
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
    command
}

#[test]
fn time_out_of_nextest_ends_the_test_and_its_child() {
    let mark = format!("late-{}", std::process::id());
    let config = "[profile.default]\nslow-timeout = { period = '2s', terminate-after = 1 }\n";
    let mut command = nextest(&mark, config);
    let run = command.spawn().unwrap();
    wait_for_child(&mark);
    let output = run.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("TIMEOUT"), "{text}");
    wait_until_all_ended(&mark, "the timeout");
}

#[test]
fn ctrl_c_ends_nextest_the_test_and_its_child() {
    let mark = format!("interrupted-{}", std::process::id());
    let mut command = nextest(&mark, "");
    let run = command.spawn().unwrap();
    wait_for_child(&mark);
    // A terminal sends Ctrl-C to the whole group in its foreground.
    send("INT", &format!("-{}", run.id()));
    let output = run.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("SIGINT"), "{text}");
    wait_until_all_ended(&mark, "Ctrl-C");
}

#[test]
fn killed_nextest_ends_all_its_processes() {
    let mark = format!("killed-{}", std::process::id());
    let mut command = nextest(&mark, "");
    let mut run = command.spawn().unwrap();
    wait_for_child(&mark);
    send("KILL", &run.id().to_string());
    run.wait().unwrap();
    wait_until_all_ended(&mark, "SIGKILL of nextest");
}
