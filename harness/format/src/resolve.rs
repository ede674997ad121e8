//! Which workload each case runs.

use crate::{
    Fault, Faults, Span,
    entry::{CaseEntry, ProjectEntry, SystemEntry},
    words,
};

/// The workload of each case, by the list that `plimsoll::main!` was given.
///
/// A workload that no case runs is a fault, as is a case whose workload is not in the list.
pub(crate) fn workloads(system: &SystemEntry, listed: &[String]) -> Result<Vec<String>, Faults> {
    let mut faults = Faults::default();
    let mut fault = |span: &Span, words| faults.push(span.fault(words));
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

fn chosen<'a>(entry: &'a CaseEntry, names: &[&str]) -> Result<String, (&'a Span, words::Words)> {
    let stated = &entry.case.workload;
    match (&entry.workload_span, names) {
        (Some(_), _) if names.contains(&stated.as_str()) => Ok(stated.clone()),
        (Some(span), _) => Err((span, words::workload_unknown(stated, names))),
        (None, [only]) => Ok((*only).to_owned()),
        (None, _) => Err((&entry.span, words::workload_left_out(&entry.case.name, names))),
    }
}

/// The fault of a package with workloads but no table.
pub(crate) fn no_such(project: &ProjectEntry, name: &str) -> Fault {
    let systems: Vec<&str> = project.systems().collect();
    project.span.fault(words::no_such_system(name, &systems))
}
