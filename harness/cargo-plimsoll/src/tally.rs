//! The lines below a table: how many budgets have which verdict, and how long measuring took.

use std::collections::BTreeMap;

use plimsoll::format::Quantity;
use plimsoll::judge::Verdict;

use crate::row::{HEAVY, NOT_RUN, Row};

/// `41 budgets: 38 within, 2 near, 1 over, 0 not run`; other verdicts stand between where a budget has
/// them, and the heavy ones that were not run at the end.
pub(crate) fn verdicts(rows: &[Row<'_>]) -> String {
    let always = [Verdict::Within, Verdict::Near, Verdict::Over].map(|verdict| verdict.name());
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.word()).or_insert(0) += 1;
    }
    let mut count = |word| counts.remove(word).unwrap_or(0);
    let usual = always.map(|word| format!("{} {word}", count(word)));
    let not_run = format!("{} {NOT_RUN}", count(NOT_RUN));
    let heavy = match count(HEAVY) {
        0 => None,
        heavy => Some(format!("{heavy} heavy and not run")),
    };
    let others = counts.into_iter().map(|(word, count)| format!("{count} {word}"));
    let parts = usual.into_iter().chain(others).chain([not_run]).chain(heavy);
    format!("{}: {}", counted(rows.len(), "budget"), parts.collect::<Vec<_>>().join(", "))
}

/// `9 cases measured in 3.20 s, 2.90 s of processor time`; a case counts once, however many
/// budgets share its measurement.
pub(crate) fn cost(rows: &[Row<'_>]) -> Option<String> {
    let mut wall = BTreeMap::new();
    let mut cpu = BTreeMap::new();
    for row in rows {
        let case = (row.system.name.as_str(), row.case.name.as_str());
        let record = row.record.as_ref();
        wall.extend(record.and_then(|record| record.cost_wall_seconds).map(|cost| (case, cost)));
        cpu.extend(record.and_then(|record| record.cost_cpu_seconds).map(|cost| (case, cost)));
    }
    if wall.is_empty() {
        return None;
    }
    let sum = |costs: &BTreeMap<_, f64>| Quantity::seconds(costs.values().sum());
    let mut text = format!("{} measured in {}", counted(wall.len(), "case"), sum(&wall));
    if !cpu.is_empty() {
        text += &format!(", {} of processor time", sum(&cpu));
    }
    Some(text)
}

/// A number with its noun: `1 budget`, `2 budgets`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
