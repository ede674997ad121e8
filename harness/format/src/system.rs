//! A system: one crate of workloads, its document and its cases.

use serde::{Deserialize, Serialize};

use crate::{Budget, Case, Member, Phase};

/// One system, checked against its document: as the macro passes it to the test binary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// The package's name in snake case: `keygen` for the package `keygen`.
    pub name: String,
    /// The Markdown page that makes the promises, relative to the root: `docs/keygen.md`.
    pub document: String,
    /// The crates of the workspace: a profile counts their functions as the user's own.
    pub members: Vec<Member>,
    /// The cases in the order of the file.
    pub cases: Vec<Case>,
}

impl System {
    /// The budgets that judge runs of a case: its own, and those of other cases that are ratios to
    /// it or match its sweep.
    pub fn budgets_on<'a>(&'a self, case: &'a Case) -> impl Iterator<Item = &'a Budget> {
        let others = self.cases.iter().flat_map(|other| &other.budgets);
        let others = others.filter(|budget| budget.other() == Some(&case.name));
        case.budgets.iter().chain(others)
    }

    /// The spans that the budgets on a case name, each once.
    pub fn spans_of<'a>(&'a self, case: &'a Case) -> Vec<&'a str> {
        let phases = self.budgets_on(case).filter_map(|budget| budget.phase.as_ref());
        let mut spans: Vec<&str> = phases.map(Phase::span).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }
}
