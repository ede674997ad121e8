//! A case at several sizes.

use serde::{Deserialize, Serialize};

/// The sizes at which a case is run, each in a process of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The parameter of the workload that is the size.
    pub parameter: String,
    /// Its values: at least three, each larger than the one before.
    pub sizes: Vec<u64>,
}
