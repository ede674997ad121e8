//! A figure beyond its line: by how much, what was promised, and what of it is heap.

use std::fmt::Write as _;

use plimsoll_format::{Line, Quantity, Unit};

use super::{Subject, quoted, sites::sites};
use crate::measurement::Outcome;
use crate::verdict::Judgement;

pub(super) fn over(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
    outcome: &Outcome,
) -> std::fmt::Result {
    let Subject { test, budget, .. } = *subject;
    let below =
        matches!((judgement.measured, budget.line.least()), (Some(is), Some(least)) if is < least);
    let side = if below { "under" } else { "over" };
    writeln!(out, "{test} is {side} its line\n")?;
    if let Some(measured) = judgement.measured {
        let figures = against(measured, &budget.line);
        writeln!(out, "  measured   {figures:<46} {}", budget.place)?;
    }
    writeln!(out, "  promised   {:<46} {}", quoted(&budget.says), budget.cited)?;
    if let Some(why) = &budget.why {
        writeln!(out, "  because    {why}")?;
    }
    let family = budget.line.family();
    let bytes = |value: u64| Quantity::bytes(value as f64).in_family(family);
    if let (Outcome::Measured(run), Unit::Bytes) = (outcome, budget.metric.unit())
        && let Some(heap) = run.heap
    {
        write!(out, "  heap       {} at its peak", bytes(heap.peak_bytes))?;
        if let Some(peak) = subject.accepted.and_then(|page| page.whole.get("peak bytes")) {
            let since = heap.peak_bytes as i64 - *peak as i64;
            let sign = if since < 0 { '-' } else { '+' };
            write!(
                out,
                " · accepted profile {}, so {sign}{} since",
                bytes(*peak),
                bytes(since.unsigned_abs())
            )?;
        }
        writeln!(out)?;
    }
    writeln!(out)?;
    sites(out, subject)
}

/// `231.4 MB of 200 MB   +31.4 MB, +15.7 %`; both in raw units where rounding makes them alike.
fn against(measured: Quantity, line: &Line) -> String {
    let family = line.family();
    let end = match (line.least(), line.most()) {
        (Some(least), _) if measured < least => least,
        (_, Some(most)) => most,
        (Some(least), None) => least,
        (None, None) => return measured.to_string(),
    };
    let difference = Quantity::new(measured.value() - end.value(), measured.unit());
    let alike = measured.in_family(family) == end.in_family(family);
    let show = |quantity: Quantity| {
        if alike { quantity.exact() } else { quantity.in_family(family) }
    };
    let sign = if difference.value() < 0.0 { '-' } else { '+' };
    let size = Quantity::new(difference.value().abs(), difference.unit());
    let percent = match end.value() {
        0.0 => String::new(),
        whole => format!(", {:+.1} %", difference.value() / whole * 100.0),
    };
    format!("{} of {}   {sign}{}{percent}", show(measured), show(end), show(size))
}
