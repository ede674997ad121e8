//! The cost of recording the directory, and whether our recorder and dhat find the same peak:
//! `cargo run --release -p wire --example recorders -- --accounts 10000 --runs 5`.
//!
//! Every run is a process of its own on one thread, after a run without a recorder. A ratio is the
//! median of CPU time over these pairs.
#![expect(clippy::print_stdout, reason = "a command line tool prints there")]

#[path = "../../../harness/recorder/benches/support/recorder.rs"]
mod recorder;
#[path = "../../../harness/recorder/tests/support/tagged.rs"]
mod tagged;

use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use wire::{Simulation, Variant};

#[global_allocator]
static ALLOCATOR: tagged::Tagged = tagged::Tagged;

/// Records the preparation and one hour of a directory.
#[derive(Parser)]
struct Arguments {
    /// The accounts that exist before the hour.
    #[arg(long, default_value_t = 10_000)]
    accounts: u32,
    /// Pairs of runs for our recorder; of dhat there is one.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// The variant of a process that was started for one run.
    #[arg(long, hide = true)]
    variant: Option<Variant>,
}

/// The figures of a run.
#[derive(Serialize, Deserialize)]
struct Ran {
    cpu: Duration,
    /// Bytes, where a recorder counted them.
    peak: Option<u64>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let (Some(name), Some(variant)) = (recorder::chosen(), arguments.variant) {
        let ran = run(&name, variant, arguments.accounts);
        println!("{}", serde_json::to_string(&ran)?);
        return Ok(());
    }
    println!("| design | recorder | CPU | peak |\n|---|---|---|---|");
    for variant in [Variant::Plain, Variant::Lean] {
        for (name, runs) in [
            ("ours 10", arguments.runs),
            ("ours 64 + counter", arguments.runs),
            ("dhat all", arguments.runs.min(1)),
        ] {
            let (ratio, peak) = pairs(name, variant, arguments.accounts, runs)?;
            println!("| {variant} | {name} | × {ratio:.2} | {peak} B |");
        }
    }
    Ok(())
}

/// How many times the CPU time a recorder takes, and the peak that it found in all runs.
fn pairs(name: &str, variant: Variant, accounts: u32, runs: usize) -> anyhow::Result<(f64, u64)> {
    let mut ratios = Vec::new();
    let mut peaks = Vec::new();
    for _ in 0..runs {
        let none = child("none", variant, accounts)?;
        let some = child(name, variant, accounts)?;
        ratios.push(some.cpu.as_secs_f64() / none.cpu.as_secs_f64());
        peaks.push(some.peak.context("a recorder has a peak")?);
    }
    ratios.sort_by(f64::total_cmp);
    peaks.dedup();
    let [peak] = peaks[..] else { anyhow::bail!("{name} found several peaks: {peaks:?}") };
    Ok((ratios[ratios.len() / 2], peak))
}

fn child(name: &str, variant: Variant, accounts: u32) -> anyhow::Result<Ran> {
    let mut command = recorder::under(name);
    command.args(["--accounts", &accounts.to_string(), "--variant", variant.name()]);
    let output = command.output()?;
    anyhow::ensure!(output.status.success(), "{name}, {variant}: {output:?}");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn run(name: &str, variant: Variant, accounts: u32) -> Ran {
    let mut cpu = Duration::ZERO;
    let peak = recorder::record(name, || {
        let from = cpu_time();
        simulate(variant, accounts).expect("all proofs hold");
        cpu = cpu_time() - from;
    });
    Ran { cpu, peak }
}

fn simulate(variant: Variant, accounts: u32) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut simulation = Simulation::new(variant, accounts, 7, 1, folder.path())?;
    simulation.prepare(|_| ())?;
    simulation.hour()?;
    Ok(())
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
