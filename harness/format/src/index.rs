//! The places of each word of a document, so that a thousand quotes are found in it at once.

use std::{collections::HashMap, ops::Range};

use crate::block::Block;

/// The words of some blocks.
pub(crate) struct Index<'a> {
    blocks: &'a [Block],
    words: HashMap<&'a str, Vec<(usize, usize)>>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(blocks: &'a [Block]) -> Self {
        let mut found: HashMap<&str, Vec<_>> = HashMap::new();
        for (block, content) in blocks.iter().enumerate() {
            for range in words(&content.text) {
                found.entry(&content.text[range.clone()]).or_default().push((block, range.start));
            }
        }
        Index { blocks, words: found }
    }

    /// Every place where the folded words stand as whole words: the block, and where in its text.
    pub(crate) fn find(&self, quote: &str) -> Vec<(usize, Range<usize>)> {
        let places = |range: &Range<usize>| self.words.get(&quote[range.clone()]);
        let rarest = words(quote).min_by_key(|range| places(range).map_or(0, Vec::len));
        let Some(rarest) = rarest else { return Vec::new() };
        let mut found: Vec<(usize, Range<usize>)> = Vec::new();
        for (block, at) in places(&rarest).into_iter().flatten() {
            let text = self.blocks[*block].text.as_str();
            let Some(start) = at.checked_sub(rarest.start) else { continue };
            let range = start..start + quote.len();
            let known = found.last().is_some_and(|last| *last == (*block, range.clone()));
            if text.get(range.clone()) == Some(quote) && whole(text, &range) && !known {
                found.push((*block, range));
            }
        }
        found
    }
}

/// The runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        let rest = &text[start..];
        at = start + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        Some(start..at)
    })
}

/// Whether a range of a text begins and ends where words and numbers do: `4 GB` is not in `24 GB`,
/// nor `200 MB` in `1,200 MB`.
fn whole(text: &str, range: &Range<usize>) -> bool {
    let found = &text[range.clone()];
    let alphanumeric = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let point = |c: Option<char>| matches!(c, Some('.' | ',' | '_'));
    let mut before = text[..range.start].chars().rev();
    let mut after = text[range.end..].chars();
    let (first, last) = (found.chars().next(), found.chars().next_back());
    let (left, right) = (before.next(), after.next());
    let glued = alphanumeric(first) && alphanumeric(left)
        || alphanumeric(last) && alphanumeric(right)
        || digit(first) && point(left) && digit(before.next())
        || digit(last) && point(right) && digit(after.next());
    !glued
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_found_as_whole_words() {
        let block = |text: &str| {
            let mut block = Block::default();
            block.push(text, 0);
            block
        };
        let blocks = [block("peak < 4 GB, not 24 GB. 1,200 MB"), block("12 MB, then 12 MB; 1.5")];
        let index = Index::of(&blocks);
        for (quote, expected) in [
            ("4 GB", vec![(0, 7..11)]),
            ("< 4 GB,", vec![(0, 5..12)]),
            ("200 MB", vec![]),
            ("12 MB", vec![(1, 0..5), (1, 12..17)]),
            ("12 M", vec![]),
            ("1", vec![]),
            ("5", vec![]),
            ("8 GB", vec![]),
            ("…", vec![]),
        ] {
            assert_eq!(index.find(quote), expected, "{quote}");
        }
    }
}
