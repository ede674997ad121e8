//! Runs the simulation by hand:
//! `cargo run --release -p wire --example directory -- --accounts 10000 --hours 1 --variant lean`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool prints there")]

mod bar;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use testkit::{Resident, cpu_time, heap};
use wire::simulation::Counts;
use wire::{Simulation, Variant};

use crate::bar::Bar;

#[global_allocator]
static ALLOCATOR: heap::Counted = heap::Counted;

/// Prepares a directory of accounts, and simulates hours of a messenger on it.
#[derive(Parser)]
struct Arguments {
    /// The accounts that exist before the first hour.
    #[arg(long, default_value_t = 10_000)]
    accounts: u32,
    /// Hours of 41 new accounts, 250 added and 20 revoked keys.
    #[arg(long, default_value_t = 1)]
    hours: u32,
    /// plain, streaming, compact_keys, batched_proofs, disk, dense_index, lazy or lean.
    #[arg(long, default_value = "lean")]
    variant: Variant,
    /// The seed of all keys and choices.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Threads; 0 is one on each core.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// The folder for the store of variants on disk; a temporary one by default.
    #[arg(long)]
    folder: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let Arguments { accounts, hours, variant, seed, threads, folder } = Arguments::parse();
    let temporary = tempfile::tempdir()?;
    let folder = folder.unwrap_or_else(|| temporary.path().to_owned());
    let mut simulation = Simulation::new(variant, accounts, seed, threads, &folder)?;
    let from = Instant::now();
    let mut bar = Bar::new(accounts);
    let prepared = simulation.prepare(|created| bar.show(created))?;
    report("preparation", &simulation, prepared, from.elapsed());
    for hour in 1..=hours {
        let from = Instant::now();
        let counts = simulation.hour()?;
        bar.sample();
        report(&format!("hour {hour}"), &simulation, counts, from.elapsed());
    }
    let (nodes, kept) = simulation.kept()?;
    println!("kept: {nodes} nodes, {kept} accounts in the builder");
    println!(
        "CPU: {:.2} s; peak heap: {} KiB",
        cpu_time()?.as_secs_f64(),
        heap::take_peak_bytes() >> 10
    );
    println!(
        "peak RSS: {} KiB, file pages included; RssAnon, the most of all chunks and hours: {} KiB",
        Resident::now()?.peak >> 10,
        bar.anonymous_bytes >> 10,
    );
    Ok(())
}

fn report(what: &str, simulation: &Simulation, counts: Counts, time: Duration) {
    let Counts { transactions, verified, proof_bytes } = counts;
    println!("{what}: root {:?}", simulation.root());
    println!(
        "  {transactions} transactions, {verified} proofs verified, {proof_bytes} bytes of proofs, \
         {:.2} s, {:.0} operations/s",
        time.as_secs_f64(),
        transactions as f64 / time.as_secs_f64(),
    );
}
