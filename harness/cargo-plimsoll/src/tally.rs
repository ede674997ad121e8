//! The lines below a table: how many budgets have which verdict, and how long measuring took.

use std::collections::BTreeMap;

use plimsoll::format::Quantity;

use crate::row::{HEAVY, NOT_RUN, Row};

/// The verdicts that are printed even when no budget has them.
const ALWAYS: [&str; 3] = ["within", "near", "over"];
/// The verdicts that are printed only where a budget has them.
const RARE: [&str; 7] = [
    "regressed",
    "inconclusive",
    "unexpected result",
    "crashed",
    "timed out",
    "over cap",
    "not measured",
];

/// `41 budgets: 38 within, 2 near, 1 over, 0 not run`, then the heavy ones that were not, if any.
pub(crate) fn verdicts(rows: &[Row<'_>]) -> String {
    let count = |word: &str| rows.iter().filter(|row| row.word() == word).count();
    let rare = RARE.into_iter().filter(|word| count(word) > 0);
    let words = ALWAYS.into_iter().chain(rare).chain([NOT_RUN]);
    let mut parts: Vec<String> = words.map(|word| format!("{} {word}", count(word))).collect();
    if count(HEAVY) > 0 {
        parts.push(format!("{} heavy and not run", count(HEAVY)));
    }
    format!("{}: {}", counted(rows.len(), "budget"), parts.join(", "))
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
