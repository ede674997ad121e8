//! What recording costs: pairs of an allocation and a release, in CPU time.
//!
//! Every recorder runs in a process of its own, since a process records once; the benchmark
//! starts itself for each. The figure is the CPU time of one pair, whatever the threads. Figures
//! under two threads depend on how far apart the machine's cores happen to be: the transfer time
//! of a cache line is printed beside them.

#[path = "../tests/support/tagged.rs"]
mod tagged;

use std::env;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::process::Command;
use std::sync::Barrier;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use criterion::Criterion;
use plimsoll_recorder::{Limits, Recorder, Recording};

#[global_allocator]
static ALLOCATOR: tagged::Tagged = tagged::Tagged;

const RECORDER: &str = "RECORDER";

fn main() {
    let Ok(recorder) = env::var(RECORDER) else {
        for recorder in ["none", "counting", "ours-10", "ours-32", "one-lock-10"] {
            let program = env::current_exe().expect("this program has a path");
            let mut child = Command::new(program);
            let status = child.args(env::args_os().skip(1)).env(RECORDER, recorder).status();
            assert!(status.expect("it starts").success(), "{recorder}");
        }
        return;
    };
    let file = env::temp_dir().join(format!("plimsoll-bench-{}", std::process::id()));
    let depth = if recorder.ends_with("32") { 32 } else { 10 };
    let threads = if recorder.starts_with("one-lock") { 0 } else { 64 };
    match recorder.as_str() {
        "none" => {}
        "counting" => tagged::COUNTED.on.store(true, Ordering::SeqCst),
        _ => {
            let limits = Limits { depth, threads, ..Limits::default() };
            let installed = Recorder::create(&file, limits).and_then(Recorder::install);
            installed.expect("it can record");
            plimsoll_recorder::open();
        }
    }
    bench(&recorder);
    if plimsoll_recorder::close() {
        let recording = Recording::read(&file).expect("it was recorded");
        assert_eq!(recording.faults, []);
        std::fs::remove_file(&file).expect("it is there");
    }
}

fn bench(recorder: &str) {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("recorders");
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    // One thread first: once there was a second one, the first is never alone again.
    for threads in [1, 2] {
        for frames in [20, 60] {
            let name = format!("{recorder}/{frames}-frames/{threads}-threads");
            group.bench_function(name, |bencher| {
                if threads == 2 {
                    let near = ping_pong().as_nanos();
                    _ = writeln!(io::stderr(), "a cache line travels {near} ns one way");
                }
                bencher.iter_custom(|pairs| pairs_on(threads, frames, pairs as usize));
            });
        }
    }
    group.finish();
}

/// Blocks that each thread holds while it replaces them.
const LIVE: usize = 10_000;

/// CPU time of `pairs` replacements on each thread, divided by the threads.
fn pairs_on(threads: usize, frames: usize, pairs: usize) -> Duration {
    if threads == 1 {
        // The only thread there is: that is what a program without threads looks like.
        return cpu_time_of(frames, pairs, || {});
    }
    let total = AtomicI64::new(0);
    let ready = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let time = cpu_time_of(frames, pairs, || _ = ready.wait());
                total.fetch_add(time.as_nanos() as i64, Ordering::SeqCst);
            });
        }
    });
    Duration::from_nanos(total.into_inner() as u64 / threads as u64)
}

fn cpu_time_of(frames: usize, pairs: usize, ready: impl FnOnce()) -> Duration {
    let mut blocks: Vec<Vec<u8>> = (0..LIVE).map(|at| Vec::with_capacity(16 + at % 497)).collect();
    ready();
    let start = cpu_time();
    deep(frames, &mut blocks, pairs);
    cpu_time() - start
}

/// Descends so many frames, then works there: the descent itself is not what is measured.
#[inline(never)]
fn deep(frames: usize, blocks: &mut [Vec<u8>], pairs: usize) {
    if frames > 1 {
        deep(frames - 1, blocks, pairs);
    } else {
        replace(blocks, pairs);
    }
    black_box(frames);
}

/// Replaces blocks in a fixed, scattered order, from four sites.
#[inline(never)]
fn replace(blocks: &mut [Vec<u8>], pairs: usize) {
    let mut dice = 1u64;
    for _ in 0..pairs {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let which = (dice >> 33) as usize % LIVE;
        let size = 16 + (dice >> 20) as usize % 497;
        blocks[which] = match dice >> 62 {
            0 => first(size),
            1 => second(size),
            2 => third(size),
            _ => fourth(size),
        };
    }
}

macro_rules! sites {
    ($($name:ident)*) => { $(
        #[inline(never)]
        fn $name(size: usize) -> Vec<u8> {
            black_box(Vec::with_capacity(black_box(size)))
        }
    )* };
}
sites!(first second third fourth);

/// The CPU time of the calling thread.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// How long a cache line takes from one core to the other.
fn ping_pong() -> Duration {
    const ROUNDS: usize = 200_000;
    let ball = AtomicUsize::new(0);
    let wait = |mine: usize| while ball.load(Ordering::Acquire) != mine {};
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..ROUNDS {
                wait(2 * round + 1);
                ball.store(2 * round + 2, Ordering::Release);
            }
        });
        let start = Instant::now();
        for round in 0..ROUNDS {
            wait(2 * round);
            ball.store(2 * round + 1, Ordering::Release);
        }
        wait(2 * ROUNDS);
        start.elapsed() / (2 * ROUNDS as u32)
    })
}
