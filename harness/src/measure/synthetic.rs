//! A work that really takes what it is told to, in the place of a case's own: with it the whole
//! way from the process to the verdict is tried.

mod memory;
mod stack;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use plimsoll_format::Metric;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::measure::measurement::Outcome;
use crate::measure::needs::Needs;
use crate::measure::probe::{Mode, clock, sites};
use crate::measure::window;

/// The span that stands for the one of a budget's phase.
pub(crate) const SPAN: &str = "plimsoll_ballast";

/// What is to be taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ballast {
    /// The figure that is to be reached.
    pub(crate) metric: Metric,
    /// How much, in the metric's base unit.
    pub(crate) amount: f64,
    /// Beyond what the process has already when the work begins.
    pub(crate) above_start: bool,
    /// Within the span [`SPAN`].
    pub(crate) in_span: bool,
    /// What the work answers.
    pub(crate) output: Value,
    /// The field of the answer that a throughput counts.
    pub(crate) rate: Option<String>,
    /// Leaves before anything is written down.
    pub(crate) quits: bool,
}

/// Runs a ballast as a work is run.
pub(crate) fn run(ballast: Ballast, lens: Mode, needs: Needs, tables: &Path) -> Outcome {
    if let Err(reason) = window::ready(lens) {
        return Outcome::NotMeasured(reason.to_owned());
    }
    let recorder = sites::recorder(lens, tables);
    let ballast = ballast.prepared();
    window::measure(|| ballast.work(), lens, needs, recorder)
}

impl Ballast {
    /// Everything of the answer is there before the window: nothing but the ballast is to weigh.
    fn prepared(mut self) -> Self {
        if let (Some(rate), Value::Object(fields)) = (&self.rate, &mut self.output) {
            fields.insert(rate.clone(), 0.0.into());
        }
        self
    }

    /// The work.
    fn work(mut self) -> Result<Value, String> {
        if self.quits {
            std::process::exit(0);
        }
        let count = match self.in_span {
            true => tracing::info_span!(SPAN).in_scope(|| self.take())?,
            false => self.take()?,
        };
        if let Some(counted) = self.rate.as_ref().and_then(|rate| self.output.get_mut(rate)) {
            *counted = count.into();
        }
        Ok(self.output)
    }

    /// Takes it, and says how many events that were, where it is a rate.
    fn take(&self) -> Result<f64, String> {
        let whole = self.amount.round() as usize;
        match self.metric {
            Metric::PeakHeap | Metric::TotalHeap => drop(black_box(block(whole))),
            Metric::EndHeap => std::mem::forget(black_box(block(whole))),
            Metric::PeakBlocks | Metric::TotalBlocks => drop(black_box(Chain::of(whole))),
            Metric::EndBlocks => std::mem::forget(black_box(Chain::of(whole))),
            Metric::Reallocations => resize(whole),
            Metric::CpuTime | Metric::WallTime => spend(self.metric, self.amount),
            Metric::Throughput | Metric::CpuThroughput => {
                return Ok(self.amount * spent(self.metric, BUSY));
            }
            Metric::PeakStack => stack::descend(whole),
            metric => self.reach(metric)?,
        }
        Ok(0.0)
    }

    /// Brings a figure of the process to the amount, by what it lacks of it.
    fn reach(&self, metric: Metric) -> Result<(), String> {
        let now = if self.above_start { 0.0 } else { memory::now(metric)? };
        let missing = self.amount - now;
        if missing < 0.0 {
            return Err(format!("{metric} is {now} B before anything was taken"));
        }
        memory::take(metric, missing.round() as usize)
    }
}

/// How long a rate is kept up.
const BUSY: f64 = 0.2;

/// A block of which nothing is touched.
fn block(bytes: usize) -> Vec<u8> {
    Vec::with_capacity(bytes)
}

/// Blocks of one word that hold each other: nothing else is allocated.
struct Chain(Option<Box<Chain>>);

impl Chain {
    fn of(blocks: usize) -> Self {
        (0..blocks).fold(Self(None), |chain, _| Self(Some(Box::new(chain))))
    }
}

impl Drop for Chain {
    /// One after the other: by itself each would wait for the next, on the stack.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut chain) = next {
            next = chain.0.take();
        }
    }
}

fn resize(times: usize) {
    let mut block = Vec::<u8>::with_capacity(64);
    for time in 0..times {
        match time % 2 {
            0 => block.reserve_exact(128),
            _ => block.shrink_to(64),
        }
        black_box(&mut block);
    }
}

fn spend(metric: Metric, seconds: f64) {
    _ = spent(metric, seconds);
}

/// Is busy for so long, by the metric's clock, and says for how long exactly.
fn spent(metric: Metric, seconds: f64) -> f64 {
    let of_processor = matches!(metric, Metric::CpuTime | Metric::CpuThroughput);
    let (start, cpu) = (Instant::now(), clock::process_cpu_time().unwrap_or_default());
    loop {
        let passed = match of_processor {
            true => clock::process_cpu_time().unwrap_or(Duration::MAX).saturating_sub(cpu),
            false => start.elapsed(),
        };
        if passed.as_secs_f64() >= seconds {
            return passed.as_secs_f64();
        }
    }
}
