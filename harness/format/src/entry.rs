//! The content of `budgets.toml`, right in itself but not yet compared with crates and documents.
//!
//! The parser makes the budgets and cases that everyone reads later. An entry adds where each part
//! was read, for the faults of the checks to come.

use crate::{Budget, Case, Span};

/// All that a `budgets.toml` states; see [`parse`](crate::parse).
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectEntry {
    /// Where the file begins.
    pub(crate) span: Span,
    pub(crate) systems: Vec<SystemEntry>,
    pub(crate) waivers: Vec<WaiverEntry>,
}

impl ProjectEntry {
    /// The names of the systems, in the order of the file.
    pub fn systems(&self) -> impl Iterator<Item = &str> {
        self.systems.iter().map(|system| system.name.as_str())
    }

    /// The documents of the systems, relative to the root, in the order of the file.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &str> {
        self.systems.iter().map(|system| system.document.as_str())
    }

    pub(crate) fn system(&self, name: &str) -> Option<&SystemEntry> {
        self.systems.iter().find(|system| system.name == name)
    }
}

/// A system's table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SystemEntry {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) document: String,
    /// Where the document is named; the system's own span when it is left out.
    pub(crate) document_span: Span,
    pub(crate) cases: Vec<CaseEntry>,
}

impl SystemEntry {
    pub(crate) fn budgets(&self) -> impl Iterator<Item = &BudgetEntry> {
        self.cases.iter().flat_map(|case| &case.budgets)
    }
}

/// A case, and where it was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CaseEntry {
    /// The case without its budgets; its workload is empty where the file leaves it out.
    pub(crate) case: Case,
    pub(crate) span: Span,
    /// Where the workload is named; `None` where it is left out.
    pub(crate) workload_span: Option<Span>,
    pub(crate) budgets: Vec<BudgetEntry>,
}

/// A budget, and where it was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BudgetEntry {
    /// The budget; what it cites is looked up later.
    pub(crate) budget: Budget,
    pub(crate) span: Span,
    pub(crate) quote_span: Span,
    pub(crate) id_span: Option<Span>,
    /// The case that it names besides its own, as it was written, and where.
    pub(crate) other: Option<(String, Span)>,
}

impl BudgetEntry {
    pub(crate) fn quote(&self) -> Quote<'_> {
        let id = self.budget.id.as_deref().zip(self.id_span.as_ref());
        Quote { text: &self.budget.quote, span: &self.quote_span, id }
    }
}

/// An excuse for a sentence, or for a page where no sentence is named.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WaiverEntry {
    pub(crate) document: String,
    pub(crate) document_span: Span,
    pub(crate) quote: Option<(String, Span)>,
    pub(crate) id: Option<(String, Span)>,
}

impl WaiverEntry {
    pub(crate) fn quote(&self) -> Option<Quote<'_>> {
        let (text, span) = self.quote.as_ref()?;
        Some(Quote { text, span, id: self.id.as_ref().map(|(id, span)| (id.as_str(), span)) })
    }
}

/// Words of a document, and the anchor that marks where they stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quote<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: &'a Span,
    pub(crate) id: Option<(&'a str, &'a Span)>,
}
