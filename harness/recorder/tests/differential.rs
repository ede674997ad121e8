//! The recorder against dhat: generated programs are carried out once under each, in processes of
//! their own, and must come out the same, call site by call site.
//!
//! The programs are the same in every run; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` select more
//! and for others. A failure is shrunk and printed as steps, and as the line of numbers that a
//! test of its own may keep.
#![expect(clippy::unwrap_used, reason = "a test without the harness that clippy knows")]

#[path = "support/chains.rs"]
mod chains;
#[path = "support/program.rs"]
mod program;
#[path = "support/shadow.rs"]
mod shadow;
#[path = "support/shadowed.rs"]
mod shadowed;
#[path = "support/sites.rs"]
mod sites;
#[path = "support/stage.rs"]
mod stage;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/switched.rs"]
mod switched;

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;

use chains::{Chains, Names};
use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll_recorder::{Amount, Limits, Recorder, Recording, State, Usage};
use program::{Choice, Pace, Program};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use stage::Stage;
use steps::Steps;

#[global_allocator]
static ALLOCATOR: switched::Switched = switched::Switched;

/// The output file, the number of slots and the program; the mark of a child.
const PROGRAM: &str = "RECORDER_PROGRAM";

fn main() {
    if let Ok(line) = env::var(PROGRAM) {
        let (file, rest) = line.split_once(' ').unwrap();
        let (slots, program) = rest.split_once(' ').unwrap();
        return child(file.as_ref(), slots.parse().unwrap(), &program.parse().unwrap());
    }
    let generated =
        |name, pace, threads, cases| Trial::test(name, move || same_as_dhat(pace, threads, cases));
    let pinned = |name, test: fn() -> Result<(), TestCaseError>| {
        Trial::test(name, move || test().map_err(|error| Failed::from(error.to_string())))
    };
    let trials = vec![
        generated("one_thread", Pace::LockStep, 1, 16),
        generated("threads_in_lock_step", Pace::LockStep, 4, 16),
        generated("two_racing_threads", Pace::Racing, 2, 5),
        generated("four_racing_threads", Pace::Racing, 4, 5),
        generated("eight_racing_threads", Pace::Racing, 8, 5),
        pinned("a_slot_changes_hands", a_slot_changes_hands),
        pinned("a_stack_deeper_than_the_limit", a_stack_deeper_than_the_limit),
        pinned("a_callback_from_c", a_callback_from_c),
        pinned("a_difference_is_told", a_difference_is_told),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Carries the program out and says where the anchor lies and, under ours, what the shadow says.
fn child(file: &Path, slots: usize, program: &Program) {
    let stage: &'static Stage = Box::leak(Box::new(Stage::new(program.pace, Steps::of(program))));
    if switched::is_dhat() {
        // Nothing is trimmed but dhat's own frames and those below `main`.
        let build = || dhat::Profiler::builder().trim_backtraces(Some(usize::MAX)).build();
        stage.run(build, |mut profiler| {
            fs::write(file, profiler.drop_and_get_memory_output()).unwrap();
            // Dropped a second time, the profiler would panic.
            std::mem::forget(profiler);
        });
    } else {
        let limits = Limits { depth: 64, stacks: 4_096, frames: 1 << 16, threads: slots };
        Recorder::create(file, limits).unwrap().install().unwrap();
        stage.run(|| assert!(plimsoll_recorder::open()), |()| assert!(plimsoll_recorder::close()));
    }
    let line = format!("{} {}", sites::anchor(), shadow::line());
    io::stdout().write_all(line.as_bytes()).unwrap();
}

/// Runs a child; where its anchor lay and what its shadow counted.
fn start(file: &Path, slots: usize, program: &Program, is_dhat: bool) -> (u64, Usage) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.env(PROGRAM, format!("{} {slots} {program}", file.display()));
    if is_dhat {
        command.env("RECORDER_ORACLE", "dhat");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let differences = String::from_utf8(output.stdout).unwrap();
    let (anchor, shadow) = differences.split_once(' ').unwrap();
    (anchor.parse().unwrap(), shadow::parse(shadow))
}

fn under_dhat(program: &Program) -> (Chains, Names) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dhat.json");
    let (anchor, _) = start(&file, 0, program, true);
    chains::of_dhat(&fs::read_to_string(file).unwrap(), anchor)
}

/// A recording of ours that is sound and agrees with the shadow, peak and all.
fn under_ours(program: &Program, slots: usize, names: &Names) -> Result<Chains, TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording");
    let (anchor, shadow) = start(&file, slots, program, false);
    let recording = Recording::read(&file).unwrap();
    prop_assert_eq!(&recording.faults[..], &[]);
    prop_assert_eq!(recording.state, State::Closed);
    prop_assert_eq!(recording.totals, shadow, "the totals, and the shadow, with {} slots", slots);
    let chains = chains::of_ours(&recording, anchor, names);
    prop_assert_eq!(chains.totals(), recording.totals);
    Ok(chains)
}

