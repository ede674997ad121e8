//! A budget: one promise, bound to what is measured.

use serde::{Deserialize, Serialize};

use crate::{Basis, Limit, Metric, Phase, Place, Written};

/// One promise of a document: what is measured, the limit, and the sentence that it cites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The budget's name within its case; with system and case it names the test.
    pub name: String,
    /// The promise's id in the ledger, an anchor in the document: `K1`.
    pub id: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// The field of the output that a throughput counts; `None` for every other metric.
    pub rate: Option<String>,
    /// Patterns of functions: only what was allocated below one of them counts; empty for all.
    pub at: Vec<String>,
    /// The part of the work that is judged; `None` for all of it.
    pub phase: Option<Phase>,
    /// Whether the figure at the start of the work is taken off.
    pub above_start: bool,
    /// Which figure of the case's runs is judged.
    pub basis: Basis,
    /// The case of the same system by whose figure it is divided.
    pub ratio_to: Option<String>,
    /// The limit that the figure must keep, in the metric's unit; as a ratio, in times.
    pub limit: Limit,
    /// The figure that is reached today, on the good side of the limit: beyond it the budget has
    /// *regressed*.
    pub ratchet: Option<Written>,
    /// The words of the document that promise it.
    pub quote: String,
    /// The arithmetic behind a limit that is wide, or anything else worth knowing.
    pub why: Option<String>,
    /// Where `budgets.toml` states the budget.
    pub place: Place,
    /// Where the document promises it.
    pub cited: Place,
}

impl Budget {
    /// The other case whose runs are needed as well: that of a ratio, or the sweep that the figure
    /// has to match.
    pub fn other(&self) -> Option<&str> {
        match &self.limit {
            Limit::MatchesSweep { sweep, .. } => Some(sweep),
            _ => self.ratio_to.as_deref(),
        }
    }

    /// A budget on the whole of one run that is called like its metric and cites nothing; every
    /// optional key is left out.
    pub fn new(metric: Metric, limit: Limit, place: Place) -> Self {
        Self {
            name: metric.name().to_owned(),
            id: None,
            metric,
            rate: None,
            at: Vec::new(),
            phase: None,
            above_start: false,
            basis: Basis::Run,
            ratio_to: None,
            limit,
            ratchet: None,
            quote: String::new(),
            why: None,
            cited: place.clone(),
            place,
        }
    }
}
