//! One table of what recorders cost, as the guide shows it: this one, dhat, heaptrack, valgrind.
//!
//! ```sh
//! cargo run --release --package plimsoll-recorder --example ratios
//! ```
//!
//! Every run is a process of its own, and before each stands one without a recorder: none, X,
//! none, X … Each figure is the median over these pairs, of CPU time. A number after `--` says how often the quick runs are
//! repeated; 3 is the default. Of recorders that live in the program only the work
//! itself is counted; of tools that run it, all that they and it take, against all of a program
//! that runs alone.

#[path = "../benches/support/churn.rs"]
mod churn;
#[path = "../benches/support/clock.rs"]
mod clock;
#[path = "../benches/support/directory.rs"]
mod directory;
#[path = "../benches/support/recorder.rs"]
mod recorder;
#[path = "ratios/run.rs"]
mod run;
#[path = "../tests/support/tagged.rs"]
mod tagged;

use std::io::{self, Write as _};
use std::time::Duration;

use anyhow::Result;
use run::{PAIRS, Program, WORKS, Work};

#[global_allocator]
static ALLOCATOR: tagged::Tagged = tagged::Tagged;

/// A line of the table.
struct Row {
    name: &'static str,
    program: Program,
    /// How many times each work is run: so many times the number on the command line, or once.
    runs: Option<[usize; WORKS.len()]>,
    exact: &'static str,
}

const QUICK: [usize; WORKS.len()] = [3, 1, 5, 5];

const ROWS: [Row; 8] = [
    ours("counters, no call stacks", "counting", Some(QUICK), "no sites"),
    ours("**plimsoll-recorder**, 10 frames", "ours 10", Some(QUICK), "yes, checked at every run"),
    ours("**plimsoll-recorder**, 32 frames", "ours 32", Some(QUICK), "yes, checked at every run"),
    ours(
        "… 64 frames and the counters, as in a judged run",
        "ours 64 + counter",
        Some(QUICK),
        "yes, checked at every run",
    ),
    ours("dhat-rs, 10 frames", "dhat 10", None, "yes"),
    ours("dhat-rs, all frames", "dhat all", None, "yes"),
    Row {
        name: "heaptrack",
        program: Program::Tool(&["heaptrack", "--output", run::SCRATCH]),
        runs: None,
        exact: "by its documentation",
    },
    Row {
        name: "valgrind --tool=dhat",
        program: Program::Tool(&["valgrind", "--tool=dhat", "--dhat-out-file=/dev/null"]),
        runs: None,
        exact: "by its documentation",
    },
];

const fn ours(
    name: &'static str,
    recorder: &'static str,
    runs: Option<[usize; WORKS.len()]>,
    exact: &'static str,
) -> Row {
    Row { name, program: Program::Recorder(recorder), runs, exact }
}

fn main() -> Result<()> {
    if let Some(recorder) = recorder::chosen() {
        return run::child(&recorder);
    }
    let times = std::env::args().nth(1).map_or(Ok(3), |number| number.parse())?;
    let mut out = io::stdout().lock();
    let mut transfers = Vec::new();
    let [first, second, third, fourth] =
        WORKS.map(|work| plain(work, times, &mut transfers)).map(|time| time.unwrap_or_default());
    writeln!(
        out,
        "| recorder | directory of 2,000 accounts, CPU | 20,000 accounts, CPU | ns per pair, \
         1 thread | CPU ns per pair, 2 threads | exact peak per call site? |\n\
         |---|---|---|---|---|---|\n\
         | none | {:.2} s | {:.2} s | {:.0} | {:.0} | |",
        first.as_secs_f64(),
        second.as_secs_f64(),
        per_pair(third),
        per_pair(fourth),
    )?;
    for row in &ROWS {
        let mut line = format!("| {} |", row.name);
        let runs = row.runs.map_or([1; WORKS.len()], |runs| runs.map(|runs| runs * times));
        for (work, runs) in WORKS.into_iter().zip(runs) {
            line += &format!(" {} |", cell(row, work, runs, &mut transfers)?);
        }
        writeln!(out, "{line} {} |", row.exact)?;
    }
    footnote(&mut out, times, &mut transfers)
}

fn plain(work: Work, runs: usize, transfers: &mut Vec<Duration>) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..runs {
        transfers.extend(work.transfer());
        times.push(Program::Recorder("none").run(work)?.map_or(Duration::ZERO, |ran| ran.inside));
    }
    Ok(median(&mut times))
}

/// What the row's program costs more than none, in the unit of the work's column.
fn cell(row: &Row, work: Work, runs: usize, transfers: &mut Vec<Duration>) -> Result<String> {
    let mut pairs = Vec::new();
    for _ in 0..runs {
        transfers.extend(work.transfer());
        let (Some(none), Some(some)) =
            (Program::Recorder("none").run(work)?, row.program.run(work)?)
        else {
            return Ok("not installed".into());
        };
        let whole = matches!(row.program, Program::Tool(_));
        let (without, with) =
            if whole { (none.whole, some.whole) } else { (none.inside, some.inside) };
        pairs.push(match work {
            Work::Directory(_) => with.as_secs_f64() / without.as_secs_f64(),
            Work::Churn(_) => per_pair(with) - per_pair(without),
        });
    }
    pairs.sort_by(f64::total_cmp);
    let middle = pairs.get(pairs.len() / 2).copied().unwrap_or(f64::NAN);
    Ok(match work {
        Work::Directory(_) => format!("× {middle:.2}"),
        Work::Churn(_) => format!("{middle:+.0}"),
    })
}

fn per_pair(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9 / PAIRS as f64
}

/// The upper one of the two in the middle.
fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn footnote(out: &mut impl io::Write, times: usize, transfers: &mut [Duration]) -> Result<()> {
    let middle = median(transfers).as_nanos();
    let [least, most] =
        [transfers.first(), transfers.last()].map(|time| time.map_or(0, |time| time.as_nanos()));
    let cpu = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("?");
    let cores = std::thread::available_parallelism()?;
    let [first, second, third, fourth] = QUICK.map(|runs| runs * times);
    writeln!(
        out,
        "\nA pair is an allocation of 16 to 512 B and a release, 20 frames deep; `+` is what it \
         takes more than without a recorder. Two threads contend as hard as they can: a cache \
         line took {middle} ns from one core to the other ({least} to {most} between runs). \
         {model}, {cores} cores; medians of {first}, {second}, {third} and {fourth} runs by column, of \
         dhat-rs, heaptrack and valgrind one each. heaptrack and valgrind: CPU time of the whole \
         command.",
    )?;
    Ok(())
}
