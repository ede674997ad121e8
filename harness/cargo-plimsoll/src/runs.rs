//! What budgets over several runs rest on: the figure of each size, both sides of a ratio, and
//! the hold.

use plimsoll::format::{Limit, Metric};
use plimsoll::record::Record;

use crate::figure;
use crate::row::Row;
use crate::table::{Side, Table};

/// A table for each metric of the sweep, a line for each ratio and for each hold; nothing of a
/// case that has none of them.
pub(crate) fn tables(rows: &[Row<'_>], colours: bool) -> String {
    let judged: Vec<(&Row<'_>, &Record)> =
        rows.iter().filter_map(|row| Some((row, row.record.as_ref()?))).collect();
    let mut out = String::new();
    let mut shown: Vec<Metric> = Vec::new();
    for (row, record) in &judged {
        if record.points.len() > 1 && !shown.contains(&row.budget.metric) {
            shown.push(row.budget.metric);
            out += &format!("\n{}", sweep(row, record, colours));
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
            let said = figure::between(bounds, |end| end.exact());
            lines += &format!("  {name}  {sweep} says {said}\n");
        }
        if let Some(hold) = &row.budget.ratchet {
            lines += &format!("  {name}  held at {hold}\n");
        }
    }
    if lines.is_empty() { out } else { out + "\n" + &lines }
}

fn sweep(row: &Row<'_>, record: &Record, colours: bool) -> String {
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
    table.render("  ", colours)
}
