//! Tests that need a process of their own.

use std::env;
use std::process::Command;

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
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
}
