//! Which workload each case runs.

use std::ops::Range;

use crate::{
    Fault, Faults, Source,
    entry::{CaseEntry, SystemEntry},
    words,
};

/// The workload of each case, by the list that `plimsoll::main!` was given.
///
/// A workload that no case runs is a fault, as is a case whose workload is not in the list.
pub(crate) fn workloads(
    stated: &Source,
    system: &SystemEntry,
    listed: &[String],
) -> Result<Vec<String>, Faults> {
    let mut faults = Faults::default();
    let mut fault = |span: &Range<usize>, words| faults.push(stated.fault(span.clone(), words));
    let names: Vec<&str> = listed.iter().map(String::as_str).collect();
    let mut resolved = Vec::new();
    for case in &system.cases {
        match chosen(case, &names) {
            Ok(workload) => resolved.push(workload),
            Err((span, words)) => fault(span, words),
        }
    }
    // A case whose workload is not known yet may be the one that runs what seems unused.
    let whole = resolved.len() == system.cases.len();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            fault(&system.span, words::workload_twice(name));
        } else if whole && !resolved.iter().any(|workload| workload == name) {
            fault(&system.span, words::workload_unused(name, &system.name));
        }
    }
    faults.or(resolved)
}

fn chosen<'a>(
    case: &'a CaseEntry,
    names: &[&str],
) -> Result<String, (&'a Range<usize>, words::Words)> {
    match (&case.workload, names) {
        (Some((name, _)), _) if names.contains(&name.as_str()) => Ok(name.clone()),
        (Some((name, span)), _) => Err((span, words::workload_unknown(name, names))),
        (None, [only]) => Ok((*only).to_owned()),
        (None, _) => Err((&case.span, words::workload_left_out(&case.name, names))),
    }
}

/// The fault of a package with workloads but no table.
pub(crate) fn no_such(project: &crate::Project, name: &str) -> Fault {
    let systems: Vec<&str> = project.systems().collect();
    project.source.fault(0..0, words::no_such_system(name, &systems))
}
