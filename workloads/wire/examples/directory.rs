//! Runs the simulation by hand:
//! `cargo run --release -p wire --example directory -- --accounts 10000 --hours 1 --variant lean`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool answers there")]

use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use wire::simulation::Counts;
use wire::{Simulation, Variant};

/// Prepares a directory of so many accounts, and simulates hours of a messenger on it.
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
    /// Where all keys and choices come from.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Threads; 0 is one on each core.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Where variants on disk put their store; without, in a temporary folder.
    #[arg(long)]
    folder: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let Arguments { accounts, hours, variant, seed, threads, folder } = Arguments::parse();
    let temporary = tempfile::tempdir()?;
    let folder = folder.unwrap_or_else(|| temporary.path().to_owned());
    let mut simulation = Simulation::new(variant, accounts, seed, threads, &folder)?;
    let from = Instant::now();
    let mut bar = Bar { accounts, tenth: 0, from };
    let prepared = simulation.prepare(|there| bar.show(there))?;
    report("preparation", &simulation, prepared, from.elapsed());
    for hour in 1..=hours {
        let from = Instant::now();
        let counts = simulation.hour()?;
        report(&format!("hour {hour}"), &simulation, counts, from.elapsed());
    }
    let (nodes, kept) = simulation.kept()?;
    println!("kept: {nodes} nodes, {kept} accounts in the builder");
    println!("process: {}", process()?);
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

/// A line on stderr that grows.
struct Bar {
    accounts: u32,
    tenth: u32,
    from: Instant,
}

impl Bar {
    fn show(&mut self, there: u32) {
        let tenth = (u64::from(there) * 50 / u64::from(self.accounts.max(1))) as u32;
        if tenth == self.tenth || !std::io::stderr().is_terminal() {
            return;
        }
        self.tenth = tenth;
        let (done, seconds) = ("#".repeat(tenth as usize), self.from.elapsed().as_secs_f64());
        eprint!("\r[{done:50}] {there} accounts, {seconds:.0} s");
        let _ = std::io::stderr().flush();
        if there >= self.accounts {
            eprintln!();
        }
    }
}

/// What the system says of this process: time on the cores, and memory.
fn process() -> anyhow::Result<String> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    // Fields 14 and 15 of proc(5), of which two are before the bracket; a tick is 10 ms.
    let ticks: u64 = [11, 12].iter().filter_map(|&at| fields.get(at)?.parse::<u64>().ok()).sum();
    let status = fs::read_to_string("/proc/self/status")?;
    let lines = ["VmHWM", "RssAnon", "RssFile"].map(|name| {
        status.lines().find(|line| line.starts_with(name)).unwrap_or(name).replace('\t', " ")
    });
    Ok(format!("{:.2} CPU s; {}", ticks as f64 / 100.0, lines.join("; ")))
}
