//! What recording costs, in CPU time: of one pair of an allocation and a release, and of building
//! a directory of accounts.
//!
//! Every recorder runs in a process of its own, since a process records once; the benchmark
//! starts itself for each. Figures under two threads depend on how far apart the machine's cores
//! happen to be: the transfer time of a cache line is printed beside them. All recorders side by
//! side in one table: `cargo run --release --example ratios`.

#[path = "support/churn.rs"]
mod churn;
#[path = "support/clock.rs"]
mod clock;
#[path = "support/directory.rs"]
mod directory;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "../tests/support/tagged.rs"]
mod tagged;

use std::env;
use std::io::{self, Write as _};
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};

#[global_allocator]
static ALLOCATOR: tagged::Tagged = tagged::Tagged;

const RECORDERS: [&str; 8] = [
    "none",
    "counting",
    "ours 10",
    "ours 32",
    "ours 64 + counter",
    "one lock 10",
    "dhat 10",
    "dhat all",
];

fn main() {
    if let Some(recorder) = recorder::chosen() {
        recorder::record(&recorder, || bench(&recorder));
        return;
    }
    for recorder in RECORDERS {
        let status = recorder::under(recorder).args(env::args_os().skip(1)).status();
        assert!(status.expect("it starts").success(), "{recorder}");
    }
}

/// One thread first: once there was a second one, the first is never alone again.
fn bench(recorder: &str) {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("recorders");
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    bench_churn(&mut group, recorder, 1);
    bench_directory(&mut group, recorder);
    bench_churn(&mut group, recorder, 2);
    group.finish();
}

fn bench_churn(group: &mut BenchmarkGroup<'_, WallTime>, recorder: &str, threads: usize) {
    group.sample_size(30).sampling_mode(SamplingMode::Auto);
    for frames in [20, 60] {
        let name = format!("{recorder}/pair, {frames} frames deep, {threads} threads");
        group.bench_function(name, |bencher| {
            if threads == 2 {
                let near = clock::ping_pong().as_nanos();
                _ = writeln!(io::stderr(), "a cache line travels {near} ns one way");
            }
            bencher.iter_custom(|pairs| churn::pairs_on(threads, frames, pairs as usize));
        });
    }
}

/// One run a sample, and no more samples than criterion insists on: under dhat one takes 15 s.
fn bench_directory(group: &mut BenchmarkGroup<'_, WallTime>, recorder: &str) {
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for accounts in [2_000, 20_000] {
        group.bench_function(format!("{recorder}/directory of {accounts}"), |bencher| {
            bencher.iter_custom(|times| {
                let work =
                    || (0..times).for_each(|_| _ = directory::grow(accounts).expect("it holds"));
                clock::cpu_time_of(work)
            });
        });
    }
}
