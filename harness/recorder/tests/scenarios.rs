//! The recorder in processes of their own: each scenario is run by a child, which is this very
//! binary, and its recording is read here.
#![expect(clippy::unwrap_used, reason = "a test without the harness that clippy knows")]

#[path = "support/child.rs"]
mod child;
#[path = "support/tagged.rs"]
mod tagged;

use std::env;
use std::process::{Command, Output};

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll_recorder::{Amount, Fault, Limits, Recording, Stack, State};

#[global_allocator]
static ALLOCATOR: tagged::Tagged = tagged::Tagged;

const SCENARIO: &str = "RECORDER_SCENARIO";

fn main() {
    if let Ok(line) = env::var(SCENARIO) {
        let part: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| part[at].parse().unwrap();
        let limits =
            Limits { depth: number(2), stacks: number(3), frames: number(4), threads: number(5) };
        return child::run(part[0], part[1].as_ref(), limits, number(6));
    }
    let trials = [
        ("one_block", one_block as fn()),
        ("pushes", pushes),
        ("lock_step", lock_step),
        ("mixed_equals_the_counters", mixed_equals_the_counters),
        ("threads_end_and_begin", threads_end_and_begin),
        ("full_tables_are_reported", full_tables_are_reported),
        ("sites_are_told_apart", sites_are_told_apart),
        ("a_killed_process_is_read", a_killed_process_is_read),
        ("killed_in_the_middle", killed_in_the_middle),
        ("a_refused_block_leaves_its_stack", a_refused_block_leaves_its_stack),
        ("a_fork_changes_nothing", a_fork_changes_nothing),
        ("signal_handlers_are_survived", signal_handlers_are_survived),
        ("a_foreign_stack_is_told", a_foreign_stack_is_told),
        ("what_is_no_recording_is_refused", what_is_no_recording_is_refused),
    ]
    .map(|(name, test)| {
        Trial::test(name, move || {
            std::panic::catch_unwind(test).map_err(|_| Failed::from("see above"))
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit();
}

/// Runs a scenario; the recording, and what the child printed or how it died.
fn record(scenario: &str, limits: Limits, threads: usize) -> (Recording, Output) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording");
    let Limits { depth, stacks, frames, threads: slots } = limits;
    let line = format!("{scenario} {} {depth} {stacks} {frames} {slots} {threads}", file.display());
    let output = Command::new(env::current_exe().unwrap()).env(SCENARIO, line).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    (Recording::read(&file).unwrap(), output)
}

/// A recording that must be sound.
fn sound(scenario: &str, limits: Limits, threads: usize) -> (Recording, Vec<u64>) {
    let (recording, output) = record(scenario, limits, threads);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(recording.state, State::Closed);
    assert_eq!(recording.faults, []);
    let text = String::from_utf8(output.stdout).unwrap();
    (recording, text.split_whitespace().map(|number| number.parse().unwrap()).collect())
}

fn amount(bytes: u64, blocks: u64) -> Amount {
    Amount { bytes, blocks }
}

/// The one stack that allocated so many bytes in all.
fn stack_of(recording: &Recording, total_bytes: u64) -> &Stack {
    let mut stacks = recording.stacks.iter().filter(|stack| stack.usage.total.bytes == total_bytes);
    let found = stacks.next().unwrap_or_else(|| panic!("no stack with {total_bytes} B"));
    assert!(stacks.next().is_none(), "two stacks with {total_bytes} B");
    found
}

fn one_block() {
    for depth in [1, 10, 32, 64] {
        let (recording, _) = sound("one_block", Limits { depth, ..Limits::default() }, 0);
        let [stack] = &recording.stacks[..] else { panic!("{:?}", recording.stacks) };
        assert_eq!(stack.usage, recording.totals);
        assert_eq!(stack.usage.peak, amount(1 << 20, 1));
        assert_eq!(stack.usage.total, amount(1 << 20, 1));
        assert_eq!(stack.usage.end, amount(0, 0));
        assert!((1..=depth).contains(&stack.frames.len()), "{} of {depth}", stack.frames.len());
        let inside = recording.executable.start..recording.executable.end;
        assert!(inside.contains(&stack.frames[0]), "{:x?}", recording);
    }
}

/// Capacities 4, 8, … 1,024: nine blocks of 8 × (4 + 8 + … + 1,024) = 8 × 2,044 = 16,352 bytes;
/// at the end 1,024 × 8 = 8,192 live.
fn pushes() {
    let (recording, _) = sound("pushes", Limits::default(), 0);
    assert_eq!(recording.totals.total, amount(16_352, 9));
    assert_eq!(recording.totals.peak, amount(8_192, 1));
    assert_eq!(recording.totals.end, amount(8_192, 1));
    assert_eq!(recording.stacks.len(), 1, "a block stays where it was first allocated");
}

/// 1,000 of A and 2,000 of B at the peak; the 2,000 + 500 + 499 = 2,999 later are none.
fn lock_step() {
    for threads in [0, 1, 2, 64] {
        let (recording, _) = sound("lock_step", Limits { threads, ..Limits::default() }, 0);
        assert_eq!(recording.totals.peak, amount(3_000, 2));
        assert_eq!(stack_of(&recording, 1_000).usage.peak, amount(1_000, 1));
        assert_eq!(stack_of(&recording, 2_000).usage.peak, amount(2_000, 1));
        assert_eq!(stack_of(&recording, 500).usage.peak, amount(0, 0));
        assert_eq!(recording.totals.total, amount(1_000 + 2_000 + 500 + 499, 4));
    }
}

/// On one thread five plain counters are exact as well.
fn mixed_equals_the_counters() {
    for threads in [64, 0] {
        let (recording, counted) = sound("mixed", Limits { threads, ..Limits::default() }, 0);
        let totals = recording.totals;
        assert_eq!(
            [
                totals.peak.bytes,
                totals.total.bytes,
                totals.total.blocks,
                totals.end.bytes,
                totals.end.blocks
            ],
            counted[..]
        );
    }
}

/// More threads than slots, or none; totals and what is left agree with plain counters.
fn threads_end_and_begin() {
    let mut all = Vec::new();
    for (threads, slots) in [(2, 64), (4, 64), (8, 64), (8, 3), (8, 0)] {
        let limits = Limits { threads: slots, ..Limits::default() };
        let (recording, counted) = sound("threads", limits, threads);
        let totals = recording.totals;
        assert_eq!(
            [totals.total.bytes, totals.total.blocks, totals.end.bytes, totals.end.blocks],
            counted[1..]
        );
        if threads == 8 {
            all.push(totals.total);
        }
    }
    assert!(all.iter().all(|total| *total == all[0]), "{all:?}");
}

/// 256 blocks of 8 bytes on 256 stacks; with room for few, all are still counted.
fn full_tables_are_reported() {
    let (recording, _) = sound("many_sites", Limits::default(), 0);
    assert_eq!(recording.stacks.len(), 256);
    let full = Limits { stacks: 100, ..Limits::default() };
    let (recording, _) = record("many_sites", full, 0);
    // From the 75th on they are folded: the 86th comes by the sixth call twice.
    let expected = [Fault::StacksFull { events: 156 }, Fault::Folded { stacks: 1 }];
    assert_eq!(recording.faults, expected);
    assert_eq!(recording.totals.peak, amount(256 * 8, 256));
    let unplaced = &recording.stacks[0];
    assert_eq!((unplaced.frames.len(), unplaced.usage.peak), (0, amount(156 * 8, 156)));
    let (recording, _) = record("many_sites", Limits { frames: 100, ..Limits::default() }, 0);
    assert!(matches!(recording.faults[..], [Fault::FramesFull { events: 200.. }]));
    assert_eq!(recording.totals.peak, amount(256 * 8, 256));
}

/// 16 × 16 calls differ in the two innermost frames of the recursion.
fn sites_are_told_apart() {
    let (recording, _) = sound("many_sites", Limits { depth: 64, ..Limits::default() }, 0);
    assert_eq!(recording.stacks.len(), 256);
    assert!(recording.stacks.iter().all(|stack| stack.usage.total == amount(8, 1)));
}

fn a_killed_process_is_read() {
    let (recording, output) = record("killed", Limits::default(), 0);
    assert!(!output.status.success());
    assert_eq!((recording.state, &recording.faults[..]), (State::Open, &[][..]));
    assert_eq!(recording.totals.peak, amount(5_000 + 70_000, 2));
    assert_eq!(recording.totals.total, amount(5_000 + 70_000 + 300, 3));
    assert_eq!(recording.totals.end, amount(5_000 + 300, 2));
    assert_eq!(stack_of(&recording, 70_000).usage.peak, amount(70_000, 1));
}

/// 1,000 bytes are live when 9 are refused, for the reason 3; what is refused later is not noted,
/// and the process aborts.
fn a_refused_block_leaves_its_stack() {
    let (recording, output) = record("refused", Limits::default(), 0);
    assert!(!output.status.success());
    let refusal = recording.refusal.unwrap();
    assert_eq!((refusal.bytes, refusal.live, refusal.reason), (9, 1_000, 3));
    let [stack] = &recording.stacks[..] else { panic!("{:?}", recording.stacks) };
    // Both were requested by `main` and its callers: the outermost calls are the same.
    assert_eq!(refusal.frames.last(), stack.frames.last());
    assert_ne!(refusal.frames.first(), stack.frames.first());
    assert_eq!(recording.faults, []);
    let (unrefused, _) = sound("one_block", Limits::default(), 0);
    assert_eq!(unrefused.refusal, None);
}

/// Whenever death comes, the recording can be read, and says so if it came in an update.
fn killed_in_the_middle() {
    for _ in 0..20 {
        let (recording, _) = record("killed_racing", Limits::default(), 4);
        assert_eq!(recording.state, State::Open);
        assert!(recording.totals.total.blocks > 0);
        let torn = recording.faults.contains(&Fault::Torn);
        assert!(torn || recording.faults.is_empty(), "{:?}", recording.faults);
    }
}

/// 4,000 bytes live while the child of the fork came and went.
fn a_fork_changes_nothing() {
    let (recording, _) = sound("fork", Limits::default(), 0);
    assert_eq!(recording.totals.peak, amount(4_000, 1));
    assert_eq!(recording.totals.total, amount(4_000, 1));
    assert_eq!(recording.totals.end, amount(0, 0));
}

/// No deadlock, and what the handler allocated inside the recorder is reported.
fn signal_handlers_are_survived() {
    let (recording, output) = record("signals", Limits::default(), 0);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(recording.state, State::Closed);
    assert!(matches!(recording.faults[..], [Fault::Missed { events: 1.. }]), "{recording:?}");
    assert_eq!(recording.totals.end, amount(0, 0));
}

fn a_foreign_stack_is_told() {
    let (recording, _) = record("off_stack", Limits::default(), 0);
    assert_eq!(recording.faults, [Fault::OffStack { events: 1 }]);
    assert_eq!(recording.totals.total, amount(64, 1));
    assert!(recording.stacks[0].frames.is_empty());
}

fn what_is_no_recording_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording");
    assert!(Recording::read(&file).unwrap_err().to_string().contains("cannot open"));
    let long = vec![0u8; 1 << 20];
    for content in [&b""[..], b"short", &long] {
        std::fs::write(&file, content).unwrap();
        let message = Recording::read(&file).unwrap_err().to_string();
        assert!(message.contains("recording"), "{message}");
    }
}
