//! *Over*, a figure beyond its limit: by how much, the promise, and how much of it is heap.

use std::fmt::Write as _;

use plimsoll_format::{Budget, Limit, Phase, Quantity, Unit};

use super::range::range_text;
use super::ratio::sides;
use super::sites::sites;
use super::sweep::sweep;
use super::threads::threads;
use super::{Subject, quoted};
use crate::judge::verdict::Judgement;
use crate::measure::measurement::Outcome;

/// Figures that differ by a smaller share may look alike in three digits.
const CLOSE: f64 = 0.01;

pub(super) fn over(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
    outcome: &Outcome,
) -> std::fmt::Result {
    let Subject { test, budget, .. } = *subject;
    let least = match budget.limit {
        Limit::MatchesSweep { .. } => judgement.bounds.map(|[low, _]| low),
        _ => budget.limit.least(),
    };
    let below = matches!((judgement.measured, least), (Some(is), Some(least)) if is < least);
    if let Limit::Grows(allowed) = budget.limit {
        writeln!(out, "{test} grows faster than its limit allows\n")?;
        let figures = match judgement.growth {
            Some(growth) => format!("{growth} growth of {}, allowed is {allowed}", budget.metric),
            None => format!("{} differs with the size, allowed is {allowed}", budget.metric),
        };
        writeln!(out, "  measured   {figures:<46} {}", budget.place)?;
    } else {
        let limit = match budget.limit {
            Limit::MatchesSweep { .. } => "the range of its sweep",
            _ => "its limit",
        };
        writeln!(out, "{test} is {} {limit}\n", if below { "under" } else { "over" })?;
    }
    if let (Limit::MatchesSweep { sweep, .. }, Some([low, high])) =
        (&budget.limit, judgement.bounds)
        && let Some(measured) = judgement.measured
    {
        let figures = outside(measured, [low, high]);
        writeln!(out, "  measured   {figures:<46} {}", budget.place)?;
        writeln!(out, "  expected   {:<46} from the runs of {sweep}", range_text([low, high]))?;
    } else if let Some(measured) = judgement.measured {
        let figures = against(measured, &budget.limit);
        writeln!(out, "  measured   {figures:<46} {}", budget.place)?;
    }
    writeln!(out, "  promised   {:<46} {}", quoted(&budget.quote), budget.cited)?;
    part(out, budget)?;
    if let Some(why) = &budget.why {
        writeln!(out, "  because    {why}")?;
    }
    let family = budget.limit.family();
    let bytes = |value: u64| Quantity::bytes(value as f64).in_family(family);
    if let (Outcome::Measured(run), Unit::Bytes) = (outcome, budget.metric.unit())
        && let Some(heap) = run.heap
    {
        write!(out, "  heap       {} at its peak", bytes(heap.peak_bytes))?;
        if let (Some(sweep), Some(size)) = (&subject.case.sweep, subject.size) {
            write!(out, " with {} = {size}", sweep.parameter)?;
        }
        if let Some(peak) = subject.accepted.and_then(|snapshot| snapshot.whole.get("peak bytes")) {
            let since = heap.peak_bytes as i64 - *peak as i64;
            let sign = if since < 0 { '-' } else { '+' };
            write!(
                out,
                " · accepted snapshot {}, so {sign}{} since",
                bytes(*peak),
                bytes(since.unsigned_abs())
            )?;
        }
        writeln!(out)?;
    }
    threads(out, subject, outcome)?;
    writeln!(out)?;
    sides(out, subject, judgement)?;
    sweep(out, subject, judgement)?;
    sites(out, subject)
}

/// The component and the phase that the budget speaks of.
fn part(out: &mut String, budget: &Budget) -> std::fmt::Result {
    if !budget.at.is_empty() {
        writeln!(out, "  counted    allocations below {}", budget.at.join(" or "))?;
    }
    match &budget.phase {
        Some(Phase::During(span)) => writeln!(out, "  during     the span {span}"),
        Some(Phase::After(span)) => writeln!(out, "  after      the span {span}"),
        None => Ok(()),
    }
}

/// `2,016,384 B   +8,192 B, +0.4 %`, by the nearer bound.
fn outside(measured: Quantity, [low, high]: [Quantity; 2]) -> String {
    let (sign, end) = if measured < low { ('-', low) } else { ('+', high) };
    let difference = Quantity::new((measured.value() - end.value()).abs(), measured.unit());
    let percent = match end.value() {
        0.0 => String::new(),
        whole => format!(", {sign}{:.1} %", difference.value() / whole * 100.0),
    };
    format!("{}   {sign}{}{percent}", measured.exact(), difference.exact())
}

/// `231.4 MB of 200 MB   +31.4 MB, +15.7 %`; every digit of both where they are close.
fn against(measured: Quantity, limit: &Limit) -> String {
    let family = limit.family();
    let end = match (limit.least(), limit.most()) {
        (Some(least), _) if measured < least => least,
        (_, Some(most)) => most,
        (Some(least), None) => least,
        (None, None) => return measured.to_string(),
    };
    let difference = Quantity::new(measured.value() - end.value(), measured.unit());
    let close = difference.value().abs() < end.value().abs() * CLOSE;
    let show = |quantity: Quantity| match quantity.unit() {
        Unit::Times => quantity.exact(),
        _ if close => quantity.exact(),
        _ => quantity.in_family(family),
    };
    let sign = if difference.value() < 0.0 { '-' } else { '+' };
    let size = Quantity::new(difference.value().abs(), difference.unit());
    let percent = match end.value() {
        0.0 => String::new(),
        whole => format!(", {:+.1} %", difference.value() / whole * 100.0),
    };
    format!("{} of {}   {sign}{}{percent}", show(measured), show(end), show(size))
}
