//! What sessions leave behind: nothing, however they end. In a process of its own, as the mappings
//! and files of other tests would be counted too.

use std::time::Duration;

use sandbox::{Limits, Sandbox};

use crate::process::{self, holdings};
use crate::tiny;

#[test]
fn nothing_is_left_of_a_hundred_sessions() {
    if process::is_alone() {
        return hundred();
    }
    process::alone("leaks::nothing_is_left_of_a_hundred_sessions", &[]);
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
