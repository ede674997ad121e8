//! A case: one workload with its parameters.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Budget, Place, Quantity, Share, Sweep, Written};

/// One workload with its parameters, and the budgets that judge its run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The case's name within its system: `lifetime_18`.
    pub name: String,
    /// The workload that it runs: the last segment of a path given to `plimsoll::main!`.
    pub workload: String,
    /// The parameters that the workload is prepared with; empty when the file states none.
    pub params: Map<String, Value>,
    /// Fields that the output must have, nested tables as subsets: no table when nothing is stated,
    /// one for each size of a sweep, else one for every size.
    pub expected: Vec<Map<String, Value>>,
    /// The sizes at which it is run; `None` for a case that is run once.
    pub sweep: Option<Sweep>,
    /// How many threads allocate; with more than one the profile keeps totals, not peaks.
    pub threads: u32,
    /// By how much the allocations of two runs may differ; `None` for a case that repeats itself.
    pub varies: Option<Share>,
    /// The time after which the run is ended as *timed out*.
    pub timeout: Quantity,
    /// How long the run waits at its end for the threads that the work started.
    pub settle: Quantity,
    /// Whether it is too long for every run: its tests are ignored tests.
    pub heavy: bool,
    /// The live memory at which the run is stopped as *over cap*; `None` leaves it to the harness.
    pub cap: Option<Written>,
    /// Whether the memory of the work's own child processes counts as well.
    pub children: bool,
    /// The budgets in the order of the file; never empty.
    pub budgets: Vec<Budget>,
    /// Where `budgets.toml` states the case.
    pub place: Place,
}

impl Case {
    /// A case without parameters or budgets: one run on one thread, of a minute at the most.
    pub fn new(name: &str, workload: &str, place: Place) -> Self {
        Self {
            name: name.to_owned(),
            workload: workload.to_owned(),
            params: Map::new(),
            expected: Vec::new(),
            sweep: None,
            threads: 1,
            varies: None,
            timeout: Quantity::seconds(60.0),
            settle: Quantity::seconds(1.0),
            heavy: false,
            cap: None,
            children: false,
            budgets: Vec::new(),
            place,
        }
    }

    /// The parameters that the workload is prepared with at one size of the sweep.
    pub fn params_at(&self, size: Option<u64>) -> Map<String, Value> {
        let mut params = self.params.clone();
        if let (Some(sweep), Some(size)) = (&self.sweep, size) {
            params.insert(sweep.parameter.clone(), size.into());
        }
        params
    }

    /// The fields that the output at one size of the sweep must have.
    pub fn expected_at(&self, size: Option<u64>) -> Option<&Map<String, Value>> {
        let sizes = self.sweep.as_ref().map_or(&[][..], |sweep| &sweep.sizes);
        let at = sizes.iter().position(|known| Some(*known) == size);
        match (self.expected.as_slice(), at) {
            ([only], _) => Some(only),
            (tables, Some(at)) => tables.get(at),
            _ => None,
        }
    }

    /// Every size at which the case is run; the one run of a case without a sweep has none.
    pub fn sizes(&self) -> Vec<Option<u64>> {
        match &self.sweep {
            Some(sweep) => sweep.sizes.iter().copied().map(Some).collect(),
            None => vec![None],
        }
    }

    /// The largest size of the sweep: the run whose allocation sites are shown.
    pub fn largest(&self) -> Option<u64> {
        self.sweep.as_ref()?.sizes.last().copied()
    }
}
