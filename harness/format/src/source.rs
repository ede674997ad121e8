//! The text of a file and the places in it.

use std::ops::Range;

use crate::{Fault, Place, fault::Shown, words::Words};

/// A text file: its name relative to the root, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name relative to the root, with `/` between its parts.
    pub file: String,
    /// The whole text.
    pub text: String,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
}

impl Source {
    /// A file of that name and text.
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Source { file: file.into(), text, starts }
    }

    /// The line and column of a byte offset; the end of the text for anything beyond it.
    pub fn place(&self, offset: usize) -> Place {
        let (line, start, offset) = self.locate(offset);
        let column = self.text[start..offset].chars().count() + 1;
        Place { file: self.file.clone(), line: line as u32 + 1, column: column as u32 }
    }

    /// A fault at a range of bytes, which shows the line.
    pub(crate) fn fault(&self, span: Range<usize>, words: Words) -> Fault {
        let (line, start, from) = self.locate(span.start);
        let text = self.text[start..].lines().next().unwrap_or_default();
        let before = self.text[start..from].chars().count();
        let (_, _, to) = self.locate(span.end.max(from));
        let marked = self.text[from..to].lines().next().unwrap_or_default().chars().count();
        Fault::new(self.place(from), Some(Shown::new(line + 1, text, before, marked)), words)
    }

    /// The index of the line, its first byte, and the offset moved back to a character's start.
    fn locate(&self, offset: usize) -> (usize, usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        (line, self.starts.get(line).copied().unwrap_or(0), offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let source = Source::new("a.md", "~41 µs\nzwei\n");
        for (offset, place) in [
            (0, "a.md:1:1"),
            (4, "a.md:1:5"),
            (5, "a.md:1:5"), // the second byte of µ belongs to its first
            (6, "a.md:1:6"),
            (8, "a.md:2:1"),
            (99, "a.md:3:1"),
        ] {
            assert_eq!(source.place(offset).precise(), place);
        }
    }
}
