//! What a budget is judged by: the runs of its case.

use plimsoll_format::Case;

use crate::measure::measurement::Outcome;
use crate::sites::component::Component;

/// A case and all that it left behind: one run, or one for each size of its sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evidence<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// Its runs, the smallest size first.
    pub(crate) samples: Vec<Sample>,
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    /// Its size in the sweep; `None` where there is no sweep.
    pub(crate) size: Option<u64>,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// What the component that the budget speaks of held; `None` where it speaks of all.
    pub(crate) component: Option<Result<Component, String>>,
}

impl Evidence<'_> {
    /// The run at that size, or the last one.
    pub(crate) fn sample(&self, size: Option<u64>) -> Option<&Sample> {
        self.samples.iter().find(|sample| sample.size == size).or(self.samples.last())
    }
}
