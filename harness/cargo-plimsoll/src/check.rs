//! `cargo plimsoll check`: compares `budgets.toml`, the documents and the snapshots.

use plimsoll::format::{Project, check_all};

use crate::project::root;
use crate::snapshots::{Owner, Snapshots, damaged, files};
use crate::status::Status;
use crate::targets::missing;
use crate::unchecked::unchecked;
use crate::{console, tally::counted};

/// The checks that need the built workloads.
const NOT_CHECKED: &str = "\
not checked  workload names, parameters, outputs, figures
             cargo plimsoll run checks them
";

/// Prints a summary to stdout, and every fault to stderr.
pub(crate) fn check() -> anyhow::Result<Status> {
    let root = root()?;
    let Project { systems, summary } = match check_all(&root).outcome {
        Ok(project) => project,
        Err(faults) => {
            console::note(&faults.to_string());
            console::note(&format!(
                "\n{} in budgets.toml and its documents; the snapshots were not checked",
                counted(faults.count(), "fault")
            ));
            return Ok(Status::Failed);
        }
    };
    let mut cases = Vec::new();
    for system in &systems {
        for case in &system.cases {
            cases.push(Owner { system: &system.name, case: &case.name, heavy: case.heavy });
        }
    }
    let snapshots = Snapshots::compare(&cases, &files(&root)?);
    for note in snapshots.notes().into_iter().chain(unchecked(&systems)) {
        console::note(&note);
    }
    let faults = [snapshots.faults(), damaged(&root, &cases), missing(&root, &systems)].concat();
    if !faults.is_empty() {
        console::note(&faults.join("\n\n"));
        console::note(&format!("\n{}", counted(faults.len(), "fault")));
        return Ok(Status::Failed);
    }
    console::print(&format!(
        "checked      {}, {}, {}\n             {} cited on {}, {}\n             {}, one for each \
         case\n{NOT_CHECKED}",
        counted(summary.systems, "system"),
        counted(summary.cases, "case"),
        counted(summary.budgets, "budget"),
        counted(summary.promises, "promise"),
        counted(summary.pages, "page"),
        counted(summary.waivers, "waiver"),
        counted(cases.len(), "snapshot"),
    ))?;
    Ok(Status::Passed)
}
