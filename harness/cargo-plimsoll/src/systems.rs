//! The summary for a committed page: one row for each system, whose text changes only when the
//! program does.
//!
//! Exact figures count as *within* or *near*. A passing figure that varies from run to run counts as
//! *kept*, and a budget of a heavy case as *heavy*: another session, or another machine, could count
//! them otherwise. The headline is the system's first budget in `budgets.toml`.

use std::collections::BTreeSet;

use plimsoll::format::{Place, System};

use crate::markdown::{cell, table_row};
use crate::results::{link, stable_figure};
use crate::row::{HEAVY, Row};

/// The page with the results of every budget, at the root.
pub(crate) const RESULTS: &str = "RESULTS.md";

/// The table. `up` is the relative path from the page's folder to the root; `has_results` where
/// [`RESULTS`] exists. `old` is the page as it was.
pub(crate) fn table(
    systems: &[System],
    rows: &[Row<'_>],
    up: Option<&str>,
    has_results: bool,
    old: &str,
) -> String {
    let mut out = "| system | promises | budgets | results | headline |\n".to_owned();
    out += "|---|--:|--:|---|---|\n";
    for system in systems {
        let name = &system.name;
        let of_system: Vec<&Row<'_>> = rows.iter().filter(|row| row.system.name == *name).collect();
        let Some(first) = of_system.first() else { continue };
        let promises: BTreeSet<&Place> = of_system.iter().map(|row| &row.budget.cited).collect();
        let section = match up.filter(|_| has_results) {
            Some(up) => format!("[{}]({up}{RESULTS}#{name})", cell(name)),
            None => cell(name),
        };
        out += &table_row(&[
            section,
            promises.len().to_string(),
            of_system.len().to_string(),
            counts(&of_system),
            headline(first, up, old),
        ]);
    }
    out
}

/// `60 within, 5 near, 30 kept, 20 heavy`, then the verdicts that fail, in bold; no zeroes.
fn counts(rows: &[&Row<'_>]) -> String {
    let words: Vec<&str> = rows.iter().map(|row| word(row)).collect();
    let fails = rows.iter().filter(|row| row.fails()).map(|row| row.word());
    let failing: BTreeSet<&str> = fails.collect();
    let count = |word: &str| words.iter().filter(|other| **other == word).count();
    let passing = ["within", "near", "kept", "heavy"].into_iter().filter(|word| count(word) > 0);
    let passing = passing.map(|word| format!("{} {word}", count(word)));
    let failing = failing.into_iter().map(|word| format!("**{} {word}**", count(word)));
    passing.chain(failing).collect::<Vec<_>>().join(", ")
}

fn word(row: &Row<'_>) -> &'static str {
    match (row.fails(), row.case.heavy, row.is_exact()) {
        (true, ..) => row.word(),
        (false, true, _) => "heavy",
        (false, false, true) => row.word(),
        (false, false, false) => "kept",
    }
}

/// `“below 4 GB”: at most 4 GB, kept`. A heavy budget without a result keeps its figure on the page.
fn headline(row: &Row<'_>, up: Option<&str>, old: &str) -> String {
    let quote = link(&cell(&format!("“{}”", row.budget.quote)), row, up);
    let promise = format!("{quote}: {}, ", cell(&row.budget.limit.to_string()));
    let figure = match row.record {
        Some(_) => stable_figure(row),
        None => figure_on_page(old, &promise).unwrap_or(HEAVY).to_owned(),
    };
    promise + &figure
}

/// The text between the promise and the end of its row.
fn figure_on_page<'a>(old: &'a str, promise: &str) -> Option<&'a str> {
    old.lines().find_map(|line| {
        let (_, rest) = line.split_once(&format!(" | {promise}"))?;
        rest.strip_suffix(" |")
    })
}