/// With a slot for every thread, with too few, and with the one global lock.
fn compare(program: &Program) -> Result<(), TestCaseError> {
    let (dhat, names) = under_dhat(program);
    for slots in [64, 1, 0] {
        let ours = under_ours(program, slots, &names)?;
        let differences = match program.pace {
            Pace::LockStep => dhat.against(&ours, &names),
            Pace::Racing => dhat.clone().without_peaks().against(&ours.without_peaks(), &names),
        };
        prop_assert!(differences.is_empty(), "with {} slots:\n{}", slots, differences);
    }
    Ok(())
}

fn same_as_dhat(pace: Pace, threads: usize, cases: u32) -> Result<(), Failed> {
    // Every run finds the same programs, so that there is nothing to be kept for the next one.
    let mut config = Config { failure_persistence: None, ..Config::default() };
    let unset = |name| env::var_os(name).is_none();
    if unset("PROPTEST_CASES") {
        config.cases = cases;
    }
    if unset("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(1);
    }
    if unset("PROPTEST_MAX_SHRINK_ITERS") {
        config.max_shrink_iters = 200;
    }
    TestRunner::new(config)
        .run(&program::programs(pace, threads), |program| compare(&program))
        .map_err(|error| Failed::from(error.to_string()))
}

/// One thread that makes these choices.
fn one_thread(choices: &[Choice]) -> Program {
    let choices = choices.to_vec();
    Program { pace: Pace::LockStep, threads: 1, before: 0, most: usize::MAX, choices }
}

/// Of a peak of 1,000,000 two threads may take 500,000 each without a word. One takes 400,000 and
/// ends; what is left of its credit is not its successor's, who with 450,000 makes a new peak:
/// 400,000 + 450,000 + 450,000.
fn a_slot_changes_hands() -> Result<(), TestCaseError> {
    let start = Choice { what: program::START, ..Choice::default() };
    let end = Choice { what: program::END, ..Choice::default() };
    let free = Choice { what: program::FREE, ..Choice::default() };
    let make = |thread, size| Choice { what: program::MAKE, thread, size, ..Choice::default() };
    let first = [start.clone(), make(0, 1_000_000), free.clone(), make(1, 10), make(1, 400_000)];
    let second = [end, start, make(0, 450_000), make(1, 450_000), free.clone(), free];
    let mut program = one_thread(&[&first[..], &second].concat());
    program.threads = 2;
    compare(&program)
}

/// dhat keeps all frames of a stack, we the innermost 64: as far as those go there is no
/// difference, and stacks that differ further out only are one.
fn a_stack_deeper_than_the_limit() -> Result<(), TestCaseError> {
    let deep = |size, path| Choice { what: program::DEEP, size, path, ..Choice::default() };
    let program = one_thread(&[deep(1_000, 100), deep(200, 101), deep(30, 102)]);
    let (dhat, names) = under_dhat(&program);
    let ours = under_ours(&program, 64, &names)?;
    prop_assert_eq!(dhat.innermost(50), ours.innermost(50));
    let (three, one) = (dhat.0.len(), ours.0.len());
    prop_assert_eq!((three, one), (3, 1));
    prop_assert_eq!(ours.totals().peak, Amount { bytes: 1_000 + 200 + 30, blocks: 3 });
    Ok(())
}

/// dhat unwinds through C by its tables, we along frame pointers, which C need not keep: what
/// lies beyond the callback may be missing or foreign. By the callback there is no difference.
fn a_callback_from_c() -> Result<(), TestCaseError> {
    let program =
        one_thread(&[Choice { what: program::THROUGH_C, size: 500, ..Choice::default() }]);
    let (dhat, names) = under_dhat(&program);
    let ours = under_ours(&program, 64, &names)?;
    // The callback, and what it calls.
    prop_assert_eq!(dhat.innermost(2), ours.innermost(2));
    prop_assert!(dhat.0.keys().all(|chain| chain.len() > 2), "{:?}", dhat);
    // How often it is called is the C library's own affair.
    prop_assert!(ours.totals().peak.blocks > 0);
    Ok(())
}

/// 64 bytes under dhat are not 100 under ours, and that site is named.
fn a_difference_is_told() -> Result<(), TestCaseError> {
    let raw = |size| one_thread(&[Choice { what: program::MAKE, size, ..Choice::default() }]);
    let (dhat, names) = under_dhat(&raw(64));
    let differences = dhat.against(&under_ours(&raw(64), 64, &names)?, &names);
    prop_assert_eq!(differences, "");
    let differences = dhat.against(&under_ours(&raw(100), 64, &names)?, &names);
    prop_assert!(differences.contains("differential::sites::raw"), "{}", differences);
    prop_assert!(
        differences.contains("bytes: 64") && differences.contains("bytes: 100"),
        "{}",
        differences
    );
    Ok(())
}
