//! What `budgets.toml` states, right in itself but not yet held against crates and documents.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::{Basis, Limit, Metric, Phase, Quantity, Share, Sweep, Written};

/// A system's table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SystemEntry {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
    pub(crate) document: String,
    /// Where the document is named; the system's own span when it is left out.
    pub(crate) document_span: Range<usize>,
    pub(crate) cases: Vec<CaseEntry>,
}

impl SystemEntry {
    pub(crate) fn budgets(&self) -> impl Iterator<Item = &BudgetEntry> {
        self.cases.iter().flat_map(|case| &case.budgets)
    }
}

/// A case's table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CaseEntry {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
    pub(crate) workload: Option<(String, Range<usize>)>,
    pub(crate) params: Map<String, Value>,
    pub(crate) expected: Vec<Map<String, Value>>,
    pub(crate) sweep: Option<Sweep>,
    pub(crate) threads: u32,
    pub(crate) varies: Option<Share>,
    pub(crate) timeout: Quantity,
    pub(crate) heavy: bool,
    pub(crate) cap: Option<Written>,
    pub(crate) children: bool,
    pub(crate) budgets: Vec<BudgetEntry>,
}

/// A budget without the place that it cites.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BudgetEntry {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
    pub(crate) metric: Metric,
    pub(crate) rate: Option<String>,
    pub(crate) at: Vec<String>,
    pub(crate) phase: Option<Phase>,
    pub(crate) above_start: bool,
    pub(crate) basis: Basis,
    /// A case of the same system, and where it is named.
    pub(crate) ratio_to: Option<(String, Range<usize>)>,
    /// The same of the sweep inside which the figure has to lie.
    pub(crate) matches_sweep: Option<(String, Range<usize>)>,
    pub(crate) limit: Limit,
    pub(crate) ratchet: Option<Written>,
    pub(crate) quote: Quote,
    pub(crate) why: Option<String>,
}

/// Words of a document, and the anchor that marks where they stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quote {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
    pub(crate) id: Option<(String, Range<usize>)>,
}

/// An excuse for a sentence, or for a page where no sentence is named.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WaiverEntry {
    pub(crate) span: Range<usize>,
    pub(crate) document: String,
    pub(crate) document_span: Range<usize>,
    pub(crate) quote: Option<Quote>,
}
