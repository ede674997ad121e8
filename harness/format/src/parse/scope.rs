//! The keys that narrow a budget down: to a component, to a phase, to what the work added.

use toml::Spanned;

use super::{Reading, value};
use crate::{
    Metric, Phase,
    wire::{BudgetWire, ScalarWire, TextsWire},
    words,
};

/// What of the run is looked at.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) at: Vec<String>,
    pub(super) phase: Option<Phase>,
    pub(super) above_start: bool,
}

/// `None` after a fault.
pub(super) fn one(
    reading: &mut Reading<'_>,
    metric: Metric,
    wire: &mut BudgetWire,
) -> Option<Scope> {
    let at = wire.at.take().map(|at| at_of(reading, metric, at));
    let phase = phase_of(reading, metric, wire);
    let above_start = wire.above_start.take().map(|truth| above_start(reading, metric, truth));
    Some(Scope {
        at: at.unwrap_or_else(|| Some(Vec::new()))?,
        phase: phase?,
        above_start: above_start.map_or(Some(false), |truth| truth)?,
    })
}

fn at_of(reading: &mut Reading<'_>, metric: Metric, at: Spanned<TextsWire>) -> Option<Vec<String>> {
    let span = at.span();
    if !metric.is_of_heap() {
        reading.fault(span, words::not_of_heap("at", metric));
        return None;
    }
    let patterns = at.into_inner().into_vec();
    let sound = |pattern: &String| {
        !pattern.is_empty()
            && pattern.chars().all(|c| c.is_alphanumeric() || "_:*<>&, ".contains(c))
            && pattern.contains(char::is_alphanumeric)
    };
    match patterns.iter().find(|pattern| !sound(pattern)) {
        None if !patterns.is_empty() => Some(patterns),
        wrong => {
            reading.fault(span, words::not_a_pattern(wrong.map_or("", String::as_str)));
            None
        }
    }
}

/// `None` after a fault, `Some(None)` for all of the work.
fn phase_of(
    reading: &mut Reading<'_>,
    metric: Metric,
    wire: &mut BudgetWire,
) -> Option<Option<Phase>> {
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

fn above_start(
    reading: &mut Reading<'_>,
    metric: Metric,
    truth: Spanned<ScalarWire>,
) -> Option<bool> {
    let span = truth.span();
    let above = value::truth(reading, truth, words::not_above_start)?;
    if above && !metric.is_of_process() {
        reading.fault(span, words::not_of_process(metric));
        return None;
    }
    Some(above)
}
