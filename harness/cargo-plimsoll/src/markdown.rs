//! The report for a pull request: a table of GitHub-flavoured Markdown.

use crate::row::{Row, failures_first};
use crate::{provenance, tally};

/// The totals, a row for each budget with the failed ones in bold at the top, and the machine.
pub(crate) fn page(rows: &[Row<'_>], place: &str) -> String {
    let mut out = format!("**{}**\n\n", tally::verdicts(rows));
    out += "| verdict | id | budget | promise | measured | limit | headroom | cost |\n";
    out += "|---|---|---|---|--:|---|--:|--:|\n";
    for row in failures_first(rows) {
        let older = if row.older { " \\*" } else { "" };
        let verdict = format!("{}{older}", row.word());
        let cells = [
            verdict,
            cell(row.budget.id.as_deref().unwrap_or_default()),
            format!("`{}`", row.test()),
            cell(&format!("“{}”", row.budget.quote)),
            row.measured(),
            cell(&row.budget.limit.to_string()),
            row.headroom(),
            row.cost(),
        ];
        let bold = |text: String| if text.is_empty() { text } else { format!("**{text}**") };
        out += &table_row(&cells.map(|text| if row.fails() { bold(text) } else { text }));
    }
    out += &format!("\nMeasured on {place}");
    if let Some(cost) = tally::cost(rows) {
        out += &format!("; {cost}");
    }
    out += ".\n";
    if rows.iter().any(|row| row.older) {
        out += "\n\\* from an earlier session than the newest\n";
    }
    if let Some(differences) = provenance::differences(rows) {
        out += &format!("\n{}\n", cell(&differences));
    }
    out
}

/// One row of a table.
pub(crate) fn table_row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// A text for one cell, with the characters escaped that Markdown would interpret.
pub(crate) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '\\' | '*' | '_' | '`' | '<' | '[' | ']' | '~' => out.extend(['\\', letter]),
            '\n' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn markdown_characters_in_a_sentence_are_escaped() {
        assert_eq!(cell("a | b *c* <4 GB"), "a \\| b \\*c\\* \\<4 GB");
        assert_eq!(cell("~41 MB"), "\\~41 MB");
    }
}
