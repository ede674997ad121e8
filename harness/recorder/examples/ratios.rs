//! One table of what recorders cost, as the README shows it: this one, dhat, heaptrack, valgrind.
//!
//! ```sh
//! cargo run --release --package plimsoll-recorder --example ratios
//! ```
//!
//! Every run is a process of its own, and before each stands one without a recorder: none, X,
//! none, X … Both medians are of CPU time. Of recorders that live in the program only the work
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

/// A line of the table, and how many times each work is run for it.
struct Row {
    name: &'static str,
    program: Program,
    runs: [usize; WORKS.len()],
    exact: &'static str,
}

const MANY: [usize; WORKS.len()] = [9, 3, 15, 15];
const FEW: [usize; WORKS.len()] = [3, 1, 3, 3];
const ONCE: [usize; WORKS.len()] = [1, 1, 1, 1];

const ROWS: [Row; 8] = [
    ours("counters, no call stacks", "counting", MANY, "no sites"),
    ours("**plimsoll-recorder**, 10 frames", "ours 10", MANY, "yes, checked at every run"),
    ours("**plimsoll-recorder**, 32 frames", "ours 32", MANY, "yes, checked at every run"),
    ours("… and the gate's counters", "ours 32 + counter", MANY, "yes, checked at every run"),
    ours("dhat-rs, 10 frames", "dhat 10", FEW, "yes"),
    ours("dhat-rs, all frames", "dhat all", FEW, "yes"),
    Row {
        name: "heaptrack",
        program: Program::Tool(&["heaptrack", "--output", run::SCRATCH]),
        runs: FEW,
        exact: "by its documentation",
    },
    Row {
        name: "valgrind --tool=dhat",
        program: Program::Tool(&["valgrind", "--tool=dhat", "--dhat-out-file=/dev/null"]),
        runs: ONCE,
        exact: "by its documentation",
    },
];

const fn ours(
    name: &'static str,
    recorder: &'static str,
    runs: [usize; WORKS.len()],
    exact: &'static str,
) -> Row {
    Row { name, program: Program::Recorder(recorder), runs, exact }
}

fn main() -> Result<()> {
    if let Some(recorder) = recorder::chosen() {
        return run::child(&recorder);
    }
    let mut out = io::stdout().lock();
    let mut transfers = Vec::new();
    let [first, second, third, fourth] =
        WORKS.map(|work| plain(work, &mut transfers)).map(|time| time.unwrap_or_default());
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
        for (work, runs) in WORKS.into_iter().zip(row.runs) {
            line += &format!(" {} |", cell(row, work, runs, &mut transfers)?);
        }
        writeln!(out, "{line} {} |", row.exact)?;
    }
    footnote(&mut out, &mut transfers)
}

fn plain(work: Work, transfers: &mut Vec<Duration>) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..5 {
        transfers.extend(work.transfer());
        times.push(Program::Recorder("none").run(work)?.map_or(Duration::ZERO, |ran| ran.inside));
    }
    Ok(median(&mut times))
}

/// What the row's program costs more than none, in the unit of the work's column.
fn cell(row: &Row, work: Work, runs: usize, transfers: &mut Vec<Duration>) -> Result<String> {
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        transfers.extend(work.transfer());
        let (Some(none), Some(some)) =
            (Program::Recorder("none").run(work)?, row.program.run(work)?)
        else {
            return Ok("not installed".into());
        };
        let whole = matches!(row.program, Program::Tool(_));
        without.push(if whole { none.whole } else { none.inside });
        with.push(if whole { some.whole } else { some.inside });
    }
    let (without, with) = (median(&mut without), median(&mut with));
    Ok(match work {
        Work::Directory(_) => format!("× {:.2}", with.as_secs_f64() / without.as_secs_f64()),
        Work::Churn(_) => format!("{:+.0}", per_pair(with) - per_pair(without)),
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

fn footnote(out: &mut impl io::Write, transfers: &mut [Duration]) -> Result<()> {
    let middle = median(transfers).as_nanos();
    let [least, most] =
        [transfers.first(), transfers.last()].map(|time| time.map_or(0, |time| time.as_nanos()));
    let cpu = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("?");
    let cores = std::thread::available_parallelism()?;
    writeln!(
        out,
        "\nA pair is an allocation of 16 to 512 B and a release, 20 frames deep; `+` is what it \
         takes more than without a recorder. Two threads contend as hard as they can: a cache \
         line took {middle} ns from one core to the other ({least} to {most} between runs). \
         {model}, {cores} cores; medians of {}, {}, {} and {} runs by column, of dhat-rs and \
         heaptrack {}, {}, {} and {}, of valgrind one. heaptrack and valgrind: CPU time of the \
         whole command.",
        MANY[0], MANY[1], MANY[2], MANY[3], FEW[0], FEW[1], FEW[2], FEW[3],
    )?;
    Ok(())
}
