//! Sessions leave nothing behind, however they end. Runs in a process of its own, because the mappings
//! and files of other tests would be counted too.

use std::time::Duration;

use sandbox::{Limits, Sandbox};
use testkit::Resources;

use crate::{process, tiny};

#[test]
fn dropped_sessions_leave_no_mapping_file_or_thread() {
    if process::is_alone() {
        return drop_a_hundred_sessions();
    }
    process::alone("leaks::dropped_sessions_leave_no_mapping_file_or_thread", &[]);
}

fn drop_a_hundred_sessions() {
    let limits = Limits {
        memory_bytes: 4 << 20,
        output_bytes: 1000,
        deadline: Some(Duration::from_secs(20)),
        fuel: None,
    };
    let sandbox = tiny::builder(limits).from_wasm(tiny::wasm()).unwrap();
    round(&sandbox, 5);
    let before = Resources::now().unwrap();
    round(&sandbox, 100);
    assert_eq!(Resources::now().unwrap(), before);
}

/// Opens sessions, ends them in every possible way, and drops them.
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
