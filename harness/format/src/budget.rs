//! A budget: one promise, bound to what is measured.

use serde::{Deserialize, Serialize};

use crate::{Line, Metric, Place};

/// One promise of a document: what is measured, the line, and the sentence that it cites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The budget's name within its case; with system and case it names the test.
    pub name: String,
    /// The promise's id in the ledger, an anchor in the document: `K1`.
    pub id: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// The field of the answer that a throughput counts; `None` for every other metric.
    pub rate: Option<String>,
    /// The line that the measurement must keep, in the metric's unit.
    pub line: Line,
    /// The words of the document that promise it.
    pub says: String,
    /// The arithmetic behind a line that is wide, or anything else worth knowing.
    pub why: Option<String>,
    /// Where `budgets.toml` states the budget.
    pub place: Place,
    /// Where the document says it.
    pub cited: Place,
}
