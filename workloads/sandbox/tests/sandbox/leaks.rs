//! What sessions leave behind: nothing, however they end. In a process of its own, as the mappings
//! and files of other tests would be counted too.

use std::env;
use std::process::Command;
use std::time::Duration;

use sandbox::{Limits, Sandbox};

use crate::process::holdings;
use crate::tiny;

const ALONE: &str = "SANDBOX_LEAKS_ALONE";

#[test]
fn nothing_is_left_of_a_hundred_sessions() {
    if env::var_os(ALONE).is_some() {
        return hundred();
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "leaks::nothing_is_left_of_a_hundred_sessions", "--test-threads=1"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn hundred() {
    let limits = Limits {
        memory_bytes: 4 << 20,
        output_bytes: 1000,
        deadline: Some(Duration::from_secs(20)),
        fuel: None,
    };
    let sandbox = tiny::builder(limits).from_wasm(tiny::wasm()).unwrap();
    round(&sandbox, 5);
    let before = holdings();
    round(&sandbox, 100);
    assert_eq!(holdings(), before, "mappings, files, threads");
}

/// Sessions that end in each way there is; all that is refused once is dropped with its error.
fn round(sandbox: &Sandbox, sessions: usize) {
    const ENDS: [&str; 8] = ["i", "m", "M", "o", "r", "t", "x", "p"];
    let mut kept = Vec::new();
    for end in ENDS.iter().cycle().take(sessions) {
        let mut session = sandbox.session().unwrap();
        session.execute("i").unwrap();
        let _ = session.execute(end);
        kept.push(session);
    }
}
