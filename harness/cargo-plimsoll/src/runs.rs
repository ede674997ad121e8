//! The figures behind a budget over several runs: of each size, and of both sides of a ratio; and
//! the ratchet.

use plimsoll::format::{Limit, Metric};
use plimsoll::record::Record;

use crate::figure;
use crate::row::Row;
use crate::table::{Side, Table};

/// A table for each metric of the sweep, and a line for each ratio and each ratchet; empty for a
/// case without any.
pub(crate) fn tables(rows: &[Row<'_>]) -> String {
    let judged: Vec<(&Row<'_>, &Record)> =
        rows.iter().filter_map(|row| Some((row, row.record.as_ref()?))).collect();
    let mut out = String::new();
    let mut shown: Vec<Metric> = Vec::new();
    for (row, record) in &judged {
        if record.points.len() > 1 && !shown.contains(&row.budget.metric) {
            shown.push(row.budget.metric);
            out += &format!("\n{}", sweep(row, record));
        }
    }
    let mut lines = String::new();
    for (row, record) in judged {
        let name = &row.budget.name;
        if let (Some([own, theirs]), Some(other)) = (record.sides, &row.budget.ratio_to) {
            let case = &row.case.name;
            lines += &format!("  {name}  {own} of {case} to {theirs} of {other}\n");
        }
        if let (Some(bounds), Limit::MatchesSweep { sweep, .. }) =
            (record.bounds, &row.budget.limit)
        {
            let predicted = figure::between(bounds, |end| end.exact());
            lines += &format!("  {name}  sweep {sweep}: {predicted}\n");
        }
        if let Some(ratchet) = &row.budget.ratchet {
            lines += &format!("  {name}  ratchet {ratchet}\n");
        }
    }
    if lines.is_empty() { out } else { out + "\n" + &lines }
}

fn sweep(row: &Row<'_>, record: &Record) -> String {
    let parameter = row.swept().sweep.as_ref().map_or("size", |sweep| &sweep.parameter);
    let metric = row.budget.metric.name();
    let mut table =
        Table::new([(parameter, Side::Right), (metric, Side::Right), ("", Side::Right)]);
    for point in &record.points {
        let size = point.size.map(|size| size.to_string()).unwrap_or_default();
        let rounded = point.figure.in_family(row.budget.limit.family());
        let exact = point.figure.exact();
        let digits = if exact == rounded { String::new() } else { exact };
        table.push([size.into(), rounded.into(), digits.into()]);
    }
    table.render("  ")
}
