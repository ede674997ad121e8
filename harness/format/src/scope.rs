//! What part of a run a budget judges, and what is made of a sweep's figures.

use serde::{Deserialize, Serialize};

/// A phase of the work: the time that an ordinary `tracing` span is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// While a span of that name is entered.
    During(String),
    /// The moment when it is left for the last time.
    After(String),
}

impl Phase {
    /// The name of the span.
    pub fn span(&self) -> &str {
        match self {
            Phase::During(span) | Phase::After(span) => span,
        }
    }
}

/// Which figure of a case's runs is held against the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// That of the run; in a sweep the line must be kept at every size.
    #[default]
    Run,
    /// What one more of the sweep's parameter costs: the slope.
    PerItem,
    /// What the fit over the sweep says of a size beyond it.
    AtSize(u64),
}
