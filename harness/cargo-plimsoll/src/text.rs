//! The report for a terminal.

use crate::row::{HEAVY, Row, failures_first};
use crate::table::{Cell, DIM, GREEN, RED, Side, Table, YELLOW, cut};
use crate::test_filter::run_command;
use crate::{provenance, tally};

/// The largest width of a quoted sentence.
const PROMISE_WIDTH: usize = 32;

/// A table of the budgets, the failed ones first, and the totals below it.
pub(crate) fn page(rows: &[Row<'_>]) -> String {
    let mut table = Table::new([
        ("verdict", Side::Left),
        ("budget", Side::Left),
        ("id", Side::Left),
        ("promise", Side::Left),
        ("measured", Side::Right),
        ("limit", Side::Left),
        ("headroom", Side::Right),
        ("cost", Side::Right),
    ]);
    for row in failures_first(rows) {
        table.push([
            verdict(row),
            row.test().into(),
            row.budget.id.as_deref().unwrap_or_default().into(),
            cut(&format!("\"{}\"", row.budget.quote), PROMISE_WIDTH).into(),
            row.measured().into(),
            row.budget.limit.to_string().into(),
            row.headroom().into(),
            row.cost().into(),
        ]);
    }
    let mut out = table.render("");
    out += &format!("\n{}\n", tally::verdicts(rows));
    if let Some(cost) = tally::cost(rows) {
        out += &format!("{cost}\n");
    }
    if rows.iter().any(|row| row.word() == HEAVY) {
        out += &format!("heavy cases were skipped; run them too: {}\n", run_command("", true));
    }
    if rows.iter().any(|row| row.older) {
        out += "* from an earlier session than the newest\n";
    }
    if let Some(differences) = provenance::differences(rows) {
        out += &format!("{differences}\n");
    }
    out
}

/// The verdict behind a mark, which shows failures without colours too.
pub(crate) fn verdict(row: &Row<'_>) -> Cell {
    let (mark, style) = match (row.fails(), row.word()) {
        (true, _) => ("✗", RED),
        (false, "near") => ("✓", YELLOW),
        (false, "within") => ("✓", GREEN),
        (false, _) => ("·", DIM),
    };
    let older = if row.older { " *" } else { "" };
    Cell { text: format!("{mark} {}{older}", row.word()), style }
}
