//! Threads without order: they begin and end all the time, hand blocks on, allocate while they
//! end, panic, outnumber the slots, and are still at it when the recording opens and closes. To
//! the byte, the recording must be what the shadow counted meanwhile.
#![expect(clippy::unwrap_used, reason = "a test without the harness that clippy knows")]

#[path = "support/shadow.rs"]
mod shadow;
#[path = "support/shadowed.rs"]
mod shadowed;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::env;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::panic::{catch_unwind, resume_unwind};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use libtest_mimic::{Arguments, Trial};
use plimsoll_recorder::{Limits, Recorder, Recording, State};

#[global_allocator]
static ALLOCATOR: shadowed::Shadowed = shadowed::Shadowed;

/// The output file, then slots, lanes and a seed; the mark of a child.
const STRESS: &str = "RECORDER_STRESS";

fn main() {
    if let Ok(line) = env::var(STRESS) {
        let part: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| part[at].parse().unwrap();
        Recorder::create(part[0].as_ref(), Limits { threads: number(1), ..Limits::default() })
            .unwrap()
            .install()
            .unwrap();
        let scenario = if part[2] == "even" { even } else { lanes };
        scenario(number(3) as u64, number(4) as u64);
        return io::stdout().write_all(shadow::line().as_bytes()).unwrap();
    }
    let trial = |name, scenario, lanes, slots| {
        Trial::test(name, move || {
            agrees(scenario, lanes, slots);
            Ok(())
        })
    };
    let trials = vec![
        trial("one_lane", "lanes", 1, 64),
        trial("two_lanes", "lanes", 2, 64),
        trial("four_lanes", "lanes", 4, 64),
        trial("eight_lanes", "lanes", 8, 64),
        trial("more_threads_than_slots", "lanes", 8, 5),
        trial("one_slot", "lanes", 4, 1),
        trial("one_global_lock", "lanes", 8, 0),
        trial("equal_peaks_of_two_threads", "even", 2, 64),
        trial("equal_peaks_of_four_threads", "even", 4, 64),
        trial("equal_peaks_of_eight_threads", "even", 8, 64),
        trial("equal_peaks_without_slots", "even", 4, 2),
        trial("equal_peaks_under_the_global_lock", "even", 4, 0),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Several times, since each has an order of its own.
fn agrees(scenario: &str, lanes: usize, slots: usize) {
    for seed in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("recording");
        let line = format!("{} {slots} {scenario} {lanes} {seed}", file.display());
        let output = Command::new(env::current_exe().unwrap()).env(STRESS, line).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let shadow = shadow::parse(&String::from_utf8(output.stdout).unwrap());
        let recording = Recording::read(&file).unwrap();
        assert_eq!(recording.state, State::Closed);
        assert_eq!(recording.faults, []);
        assert_eq!(recording.totals, shadow, "{lanes} lanes, {slots} slots, seed {seed}");
        if scenario == "lanes" {
            assert!(recording.stacks.len() > 1_024, "{} stacks", recording.stacks.len());
        }
        // Each lane has 60 threads of 400 events and more; the even ones take 50,000 blocks each.
        assert!(shadow.total.blocks > lanes as u64 * 60 * 100, "{shadow:?}");
    }
}

/// Lanes of short-lived threads, and two threads that are there before and after.
fn lanes(lanes: u64, seed: u64) {
    let restless = || {
        while !OVER.load(Ordering::Relaxed) {
            drop(work(7, 50))
        }
    };
    let restless: Vec<_> = (0..2).map(|_| thread::spawn(restless)).collect();
    thread::yield_now();
    assert!(plimsoll_recorder::open());
    let lanes: Vec<_> =
        (0..lanes).map(|at| thread::spawn(move || lane((seed * 64 + at) << 32))).collect();
    lanes.into_iter().for_each(|lane| lane.join().unwrap());
    assert!(plimsoll_recorder::close());
    let line = shadow::line();
    drop(work(seed, 1_000));
    OVER.store(true, Ordering::Relaxed);
    restless.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(shadow::line(), line, "nothing gets in after the end");
}

static OVER: AtomicBool = AtomicBool::new(false);

/// Threads one after the other, three at a time. One in five ends by a panic.
fn lane(seed: u64) {
    let mut running: VecDeque<(u64, JoinHandle<()>)> = VecDeque::new();
    for at in 0..60 {
        if running.len() == 3 {
            let (at, oldest) = running.pop_front().unwrap();
            assert_eq!(oldest.join().is_err(), at % 5 == 0);
        }
        running.push_back((at, thread::spawn(move || life(seed + at, at % 5 == 0))));
    }
    for (at, thread) in running {
        assert_eq!(thread.join().is_err(), at % 5 == 0);
    }
}

/// Without the panic's message, which would be the hook's business.
fn life(seed: u64, panics: bool) {
    LATE.with_borrow_mut(|late| late.0.push(vec![1; 100]));
    let _held = work(seed, 200);
    assert!(catch_unwind(|| resume_unwind(Box::new(work(!seed, 20)))).is_err());
    if let Some(foreign) = EXCHANGE.lock().unwrap().pop() {
        LATE.with_borrow_mut(|late| late.0.push(foreign));
    }
    if panics {
        let _held = work(seed, 50);
        resume_unwind(Box::new([0u8; 48]));
    }
    work(seed, 200);
}

/// Blocks that are on their way from one thread to another.
static EXCHANGE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// Allocates, resizes, frees and exchanges vectors. Few sizes, so that equal peaks are common.
fn work(seed: u64, events: usize) -> Vec<Vec<u8>> {
    let mut dice = seed.wrapping_mul(2).wrapping_add(1);
    let mut below = |end: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % end
    };
    let mut own: Vec<Vec<u8>> = Vec::new();
    for _ in 0..events {
        let size = 16 << below(6);
        match below(9) {
            0..3 => own.push(make(below(512), 9, size)),
            3 => EXCHANGE.lock().unwrap().extend(own.pop()),
            4 => own.extend(EXCHANGE.lock().unwrap().pop()),
            5 => drop(EXCHANGE.lock().unwrap().pop()),
            _ if own.is_empty() => {}
            6 => {
                let at = below(own.len());
                own[at].reserve_exact(size);
            }
            7 => {
                let at = below(own.len());
                own[at].truncate(size / 2);
                own[at].shrink_to_fit();
            }
            _ => drop(own.swap_remove(below(own.len()))),
        }
    }
    own
}

