//! The runs of a sweep, size by size, and the line through them.

use std::fmt::Write as _;

use plimsoll_format::{Basis, Case, Limit, Quantity, Sweep};
use serde_json::Value;

use super::Subject;
use super::range::range_text;
use crate::judge::verdict::{Judgement, Point};

/// A small table of sizes and figures, and what was made of them; nothing of a case run once.
pub(super) fn sweep(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
) -> std::fmt::Result {
    let Some(sweep) = swept(subject).sweep.as_ref() else { return Ok(()) };
    if judgement.points.len() < 2 {
        return Ok(());
    }
    let figures = figures(&judgement.points, subject);
    let sizes: Vec<String> = judgement
        .points
        .iter()
        .map(|point| point.size.map(|size| size.to_string()).unwrap_or_default())
        .collect();
    let width = |texts: &[String], least: usize| {
        texts.iter().map(|text| text.chars().count()).max().unwrap_or_default().max(least)
    };
    let (wide, far) = (width(&sizes, sweep.parameter.len()), width(&figures, 0));
    let title = format!("{} per run", subject.budget.metric);
    writeln!(out, "    {:>wide$}   {title}", sweep.parameter)?;
    for ((size, figure), point) in sizes.iter().zip(&figures).zip(&judgement.points) {
        let judged = judgement.size.is_some() && judgement.size == point.size;
        let mark = if judged { "   ◀ judged" } else { "" };
        writeln!(out, "    {size:>wide$}   {figure:>far$}{mark}")?;
    }
    writeln!(out)?;
    fit(out, subject, judgement, sweep)
}

/// The case whose runs are shown: its own, or the sweep inside which the figure has to lie.
fn swept<'a>(subject: &Subject<'a>) -> &'a Case {
    match (&subject.budget.limit, subject.other) {
        (Limit::MatchesSweep { .. }, Some(other)) => other,
        _ => subject.case,
    }
}

/// Every digit of them where two that differ would look alike.
fn figures(points: &[Point], subject: &Subject<'_>) -> Vec<String> {
    let family = subject.budget.limit.family();
    let rounded: Vec<String> = points.iter().map(|point| point.figure.in_family(family)).collect();
    let alike = points
        .windows(2)
        .zip(rounded.windows(2))
        .any(|(points, texts)| points[0].figure != points[1].figure && texts[0] == texts[1]);
    if alike { points.iter().map(|point| point.figure.exact()).collect() } else { rounded }
}

/// What was judged, where it is not the figure of a run.
fn fit(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
    sweep: &Sweep,
) -> std::fmt::Result {
    let largest = sweep.sizes.last().copied().unwrap_or_default();
    let parameter = &sweep.parameter;
    if let Limit::MatchesSweep { .. } = subject.budget.limit {
        let size = subject.case.params.get(parameter).and_then(Value::as_u64).unwrap_or_default();
        let Some(bounds) = judgement.bounds else { return Ok(()) };
        writeln!(out, "  fit        {} at {parameter} = {size}", range_text(bounds))?;
        return beyond(out, size, largest);
    }
    match (subject.budget.basis, judgement.growth) {
        (_, Some(growth)) => writeln!(out, "  fit        {growth} growth\n"),
        (Basis::Run, None) => Ok(()),
        (Basis::PerItem, None) => {
            let slope = between(subject, judgement);
            writeln!(out, "  fit        {slope} for each of {parameter}\n")
        }
        (Basis::AtSize(size), None) => {
            let value = between(subject, judgement);
            writeln!(out, "  fit        {value} at {parameter} = {size}")?;
            beyond(out, size, largest)
        }
    }
}

fn beyond(out: &mut String, size: u64, largest: u64) -> std::fmt::Result {
    match size > largest {
        true => writeln!(
            out,
            "             extrapolated: no run was larger than {largest}, this is {:.0} times as \
             much\n",
            size as f64 / largest.max(1) as f64
        ),
        false => writeln!(out),
    }
}

/// `1,000 B`, or `83.6 MB (82.8 MB to 84.3 MB)`.
fn between(subject: &Subject<'_>, judgement: &Judgement) -> String {
    // The bounds of a ratio are of neither side.
    let value = judgement.sides.map(|[own, _]| own).or(judgement.measured);
    let Some(value) = value else { return "no line".to_owned() };
    let family = subject.budget.limit.family();
    let show = |quantity: Quantity| quantity.in_family(family);
    match (judgement.bounds, judgement.sides) {
        (Some([low, high]), None) => {
            format!("{} ({} to {})", show(value), show(low), show(high))
        }
        _ => value.exact(),
    }
}
