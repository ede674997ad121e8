//! Columns of text, aligned for a terminal.

use anstyle::{AnsiColor, Style};

/// The side of its column on which a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

pub(crate) const RED: Style = AnsiColor::Red.on_default();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
pub(crate) const DIM: Style = Style::new().dimmed();

/// A text and its style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, style: Style::new() }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// Rows of equal length under a head.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    sides: [Side; N],
    rows: Vec<[Cell; N]>,
}

impl<const N: usize> Table<N> {
    /// A table with this head and no rows.
    pub(crate) fn new(head: [(&str, Side); N]) -> Self {
        let titles = head.map(|(text, _)| Cell { text: text.to_owned(), style: DIM });
        Self { sides: head.map(|(_, side)| side), rows: vec![titles] }
    }

    pub(crate) fn push(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    /// One line a row, each after `indent`, with two spaces between columns and none at the end.
    /// A column that is empty but for its title is left out. The output has escape codes, which
    /// [`print`](crate::console::print) removes where the terminal shows no colours.
    pub(crate) fn render(&self, indent: &str) -> String {
        let widths: [usize; N] = std::array::from_fn(|column| {
            self.rows.iter().map(|row| width(&row[column].text)).max().unwrap_or_default()
        });
        let mut out = String::new();
        for row in &self.rows {
            let mut line = indent.to_owned();
            let mut gap = "";
            for (column, cell) in row.iter().enumerate().filter(|(column, _)| self.is_used(*column))
            {
                let space = " ".repeat(widths[column] - width(&cell.text));
                let text = styled(cell);
                line += &match self.sides[column] {
                    Side::Left => format!("{gap}{text}{space}"),
                    Side::Right => format!("{gap}{space}{text}"),
                };
                gap = "  ";
            }
            out += line.trim_end();
            out.push('\n');
        }
        out
    }

    fn is_used(&self, column: usize) -> bool {
        self.rows.iter().skip(1).any(|row| !row[column].text.is_empty())
    }
}

/// An empty text has no codes, so that the spaces before it can be trimmed.
fn styled(Cell { text, style }: &Cell) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{text}{style:#}") }
}

/// The columns that a text takes on a terminal. µ, ×, ± and … take one; wide letters of East
/// Asian scripts, which names of tests never have, would take two.
fn width(text: &str) -> usize {
    text.chars().count()
}

/// At most `most` columns of a text, the last of them `…` where something was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn columns_are_aligned_by_letters_not_bytes() {
        let mut table = Table::new([("a", Side::Left), ("time", Side::Right), ("z", Side::Left)]);
        table.push(["13×".into(), "12 µs".into(), "x".into()]);
        table.push(["1".into(), "1 s".into(), "".into()]);
        let expected = "> a     time  z\n> 13×  12 µs  x\n> 1      1 s\n";
        assert_eq!(plain(&table.render("> ")), expected);
    }

    #[test]
    fn empty_column_is_left_out() {
        let mut table = Table::new([("a", Side::Left), ("id", Side::Left), ("b", Side::Left)]);
        table.push(["1".into(), "".into(), "2".into()]);
        assert_eq!(plain(&table.render("")), "a  b\n1  2\n");
    }

    #[test]
    fn colours_do_not_move_columns() {
        let mut table = Table::new([("a", Side::Left), ("b", Side::Left)]);
        table.push([Cell { text: "over".to_owned(), style: RED }, "x".into()]);
        let lines = table.render("");
        assert!(lines.ends_with("\u{1b}[31mover\u{1b}[0m  x\n"), "{lines:?}");
        assert_eq!(plain(&lines), "a     b\nover  x\n");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(cut("at most 1 MiB", 13), "at most 1 MiB");
        assert_eq!(cut("at most 1 MiB", 8), "at most…");
    }
}
