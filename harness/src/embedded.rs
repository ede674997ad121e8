//! What the test binary carries in itself: the checked table, and the crate's workloads.

use crate::workload::Workload;

/// The table of budgets that [`main!`](crate::main) and [`system!`](crate::system) put into the
/// test binary. Its fields are the macros' business: write `plimsoll::system!(…)` to get one.
#[derive(Debug)]
pub struct Embedded {
    /// The checked system, as JSON of [`plimsoll_format::System`].
    pub table: &'static str,
    /// The absolute path of the folder that holds `budgets.toml`.
    pub root: &'static str,
    /// The crate's workloads.
    pub workloads: Vec<Workload>,
    /// Holds a page to the accepted snapshot of that name, by `insta::assert_snapshot!` in the
    /// crate under test.
    pub hold: fn(name: &str, page: &str),
}
