//! The figure of one run that a budget speaks of.

use plimsoll_format::{Basis, Budget, Limit, Metric, Quantity};
use serde_json::Value;

use crate::judge::case_runs::Sample;
use crate::measure::measurement::{Measurement, Sites};
use crate::measure::probe::c_heap::CHeap;
use crate::measure::probe::phases::Phase;
use crate::measure::probe::process::{Process, Resident};
use crate::sites::component::{self, Component};
use crate::sites::profile::Usage;

/// The figure of `run` that the budget's metric asks for, or why there is none.
pub(crate) fn of(budget: &Budget, run: &Measurement, sample: &Sample) -> Result<Quantity, String> {
    let value = value(budget, run, sample)?;
    if !value.is_finite() {
        return Err(format!("{} is not a number here: the work took no time", budget.metric));
    }
    Ok(Quantity::new(value, budget.metric.unit()))
}

fn value(budget: &Budget, run: &Measurement, sample: &Sample) -> Result<f64, String> {
    if let Some(component) = &sample.component {
        return of_component(budget, component.as_ref().map_err(String::clone)?);
    }
    if let Some(phase) = &budget.phase {
        return of_phase(budget, entered(phase.span(), run)?);
    }
    let heap = || run.heap.ok_or("the heap lens was not on".to_owned());
    let process = || run.process.as_ref().map_err(String::clone);
    let cpu = || run.clock.cpu_seconds.ok_or("no CPU clock is read on this system".to_owned());
    // What is less than at the start has taken nothing.
    let grown = |figure: u64, start: u64| {
        figure.saturating_sub(if budget.above_start { start } else { 0 }) as f64
    };
    Ok(match budget.metric {
        Metric::PeakHeap => heap()?.peak_bytes as f64,
        Metric::TotalHeap => heap()?.total_bytes as f64,
        Metric::EndHeap => heap()?.end_bytes as f64,
        Metric::PeakBlocks => heap()?.peak_blocks as f64,
        Metric::TotalBlocks => heap()?.total_blocks as f64,
        Metric::EndBlocks => heap()?.end_blocks as f64,
        Metric::Reallocations => heap()?.reallocations as f64,
        Metric::PeakStack => asked(&run.stack)?.in_all() as f64,
        Metric::PeakRss => grown(process()?.peak_rss, process()?.start.rss),
        Metric::AnonymousRss => grown(process()?.end.anonymous, process()?.start.anonymous),
        Metric::PeakAnonymousRss => grown(sampled(process()?)?, process()?.start.anonymous),
        Metric::FileRss => grown(process()?.end.file, process()?.start.file),
        Metric::ShmemRss => grown(process()?.end.shmem, process()?.start.shmem),
        Metric::Pss => grown(pss(&process()?.end)?, pss(&process()?.start)?),
        Metric::PeakVirtual => grown(process()?.peak_virtual, process()?.start.address_space),
        Metric::CHeap => {
            let CHeap { start, end } = *asked(&run.c_heap)?;
            grown(end, start)
        }
        Metric::CpuTime => cpu()?,
        Metric::WallTime => run.clock.wall_seconds,
        Metric::Throughput => count(budget, run)? / run.clock.wall_seconds,
        Metric::CpuThroughput => count(budget, run)? / cpu()?,
    })
}

/// The phase of that name, if the work came to it.
pub(crate) fn entered<'a>(span: &str, run: &'a Measurement) -> Result<&'a Phase, String> {
    if let Sites::Missing(reason) = &run.sites {
        return Err(format!("phases are told by the recorder: {reason}"));
    }
    let phase = run.phases.iter().find(|phase| phase.span == span && phase.entries > 0);
    match phase {
        None => Err(format!(
            "the work never entered a span that is called `{span}` (by the crate `tracing`)"
        )),
        Some(phase) if phase.open => {
            Err(format!("the span `{span}` was still entered when the work returned"))
        }
        Some(phase) => Ok(phase),
    }
}

fn of_phase(budget: &Budget, phase: &Phase) -> Result<f64, String> {
    let usage = Usage { peak: phase.peak, total: phase.total, end: phase.end };
    let figure = component::figure(budget.metric, &usage);
    figure.map(|figure| figure as f64).ok_or_else(|| format!("{} has no phases", budget.metric))
}

/// How much of a component's figure may lie on stacks that are not whole, where it is not the
/// figure itself that is held against the line.
const UNKNOWN: f64 = 0.01;

fn of_component(budget: &Budget, component: &Component) -> Result<f64, String> {
    let figure = |usage: &Usage| component::figure(budget.metric, usage).unwrap_or_default() as f64;
    let (known, unknown) = (figure(&component.known), figure(&component.unknown));
    let decides = match budget.limit.most() {
        Some(most) if budget.basis == Basis::Run && budget.ratio_to.is_none() => {
            let hold = budget.ratchet.as_ref().map(|hold| hold.quantity.value());
            let between = |end: f64| known <= end && known + unknown > end;
            between(most.value()) || hold.is_some_and(between)
        }
        // One byte of growth is growth.
        _ if matches!(budget.limit, Limit::Grows(_) | Limit::MatchesSweep { .. }) => unknown > 0.0,
        _ => unknown > UNKNOWN * known,
    };
    if decides {
        let unknown = Quantity::new(unknown, budget.metric.unit());
        return Err(format!(
            "{unknown} were allocated on call stacks that are not whole (deeper than the recorder keeps \
             calls, or below C code), so that nobody knows whether {} was among them: name a function \
             that is nearer to the allocation",
            budget.at.join(" or ")
        ));
    }
    Ok(known)
}

fn sampled(process: &Process) -> Result<u64, String> {
    let sampled = process.peak_anonymous.ok_or("nobody took samples of it: run it again")?;
    Ok(sampled.seen)
}

fn pss(resident: &Resident) -> Result<u64, String> {
    resident.pss.ok_or("this kernel has no /proc/self/smaps_rollup: it came with Linux 4.14".into())
}

/// A figure of a lens that is on only where a budget asks for it.
fn asked<T>(figure: &Option<Result<T, String>>) -> Result<&T, String> {
    match figure {
        Some(figure) => figure.as_ref().map_err(String::clone),
        None => Err("its lens was not on: run it again".to_owned()),
    }
}

/// The answer's field that a throughput counts.
fn count(budget: &Budget, run: &Measurement) -> Result<f64, String> {
    let field = budget.rate.as_deref().ok_or("a throughput needs `rate`".to_owned())?;
    let value = run.output.get(field).and_then(Value::as_f64);
    value.ok_or_else(|| format!("the answer has no number `{field}` to count: {}", run.output))
}
