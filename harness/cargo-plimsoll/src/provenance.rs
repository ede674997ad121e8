//! Where results come from, and whether they all come from the same place.

use std::collections::BTreeSet;

use plimsoll::record::Provenance;

use crate::row::Row;
use crate::table::{Side, Table};

/// That of the newest result of a case.
pub(crate) fn table(rows: &[Row<'_>], colours: bool) -> Option<String> {
    let records = rows.iter().filter_map(|row| row.record.as_ref());
    let newest = records.max_by_key(|record| record.unix_seconds)?;
    let mut table = Table::new([("measured", Side::Left), ("", Side::Left)]);
    for (name, value) in newest.provenance.rows() {
        table.push([name.into(), value.into()]);
    }
    Some(table.render("  ", colours))
}

/// In what the results differ that should not be read as one: `rustc 1.94.0, 1.95.0`.
pub(crate) fn differences(rows: &[Row<'_>]) -> Option<String> {
    let records = rows.iter().filter_map(|row| row.record.as_ref());
    let all: Vec<[(&str, String); 10]> =
        records.map(|record| Provenance::rows(&record.provenance)).collect();
    let first = all.first()?;
    let differing = first.iter().enumerate().filter_map(|(at, (name, _))| {
        let values: BTreeSet<&str> = all.iter().map(|rows| rows[at].1.as_str()).collect();
        let values: Vec<&str> = values.into_iter().collect();
        (values.len() > 1).then(|| format!("{name} {}", values.join(", ")))
    });
    let differing: Vec<String> = differing.collect();
    if differing.is_empty() {
        return None;
    }
    Some(format!("not all of one build and machine: {}", differing.join("; ")))
}
