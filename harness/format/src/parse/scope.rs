//! The keys that narrow a budget down: to a component, to a phase, to what the work added.

use serde_json::Value;
use toml::Spanned;

use super::{Reading, value};
use crate::{
    Metric, Phase,
    wire::{BudgetWire, ScalarWire},
    words,
};

/// The part of a run that a budget judges.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) at: Vec<String>,
    pub(super) phase: Option<Phase>,
    pub(super) above_start: bool,
}

/// `None` after a fault.
pub(super) fn parse_scope(
    reading: &mut Reading,
    metric: Metric,
    wire: &mut BudgetWire,
) -> Option<Scope> {
    let place = wire.at.as_ref().map_or(0..0, Spanned::span);
    let at = wire.at.take().map(|at| at_of(reading, metric, at));
    let phase = phase_of(reading, metric, wire);
    if let (Some(Some(at)), Some(Some(Phase::During(_)))) = (&at, &phase)
        && matches!(metric, Metric::PeakHeap | Metric::PeakBlocks)
        && !at.is_empty()
    {
        reading.fault(place, words::no_peak_of_both(metric));
        return None;
    }
    let above_start = wire.above_start.take().map(|truth| above_start(reading, metric, truth));
    Some(Scope {
        at: at.unwrap_or_else(|| Some(Vec::new()))?,
        phase: phase?,
        above_start: above_start.unwrap_or(Some(false))?,
    })
}

/// One pattern, or a list of them.
fn at_of(reading: &mut Reading, metric: Metric, at: Spanned<Value>) -> Option<Vec<String>> {
    let span = at.span();
    if !metric.is_of_heap() {
        reading.fault(span, words::not_of_heap("at", metric));
        return None;
    }
    let stated = match at.into_inner() {
        Value::Array(patterns) => patterns,
        pattern => vec![pattern],
    };
    let patterns: Option<Vec<String>> =
        stated.iter().map(|pattern| pattern.as_str().map(str::to_owned)).collect();
    match patterns {
        Some(patterns) if !patterns.is_empty() && patterns.iter().all(|text| is_pattern(text)) => {
            Some(patterns)
        }
        _ => {
            let wrong = stated.iter().find(|pattern| !pattern.as_str().is_some_and(is_pattern));
            let wrong = wrong.map_or_else(|| "[]".to_owned(), Value::to_string);
            reading.fault(span, words::not_a_pattern(&wrong));
            None
        }
    }
}

/// Whether a function can be called like that.
fn is_pattern(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
        && text.chars().all(|c| c.is_alphanumeric() || "_:*<>&, ".contains(c))
}

/// `None` after a fault, `Some(None)` for all of the work.
fn phase_of(reading: &mut Reading, metric: Metric, wire: &mut BudgetWire) -> Option<Option<Phase>> {
    let (key, span, phase): (_, _, fn(String) -> Phase) =
        match (wire.during.take(), wire.after.take()) {
            (None, None) => return Some(None),
            (Some(during), Some(_)) => {
                reading.fault(during.span(), words::two_bases("during", "after"));
                return None;
            }
            (Some(during), None) => ("during", during, Phase::During),
            (None, Some(after)) => ("after", after, Phase::After),
        };
    if !metric.is_of_heap() {
        reading.fault(span.span(), words::not_of_heap(key, metric));
        return None;
    }
    let at_the_end = matches!(metric, Metric::EndHeap | Metric::EndBlocks);
    if key == "after" && !at_the_end {
        reading.fault(span.span(), words::not_at_the_end(metric));
        return None;
    }
    reading.text(key, span).map(|(span, _)| Some(phase(span)))
}

fn above_start(reading: &mut Reading, metric: Metric, truth: Spanned<ScalarWire>) -> Option<bool> {
    let span = truth.span();
    let above = value::truth(reading, "above_start", truth)?;
    if above && !metric.is_of_process() {
        reading.fault(span, words::not_of_process(metric));
        return None;
    }
    Some(above)
}
