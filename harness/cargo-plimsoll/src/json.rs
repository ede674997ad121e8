//! The report for a program: one object for each budget, its record as the test wrote it.

use plimsoll::record::Record;
use serde::Serialize;

use crate::row::Row;

/// One budget.
#[derive(Serialize)]
struct RowWire<'a> {
    /// `storage::read_1mb::peak_heap`.
    test: String,
    /// Whether the record is of an earlier session than the newest.
    older: bool,
    /// The newest record; null when the budget was not run.
    record: Option<&'a Record>,
}

/// An array in the order of `budgets.toml`.
pub(crate) fn page(rows: &[Row<'_>]) -> serde_json::Result<String> {
    let wires: Vec<RowWire<'_>> = rows
        .iter()
        .map(|row| RowWire { test: row.test(), older: row.older, record: row.record.as_ref() })
        .collect();
    Ok(serde_json::to_string_pretty(&wires)? + "\n")
}
