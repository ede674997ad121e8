//! The results for a committed page: one section for each system, whose text changes only when the
//! program does.
//!
//! Budgets of a system with the same sentence, limit and figure share a row. Exact figures are
//! printed. Of a figure that varies from run to run the page says only `kept`, for both passing
//! verdicts: close to nine tenths of its limit it may be *near* today and *within* tomorrow. There is
//! no cost, no session and no date.
//!
//! A heavy case is not judged in every session, nor on every machine. Without a result, its rows stay
//! as they are on the page while their promise and limit are the same.

use anyhow::ensure;
use plimsoll::format::System;

use crate::markdown::{cell, table_row};
use crate::row::{HEAVY, Row};

/// Fails where a budget that is not heavy has no result.
pub(crate) fn ensure_complete(rows: &[Row<'_>]) -> anyhow::Result<()> {
    let missing: Vec<String> =
        rows.iter().filter(|row| row.record.is_none() && !row.case.heavy).map(Row::test).collect();
    ensure!(
        missing.is_empty(),
        "{} of {} budgets have no result: {}\n   remedy: cargo plimsoll run",
        missing.len(),
        rows.len(),
        missing.join(", ")
    );
    Ok(())
}

/// The sections. `up` is the relative path from the page's folder to the root: `""`, `"../"`; none
/// where the page is outside, and cannot link to the documents. `old` is the page as it was.
pub(crate) fn sections(
    systems: &[System],
    rows: &[Row<'_>],
    up: Option<&str>,
    target: &str,
    old: &str,
) -> String {
    let mut out = String::new();
    for system in systems {
        let of_system: Vec<&Row<'_>> =
            rows.iter().filter(|row| row.system.name == system.name).collect();
        out += &format!("## {}\n\n", system.name);
        out += "| promise | quote | limit | measured | budgets |\n|---|---|---|--:|---|\n";
        for Shared { cells, tests, .. } in shared(&of_system, up, old) {
            let budgets = match tests.as_slice() {
                [test] => format!("`{test}`"),
                several => several.len().to_string(),
            };
            out += &table_row(&[cells, vec![budgets]].concat());
        }
        out.push('\n');
    }
    out += &format!("Measured on {target}. `kept`: the figure varies from run to run.");
    if rows.iter().any(|row| row.case.heavy) {
        out += " Heavy cases keep the figures of their last run.";
    }
    out.push('\n');
    out
}

/// A row of the table but for its last cell, and its tests.
struct Shared {
    cells: Vec<String>,
    /// The row of a heavy budget has one test, whose name finds it on the old page.
    heavy: bool,
    tests: Vec<String>,
}

/// Each distinct row, in the order of the promises' ids.
fn shared(rows: &[&Row<'_>], up: Option<&str>, old: &str) -> Vec<Shared> {
    let mut distinct: Vec<Shared> = Vec::new();
    let mut sorted = rows.to_vec();
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
            None => on_page(old, &cells, &row.test()).unwrap_or(HEAVY).to_owned(),
            Some(_) => stable_figure(row),
        });
        match distinct.iter_mut().find(|same| !heavy && !same.heavy && same.cells == cells) {
            Some(same) => same.tests.push(row.test()),
            None => distinct.push(Shared { cells, heavy, tests: vec![row.test()] }),
        }
    }
    distinct
}

/// The figure of a test on the old page, in the row that begins with `cells`.
fn on_page<'a>(old: &'a str, cells: &[String], test: &str) -> Option<&'a str> {
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
    let name = cell(row.budget.id.as_deref().unwrap_or(&row.budget.cited.file));
    link(&name, row, up)
}

/// A link to the place of the promise; the text alone where the page cannot link to it.
pub(crate) fn link(text: &str, row: &Row<'_>, up: Option<&str>) -> String {
    let file = &row.budget.cited.file;
    match (up, &row.budget.id) {
        (None, _) => text.to_owned(),
        (Some(up), Some(id)) => format!("[{text}]({up}{file}#{id})"),
        (Some(up), None) => format!("[{text}]({up}{file})"),
    }
}

/// The figure where it is exact, `kept` where it varies, the verdict where it fails.
pub(crate) fn stable_figure(row: &Row<'_>) -> String {
    match (row.fails(), row.is_exact()) {
        (true, true) => format!("**{}**: {}", row.word(), row.measured()),
        (true, false) => format!("**{}**", row.word()),
        (false, true) => row.measured(),
        (false, false) => "kept".to_owned(),
    }
}
