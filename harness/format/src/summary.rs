//! The size of a whole project, in numbers.

use std::fmt;

/// How much was checked, and found to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Systems, each a table of `budgets.toml`.
    pub systems: usize,
    /// Cases, each a workload with its parameters.
    pub cases: usize,
    /// Budgets, each a test.
    pub budgets: usize,
    /// Promises cited: places in the documents, however many budgets cite each.
    pub promises: usize,
    /// Waivers.
    pub waivers: usize,
    /// Documents that were read.
    pub pages: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { systems, cases, budgets, promises, waivers, pages } = self;
        write!(
            f,
            "{systems} systems, {cases} cases, {budgets} budgets; {promises} promises cited on \
             {pages} pages, {waivers} waivers"
        )
    }
}
