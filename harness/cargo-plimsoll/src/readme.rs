//! The report for a committed page: a table whose text changes only when the program does.
//!
//! Budgets that hold the same sentence to the same line with the same result share a row.
//! Exact figures are printed. Of those that vary from run to run only `kept` is, for both
//! passing verdicts, since a figure close to nine tenths of its line may be *near* today and
//! *within* tomorrow. There is no cost, no run and no date.
//!
//! A heavy case is not judged in every run, nor on every machine. Where there is no result of it,
//! its rows stay as the page has them, as long as they speak of the same promise and line.

use anyhow::ensure;

use crate::markdown::{cell, table_row};
use crate::row::Row;

/// The table. `up` leads from the page's folder to the root: `""`, `"../"`; none where the page
/// lies outside, and cannot link to the documents. `old` is the page as it was.
pub(crate) fn page(
    rows: &[Row<'_>],
    up: Option<&str>,
    target: &str,
    old: &str,
) -> anyhow::Result<String> {
    let missing: Vec<String> =
        rows.iter().filter(|row| row.record.is_none() && !row.case.heavy).map(Row::test).collect();
    ensure!(
        missing.is_empty(),
        "{} of {} budgets have no result: {}\n   remedy: cargo plimsoll run",
        missing.len(),
        rows.len(),
        missing.join(", ")
    );
    let mut out = "| promise | quote | limit | measured | budgets |\n".to_owned();
    out += "|---|---|---|--:|---|\n";
    for Shared { cells, tests, .. } in shared(rows, up, old) {
        let budgets = match tests.as_slice() {
            [test] => format!("`{test}`"),
            several => several.len().to_string(),
        };
        out += &table_row(&[cells, vec![budgets]].concat());
    }
    out += &format!("\nMeasured on {target}. `kept`: the figure varies from run to run.");
    if rows.iter().any(|row| row.case.heavy) {
        out += " Heavy cases stand as they were last judged.";
    }
    out.push('\n');
    Ok(out)
}

/// A row of the table but for its last cell, and the tests behind it.
struct Shared {
    cells: Vec<String>,
    /// Such a row is of one test, by whose name it is found again.
    heavy: bool,
    tests: Vec<String>,
}

/// Each distinct row, in the order of the promises' ids.
fn shared(rows: &[Row<'_>], up: Option<&str>, old: &str) -> Vec<Shared> {
    let mut distinct: Vec<Shared> = Vec::new();
    let mut sorted: Vec<&Row<'_>> = rows.iter().collect();
    sorted.sort_by_key(|row| {
        row.budget.id.as_deref().map_or((true, natural("")), |id| (false, natural(id)))
    });
    for row in sorted {
        let heavy = row.case.heavy;
        let mut cells = vec![
            promise(row, up),
            cell(&format!("“{}”", row.budget.quote)),
            cell(&row.budget.limit.to_string()),
        ];
        cells.push(match row.record {
            None => written(old, &cells, &row.test()).unwrap_or(row.word()).to_owned(),
            Some(_) => outcome(row),
        });
        match distinct.iter_mut().find(|same| !heavy && !same.heavy && same.cells == cells) {
            Some(same) => same.tests.push(row.test()),
            None => distinct.push(Shared { cells, heavy, tests: vec![row.test()] }),
        }
    }
    distinct
}

/// What the old page says was measured of a test, in the row that begins with `cells`.
fn written<'a>(old: &'a str, cells: &[String], test: &str) -> Option<&'a str> {
    let (start, end) = (format!("| {} | ", cells.join(" | ")), format!(" | `{test}` |"));
    old.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix(&end))
}

/// `T2` before `T10`: the letters, then the number.
fn natural(id: &str) -> (String, u64) {
    let digits = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    (id[..digits].to_owned(), id[digits..].parse().unwrap_or(0))
}

/// The promise's id, or its document, with a link to the place.
fn promise(row: &Row<'_>, up: Option<&str>) -> String {
    let file = &row.budget.cited.file;
    let name = row.budget.id.as_deref();
    let shown = cell(name.unwrap_or(file));
    match (up, name) {
        (None, _) => shown,
        (Some(up), Some(id)) => format!("[{shown}]({up}{file}#{id})"),
        (Some(up), None) => format!("[{shown}]({up}{file})"),
    }
}

fn outcome(row: &Row<'_>) -> String {
    match (row.fails(), row.is_exact()) {
        (true, true) => format!("**{}**: {}", row.word(), row.measured()),
        (true, false) => format!("**{}**", row.word()),
        (false, true) => row.measured(),
        (false, false) => "kept".to_owned(),
    }
}
