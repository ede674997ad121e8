//! Ends as it should not.

use std::process;

use serde::Deserialize;

/// In which way.
#[derive(Debug, Deserialize)]
pub struct Params {
    by: Way,
    /// Bytes that it holds when it does.
    #[serde(default)]
    holds: usize,
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

/// Aborts when its thread has ended.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        process::abort();
    }
}

thread_local! {
    static LAST: Last = const { Last };
}

/// Panics, aborts, overflows its stack, hangs, exits, fails, or asks for more than there is.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<(), String>, String> {
    assert!(!matches!(params.by, Way::PreparePanic), "the preparation gave up");
    Ok(move || {
        let _held = (params.holds > 0).then(|| hold(params.holds));
        end(params.by)
    })
}

fn hold(bytes: usize) -> Vec<u8> {
    vec![1; bytes]
}

fn end(by: Way) -> Result<(), String> {
    match by {
        Way::Panic | Way::PreparePanic => panic!("the toy broke"),
        Way::Abort => process::abort(),
        Way::Overflow => Err(deep(1).to_string()),
        Way::Hang => loop {
            std::thread::park();
        },
        Way::Exit => process::exit(0),
        Way::LateAbort => LAST.with(|_| Ok(())),
        Way::Error => Err("the toy gave up".to_owned()),
        Way::Exhaust => Err(vec![1u8; isize::MAX as usize].len().to_string()),
    }
}

#[inline(never)]
#[expect(unconditional_recursion, reason = "running over the end of the stack is its purpose")]
fn deep(level: u64) -> u64 {
    let room = std::hint::black_box([level; 1_000]);
    deep(level + 1) + room[0]
}
