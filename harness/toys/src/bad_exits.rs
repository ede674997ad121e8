//! Fails in one of the ways in which a process can fail.

use std::process;

use serde::Deserialize;

/// The way, and the live memory before it.
#[derive(Debug, Deserialize)]
pub struct Params {
    by: Way,
    /// Bytes that are live when it fails.
    #[serde(default)]
    live: usize,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    Panic,
    PreparePanic,
    Abort,
    Overflow,
    Hang,
    Exit,
    Error,
    Exhaust,
    LateAbort,
}

/// Aborts the process when its thread ends.
struct AbortOnDrop;

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        process::abort();
    }
}

thread_local! {
    static ABORT: AbortOnDrop = const { AbortOnDrop };
}

/// Panics, aborts, overflows its stack, hangs, exits, returns an error, or exhausts the memory.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<(), String>, String> {
    assert!(!matches!(params.by, Way::PreparePanic), "the preparation gave up");
    Ok(move || {
        let _live = (params.live > 0).then(|| allocate(params.live));
        fail(params.by)
    })
}

fn allocate(bytes: usize) -> Vec<u8> {
    vec![1; bytes]
}

fn fail(by: Way) -> Result<(), String> {
    match by {
        Way::Panic | Way::PreparePanic => panic!("the toy broke"),
        Way::Abort => process::abort(),
        Way::Overflow => Err(deep(1).to_string()),
        Way::Hang => loop {
            std::thread::park();
        },
        Way::Exit => process::exit(0),
        Way::LateAbort => ABORT.with(|_| Ok(())),
        Way::Error => Err("the toy gave up".to_owned()),
        Way::Exhaust => Err(vec![1u8; isize::MAX as usize].len().to_string()),
    }
}

#[inline(never)]
#[expect(unconditional_recursion, reason = "it has to overflow the stack")]
fn deep(level: u64) -> u64 {
    let room = std::hint::black_box([level; 1_000]);
    deep(level + 1) + room[0]
}
