//! The other cases that budgets name: of a ratio, and of the sweep inside which a figure has to lie.

use super::Reading;
use crate::{
    Sweep,
    entry::{BudgetEntry, CaseEntry},
    words,
    words::Words,
};

/// What a budget asks of the case that it names.
type Fits = fn(&CaseEntry, &CaseEntry, &str) -> Result<(), Words>;

/// Each case that a budget names is there, and is one that its own case can be compared with.
pub(super) fn check(reading: &mut Reading<'_>, system: &str, cases: &[CaseEntry]) {
    for case in cases {
        for budget in &case.budgets {
            let BudgetEntry { ratio_to, matches_sweep, .. } = budget;
            let named: [(_, Fits); 2] = [(ratio_to, is_swept_alike), (matches_sweep, goes_beyond)];
            for (name, fits) in named {
                let Some((name, span)) = name else { continue };
                if let Err(words) =
                    find(system, case, name, cases).and_then(|other| fits(case, other, name))
                {
                    reading.fault(span.clone(), words);
                }
            }
        }
    }
}

fn find<'a>(
    system: &str,
    case: &CaseEntry,
    name: &str,
    cases: &'a [CaseEntry],
) -> Result<&'a CaseEntry, Words> {
    let others = || cases.iter().filter(|other| other.name != case.name);
    let full = |other: &CaseEntry| format!("{system}.{}", other.name);
    others().find(|other| full(other) == name).ok_or_else(|| {
        let names: Vec<String> = others().map(full).collect();
        words::no_such_case(name, &names)
    })
}

/// A ratio is to a case that is swept alike.
fn is_swept_alike(case: &CaseEntry, other: &CaseEntry, name: &str) -> Result<(), Words> {
    match other.sweep == case.sweep {
        true => Ok(()),
        false => Err(words::unequal_sweeps(name)),
    }
}

/// What lies inside a sweep is the same work at one size beyond the swept ones.
fn goes_beyond(case: &CaseEntry, other: &CaseEntry, name: &str) -> Result<(), Words> {
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
        Some(what) => Err(words::other_work(name, parameter, &what)),
        None => Ok(()),
    }
}

/// What the two cases do not have in common, besides the size.
fn difference(case: &CaseEntry, other: &CaseEntry, parameter: &str) -> Option<String> {
    let workload = |case: &CaseEntry| case.workload.as_ref().map(|(name, _)| name.clone());
    if workload(case) != workload(other) {
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
