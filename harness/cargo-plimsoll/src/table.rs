//! Columns of text, aligned for a terminal.

/// The side of its column on which a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// The colour of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Plain,
    Red,
    Yellow,
    Green,
    Dim,
}

impl Paint {
    /// The code of ECMA-48, "select graphic rendition".
    fn code(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Dim => Some(2),
            Self::Red => Some(31),
            Self::Green => Some(32),
            Self::Yellow => Some(33),
        }
    }
}

/// A text and its colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) paint: Paint,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, paint: Paint::Plain }
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
        let titles = head.map(|(text, _)| Cell { text: text.to_owned(), paint: Paint::Dim });
        Self { sides: head.map(|(_, side)| side), rows: vec![titles] }
    }

    pub(crate) fn push(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    /// One line a row, each after `indent`, with two spaces between columns and none at the end.
    /// A column that is empty but for its title is left out.
    pub(crate) fn render(&self, indent: &str, colours: bool) -> String {
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
                let text = if colours { painted(cell) } else { cell.text.clone() };
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

fn painted(cell: &Cell) -> String {
    match cell.paint.code() {
        Some(code) => format!("\u{1b}[{code}m{}\u{1b}[0m", cell.text),
        None => cell.text.clone(),
    }
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

    #[test]
    fn columns_are_aligned_by_letters_not_bytes() {
        let mut table = Table::new([("a", Side::Left), ("time", Side::Right), ("z", Side::Left)]);
        table.push(["13×".into(), "12 µs".into(), "x".into()]);
        table.push(["1".into(), "1 s".into(), "".into()]);
        assert_eq!(table.render("> ", false), "> a     time  z\n> 13×  12 µs  x\n> 1      1 s\n");
    }

    #[test]
    fn empty_column_is_left_out() {
        let mut table = Table::new([("a", Side::Left), ("id", Side::Left), ("b", Side::Left)]);
        table.push(["1".into(), "".into(), "2".into()]);
        assert_eq!(table.render("", false), "a  b\n1  2\n");
    }

    #[test]
    fn colours_do_not_move_columns() {
        let mut table = Table::new([("a", Side::Left), ("b", Side::Left)]);
        table.push([Cell { text: "over".to_owned(), paint: Paint::Red }, "x".into()]);
        let lines = table.render("", true);
        assert!(lines.ends_with("\u{1b}[31mover\u{1b}[0m  x\n"), "{lines:?}");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(cut("at most 1 MiB", 13), "at most 1 MiB");
        assert_eq!(cut("at most 1 MiB", 8), "at most…");
    }
}
