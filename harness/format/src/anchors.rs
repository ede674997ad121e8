//! Anchors, each of which marks one place of a document.

use std::collections::BTreeMap;

use crate::{Fault, page::Page, words};

/// A fault for each anchor whose id stands further up in the document; links lead to the first only.
pub(crate) fn repeated(page: &Page<'_>) -> Vec<Fault> {
    let anchors = || page.blocks.iter().flat_map(|block| &block.anchors);
    let mut known: Vec<String> = anchors().map(|(id, _)| id.clone()).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for (id, at) in anchors() {
        let Some(first) = first.get(id.as_str()) else {
            first.insert(id, *at);
            continue;
        };
        let free = free(id, &known);
        let text = &page.source.text[*at..];
        let end = text.find('>').map_or(text.len(), |end| end + 1);
        let words = words::anchor_twice(id, &page.source.place(*first), &free);
        faults.push(page.source.fault(*at..at + end, words));
        known.push(free);
    }
    faults
}

/// An id that no anchor has: `T2b` beside `T2`, `intro-2` beside `intro`.
fn free(id: &str, known: &[String]) -> String {
    let numbered = id.ends_with(|c: char| c.is_ascii_digit());
    let letters = ('b'..='z').filter(|_| numbered).map(|letter| format!("{id}{letter}"));
    let numbers = (2_u32..).map(|number| format!("{id}-{number}"));
    letters.chain(numbers).find(|free| !known.contains(free)).unwrap_or_default()
}
