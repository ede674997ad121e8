//! A case: one workload with its parameters.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Budget, Place, Quantity};

/// One workload with its parameters, and the budgets that judge its run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The case's name within its system: `lifetime_18`.
    pub name: String,
    /// The workload that it runs: the last segment of a path given to `plimsoll::main!`.
    pub workload: String,
    /// What the workload is prepared with; empty when the file states nothing.
    pub params: Map<String, Value>,
    /// Fields that the answer must hold, nested tables as subsets; empty when nothing is stated.
    pub answer: Map<String, Value>,
    /// How many threads allocate; with more than one the profile keeps totals, not peaks.
    pub threads: u32,
    /// Seconds after which the run counts as hung.
    pub timeout: Quantity,
    /// Whether it is too long for every run: its tests are ignored unless asked for.
    pub heavy: bool,
    /// The budgets in the order of the file; never empty.
    pub budgets: Vec<Budget>,
    /// Where `budgets.toml` states the case.
    pub place: Place,
}