/// Allocates on one of 512 stacks: more of them than a slot has entries, all in all, so that some
/// stacks have to share one.
#[inline(never)]
fn make(path: usize, levels: usize, size: usize) -> Vec<u8> {
    if levels == 0 {
        return if size < 64 {
            black_box(vec![0; size])
        } else {
            black_box(Vec::with_capacity(size))
        };
    }
    // Two calls, hence two return addresses.
    let block = if path.is_multiple_of(2) {
        black_box(make(path / 2, levels - 1, size))
    } else {
        black_box(make(path / 2, levels - 1, size + 1))
    };
    black_box(block)
}

/// Each thread holds 128 bytes or nothing, in one block, two or four; so the whole comes to the
/// same peak over and over, and each time with other blocks.
fn even(threads: u64, seed: u64) {
    let life = |mut dice: u64| {
        for _ in 0..20_000 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let count = 1 << ((dice >> 33) % 3);
            let take = |at| (at < count).then(|| black_box(Vec::<u8>::with_capacity(128 / count)));
            drop(black_box([0, 1, 2, 3].map(take)));
        }
    };
    assert!(plimsoll_recorder::open());
    let threads: Vec<_> =
        (0..threads).map(|at| thread::spawn(move || life(seed * 64 + at))).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert!(plimsoll_recorder::close());
}

/// Works while thread locals are dropped, and leaves a block for good.
struct Late(Vec<Vec<u8>>);

impl Drop for Late {
    fn drop(&mut self) {
        let mut last = work(self.0.len() as u64, 30);
        std::mem::forget(last.pop());
    }
}

thread_local! {
    static LATE: RefCell<Late> = const { RefCell::new(Late(Vec::new())) };
}
