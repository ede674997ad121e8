//! All that one `budgets.toml` states.

use crate::{
    Span,
    entry::{SystemEntry, WaiverEntry},
};

/// A `budgets.toml` that is right in itself; see [`parse`](crate::parse).
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Where the file begins.
    pub(crate) span: Span,
    pub(crate) systems: Vec<SystemEntry>,
    pub(crate) waivers: Vec<WaiverEntry>,
}

impl Project {
    /// The names of the systems, in the order of the file.
    pub fn systems(&self) -> impl Iterator<Item = &str> {
        self.systems.iter().map(|system| system.name.as_str())
    }

    /// The documents of the systems, relative to the root, in the order of the file.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.systems.iter().map(|system| system.document.as_str())
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&SystemEntry> {
        self.systems.iter().find(|system| system.name == name)
    }
}
