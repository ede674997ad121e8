//! One thing that is wrong, as its author reads it.

use std::fmt;

use crate::{Place, words::Words};

/// A problem of `budgets.toml` or of a document: where, what was read, what is allowed.
///
/// `Display` is the whole message, `file:line:column: what` on its first line and the remedy last.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    place: Place,
    shown: Option<Shown>,
    words: Words,
}

impl Fault {
    pub(crate) fn new(place: Place, shown: Option<Shown>, words: Words) -> Self {
        Fault { place, shown, words }
    }

    /// A fault of a whole file, or of one that is missing.
    pub(crate) fn of_file(file: &str, words: Words) -> Self {
        Fault::new(Place { file: file.to_owned(), line: 1, column: 1 }, None, words)
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What is wrong, in one line.
    pub fn what(&self) -> &str {
        &self.words.what
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place.precise(), self.words.what)?;
        if let Some(shown) = &self.shown {
            write!(f, "\n{shown}")?;
        }
        for (label, text) in &self.words.hints {
            // An example of several lines keeps its shape under its first.
            let margin = format!("\n{:1$}", "", label.chars().count() + 5);
            write!(f, "\n   {label}: {}", text.replace('\n', &margin))?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// The line of the file that is at fault, with carets below it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    line: usize,
    text: String,
    before: usize,
    marked: usize,
}

impl Shown {
    /// `before` and `marked` count characters; a long line is cut to a window around them.
    pub(crate) fn new(line: usize, text: &str, before: usize, marked: usize) -> Self {
        const WIDTH: usize = 110;
        const LEAD: usize = 30;
        let length = text.chars().count();
        let from = if length > WIDTH { before.saturating_sub(LEAD) } else { 0 };
        let mut cut: String = text.chars().skip(from).take(WIDTH).collect();
        if from > 0 {
            cut.insert(0, '…');
        }
        if from + WIDTH < length {
            cut.push('…');
        }
        let before = if from > 0 { before - from + 1 } else { before };
        let room = cut.chars().count().saturating_sub(before).max(1);
        Shown { line, text: cut.replace('\t', " "), before, marked: marked.clamp(1, room) }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown { line, text, before, marked } = self;
        writeln!(f, "{line:>5} | {text}")?;
        write!(f, "      | {:before$}{:^<marked$}", "", "")
    }
}
