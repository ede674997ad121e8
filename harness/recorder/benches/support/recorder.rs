//! The recorders that are compared. A process has one, from its first allocation to its end: the
//! allocator reads the same variable.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use plimsoll_recorder::{Limits, Recorder, Recording};

const VARIABLE: &str = "RECORDER";

/// This very program, to be run under `recorder`.
pub(crate) fn under(recorder: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.env(VARIABLE, recorder);
    command
}

/// The recorder of this process, if it is one that measures.
pub(crate) fn chosen() -> Option<String> {
    env::var(VARIABLE).ok()
}

/// Runs `work` under the recorder with this name, and checks that nothing was lost; the bytes at
/// the peak, where the recorder has them.
pub(crate) fn record(recorder: &str, work: impl FnOnce()) -> Option<u64> {
    match recorder {
        "none" | "counting" | "tags" => {
            work();
            None
        }
        "dhat 10" => under_dhat(10, work),
        "dhat all" => under_dhat(usize::MAX, work),
        "ours 10" => under_ours(Limits { depth: 10, ..Limits::default() }, work),
        "ours 32" => under_ours(Limits { depth: 32, ..Limits::default() }, work),
        "ours 64 + counter" => under_ours(Limits::default(), work),
        "one lock 10" => under_ours(Limits { depth: 10, threads: 0, ..Limits::default() }, work),
        other => panic!("there is no recorder {other}"),
    }
}

fn under_dhat(frames: usize, work: impl FnOnce()) -> Option<u64> {
    let profiler = dhat::Profiler::builder().testing().trim_backtraces(Some(frames)).build();
    work();
    let peak = dhat::HeapStats::get().max_bytes as u64;
    drop(profiler);
    Some(peak)
}

fn under_ours(limits: Limits, work: impl FnOnce()) -> Option<u64> {
    let file: PathBuf = env::temp_dir().join(format!("plimsoll-bench-{}", std::process::id()));
    Recorder::create(&file, limits).and_then(Recorder::install).expect("it can record");
    assert!(plimsoll_recorder::open());
    work();
    assert!(plimsoll_recorder::close());
    let recording = Recording::read(&file).expect("it was recorded");
    assert_eq!(recording.faults, []);
    let sum: u64 = recording.stacks.iter().map(|stack| stack.usage.peak.bytes).sum();
    assert_eq!(sum, recording.totals.peak.bytes, "the sites add up to the peak");
    std::fs::remove_file(&file).expect("it is there");
    Some(recording.totals.peak.bytes)
}
