//! A system: one crate of workloads, its document and its cases.

use serde::{Deserialize, Serialize};

use crate::{Case, Member};

/// One system, checked against its document: what the macro hands to the test binary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// The package's name in snake case: `keygen` for the package `keygen`.
    pub name: String,
    /// The Markdown page that makes the promises, relative to the root: `docs/keygen.md`.
    pub document: String,
    /// The crates of the workspace: whose functions a profile calls the user's own.
    pub members: Vec<Member>,
    /// The cases in the order of the file.
    pub cases: Vec<Case>,
}
