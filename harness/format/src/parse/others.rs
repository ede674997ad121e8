//! The other cases that budgets name: that of a ratio, and the sweep that a figure has to match.

use super::Reading;
use crate::{Case, Limit, Sweep, entry::CaseEntry, words, words::Words};

/// Each case that a budget names is there, and is one that its own case can be compared with.
pub(super) fn check(reading: &mut Reading, system: &str, cases: &[CaseEntry]) {
    for CaseEntry { case, budgets, .. } in cases {
        for entry in budgets {
            let Some((name, span)) = &entry.other else { continue };
            let fits = match entry.budget.limit {
                Limit::MatchesSweep { .. } => goes_beyond,
                _ => is_swept_alike,
            };
            let other = find(system, case, name, cases);
            if let Err(words) = other.and_then(|other| fits(case, other, name)) {
                reading.faults.push(span.fault(words));
            }
        }
    }
}

fn find<'a>(
    system: &str,
    case: &Case,
    name: &str,
    cases: &'a [CaseEntry],
) -> Result<&'a Case, Words> {
    let others = || cases.iter().map(|entry| &entry.case).filter(|other| other.name != case.name);
    let full = |other: &Case| format!("{system}.{}", other.name);
    others().find(|other| full(other) == name).ok_or_else(|| {
        let names: Vec<String> = others().map(full).collect();
        words::no_such_case(name, &names)
    })
}

/// A ratio is to a case that is swept alike.
fn is_swept_alike(case: &Case, other: &Case, name: &str) -> Result<(), Words> {
    match other.sweep == case.sweep {
        true => Ok(()),
        false => Err(words::unequal_sweeps(name)),
    }
}

/// A case that matches a sweep does the same work at one size beyond the swept ones.
fn goes_beyond(case: &Case, other: &Case, name: &str) -> Result<(), Words> {
    if case.sweep.is_some() {
        return Err(words::swept_itself(&case.name));
    }
    let Some(Sweep { parameter, sizes }) = &other.sweep else {
        return Err(words::not_a_sweep(name));
    };
    let largest = sizes.last().copied().unwrap_or_default();
    let Some(size) = case.params.get(parameter) else {
        return Err(words::no_size(&case.name, parameter, largest));
    };
    if size.as_u64().is_none_or(|size| size <= largest) {
        return Err(words::not_beyond(parameter, size, largest));
    }
    match difference(case, other, parameter) {
        Some(key) => Err(words::other_work(name, parameter, &key)),
        None => Ok(()),
    }
}

/// A key that the two cases do not have in common, besides the size.
fn difference(case: &Case, other: &Case, parameter: &str) -> Option<String> {
    if case.workload != other.workload {
        return Some("workload".to_owned());
    }
    let keys = case.params.keys().chain(other.params.keys());
    let unequal = keys
        .filter(|key| *key != parameter)
        .find(|key| case.params.get(*key) != other.params.get(*key));
    match unequal {
        Some(key) => Some(key.clone()),
        None if case.threads != other.threads => Some("threads".to_owned()),
        None if case.varies.is_some() != other.varies.is_some() => Some("varies".to_owned()),
        None if case.children != other.children => Some("children".to_owned()),
        None => None,
    }
}
