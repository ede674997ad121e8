//! Promises about a size that no case runs.

use plimsoll::format::{Basis, Budget, Case, Limit, System};

/// A note for each budget on a size beyond its sweep that no heavy case checks.
pub(crate) fn unchecked(systems: &[System]) -> Vec<String> {
    let mut notes = Vec::new();
    for system in systems {
        for case in &system.cases {
            for budget in &case.budgets {
                notes.extend(note(system, case, budget));
            }
        }
    }
    notes
}

fn note(system: &System, case: &Case, budget: &Budget) -> Option<String> {
    let (Basis::AtSize(size), Some(sweep)) = (budget.basis, &case.sweep) else { return None };
    let matches_sweep = |other: &Budget| {
        matches!(&other.limit, Limit::MatchesSweep { sweep, .. } if *sweep == case.name)
            && other.metric == budget.metric
    };
    let checked = system.cases.iter().flat_map(|other| &other.budgets).any(matches_sweep);
    if checked || case.largest().is_none_or(|largest| size <= largest) {
        return None;
    }
    let (system, parameter, metric) = (&system.name, &sweep.parameter, budget.metric);
    Some(format!(
        "note: {}: {system}::{}::{} is a budget for {parameter} = {size}, which no case runs\n   \
         remedy: add a heavy case with `{parameter} = {size}` and the budget `{metric} = \
         {{ matches_sweep = \"{system}.{}\", quote = … }}`",
        budget.place, case.name, budget.name, case.name
    ))
}
