//! A whole project, checked.

use crate::{Summary, System};

/// Every system of a project whose `budgets.toml` and documents agree.
///
/// Only the crates know their workloads: one that a case leaves out is empty here.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// The systems in the order of the file.
    pub systems: Vec<System>,
    /// How much was checked.
    pub summary: Summary,
}
