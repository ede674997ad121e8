//! The runs of a case, by which a budget is judged.

use plimsoll_format::Case;

use crate::measure::measurement::Outcome;
use crate::sites::component::Component;

/// A case and its runs: one, or one for each size of its sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CaseRuns<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// Its runs, the smallest size first.
    pub(crate) runs: Vec<SizedRun>,
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SizedRun {
    /// Its size in the sweep; `None` where there is no sweep.
    pub(crate) size: Option<u64>,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// The usage of the budget's component; `None` where the budget is on the whole program.
    pub(crate) component: Option<Result<Component, String>>,
}

impl CaseRuns<'_> {
    /// The run at that size, or the last one.
    pub(crate) fn sized_run(&self, size: Option<u64>) -> Option<&SizedRun> {
        self.runs.iter().find(|sized_run| sized_run.size == size).or(self.runs.last())
    }
}
