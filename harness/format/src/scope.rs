//! The part of a run that a budget judges, and the figure of a sweep.

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

/// The figure of a case's runs that is compared with the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// That of the run; in a sweep the limit must be kept at every size.
    #[default]
    Run,
    /// The cost of one more of the sweep's parameter: the slope.
    PerItem,
    /// The figure that the fit over the sweep predicts for a size beyond it.
    AtSize(u64),
}
