//! What the kernel says of this process, and tests that need one of their own.

use std::process::Command;
use std::{env, fs};

const ALONE: &str = "SANDBOX_TEST_ALONE";

/// Whether this process runs one test.
pub(crate) fn is_alone() -> bool {
    env::var_os(ALONE).is_some()
}

/// Runs the test of this name in a process of its own, with these variables.
pub(crate) fn alone(test: &str, variables: &[(&str, &str)]) {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--test-threads=1"])
        .env(ALONE, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// Bytes that are resident in this process.
pub(crate) fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Rss:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10
}

/// How many mappings, files and threads it has.
pub(crate) fn holdings() -> [usize; 3] {
    let lines = fs::read_to_string("/proc/self/maps").unwrap().lines().count();
    let entries = |folder| fs::read_dir(folder).unwrap().count();
    [lines, entries("/proc/self/fd"), entries("/proc/self/task")]
}
