//! A paragraph, list item, heading or table row as plain text that remembers where it came from.

use std::ops::Range;

/// One block of a document: what a reader reads, white space folded, mark-up gone.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Block {
    pub(crate) text: String,
    /// The anchors in the block, each with its place in the source.
    pub(crate) anchors: Vec<(String, usize)>,
    /// Whether it stands under `Findings`, which promise nothing.
    pub(crate) findings: bool,
    /// Runs of text that follow the source byte by byte: where in the text, where in the source.
    origins: Vec<(usize, usize)>,
    /// White space that was read but not written yet.
    space: Option<usize>,
}

impl Block {
    /// Adds text that begins at `from` in the source and follows it byte by byte.
    pub(crate) fn push(&mut self, text: &str, from: usize) {
        for (offset, letter) in text.char_indices() {
            self.letter(letter, from + offset);
        }
    }

    /// Adds text that stands for one thing in the source: an entity, a cell's edge.
    pub(crate) fn push_for(&mut self, text: &str, from: usize) {
        text.chars().for_each(|letter| self.letter(letter, from));
    }

    fn letter(&mut self, letter: char, from: usize) {
        if letter.is_whitespace() {
            if !(thin(letter) && self.text.ends_with(|c: char| c.is_ascii_digit())) {
                self.space.get_or_insert(from);
            } else if self.space.is_none() {
                self.space = Some(usize::MAX);
            }
            return;
        }
        match self.space.take() {
            Some(usize::MAX) if letter.is_ascii_digit() => {}
            Some(space) if !self.text.is_empty() => {
                self.write(' ', if space == usize::MAX { from } else { space });
            }
            _ => {}
        }
        self.write(letter, from);
    }

    fn write(&mut self, letter: char, from: usize) {
        let follows = self
            .origins
            .last()
            .is_some_and(|(text, source)| source + (self.text.len() - text) == from);
        if !follows {
            self.origins.push((self.text.len(), from));
        }
        self.text.push(letter);
    }

    /// Where in the source an offset of the text came from.
    pub(crate) fn origin(&self, offset: usize) -> usize {
        let run = self.origins.partition_point(|(text, _)| *text <= offset).saturating_sub(1);
        self.origins.get(run).map_or(0, |(text, source)| source + (offset - text))
    }

    /// The range of the source that a range of the text came from.
    pub(crate) fn origins(&self, range: Range<usize>) -> Range<usize> {
        let last = self.text[range.clone()].chars().next_back().map_or(0, char::len_utf8);
        self.origin(range.start)..self.origin(range.end - last) + last
    }
}

/// Spaces that group digits, because no line breaks there.
fn thin(letter: char) -> bool {
    matches!(letter, '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// A text folded as blocks are, so that the two compare.
pub(crate) fn folded(text: &str) -> String {
    let mut block = Block::default();
    block.push(text, 0);
    block.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded_and_thin_spaces_group_digits() {
        for (text, plain) in [
            ("  a \n b\t", "a b"),
            ("10\u{2009}000 MB", "10000 MB"),
            ("1\u{202f}234\u{202f}567", "1234567"),
            ("34\u{202f}MB", "34 MB"),
            ("34\u{a0}MB", "34 MB"),
            ("1\u{a0}200", "1200"),
            ("10 000", "10 000"),
            ("a\u{2009}1", "a 1"),
        ] {
            assert_eq!(folded(text), plain, "{text:?}");
        }
    }

    #[test]
    fn every_letter_knows_where_it_came_from() {
        let mut block = Block::default();
        block.push("say  ", 10);
        block.push_for("<", 15);
        block.push("4 GB", 19);
        assert_eq!(block.text, "say <4 GB");
        let at = |needle: &str| block.origin(block.text.find(needle).unwrap());
        assert_eq!((at("say"), at("<"), at("4"), at("GB")), (10, 15, 19, 21));
        assert_eq!(block.origins(5..9), 19..23);
    }
}
