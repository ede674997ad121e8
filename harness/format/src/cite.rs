//! A document against the budgets that cite it, in both directions.

use std::ops::Range;

use crate::{
    Fault, Faults, Place, Source, Span,
    anchors::repeated,
    block::folded,
    entry::{BudgetEntry, Quote, WaiverEntry},
    figure::{figures, memory},
    index::Index,
    negation::negated_from,
    page::Page,
    words,
};

/// The place in the document that each budget cites. A fault for a quote that is not there, for one
/// without the limit's figure, and for a figure of memory that no budget cites.
pub(crate) fn cite(
    document: &Source,
    budgets: &[&BudgetEntry],
    waivers: &[&WaiverEntry],
) -> Result<Vec<Place>, Faults> {
    let page = Page::read(document);
    let mut desk = Desk {
        index: Index::of(&page.blocks),
        excused: vec![Vec::new(); page.blocks.len()],
        page: &page,
    };
    let mut faults = Faults::default();
    let mut places = Vec::new();
    for budget in budgets {
        match desk.look_up(budget.quote()) {
            Ok((place, cited)) => {
                places.push(place);
                desk.negated(budget.quote(), &cited)
                    .into_iter()
                    .for_each(|fault| faults.push(fault));
            }
            Err(fault) => faults.push(*fault),
        }
        if let Some(fault) = figure_missing(budget) {
            faults.push(fault);
        }
    }
    for quote in waivers.iter().filter_map(|waiver| waiver.quote()) {
        if let Err(fault) = desk.look_up(quote) {
            faults.push(*fault);
        }
    }
    repeated(&page).into_iter().for_each(|fault| faults.push(fault));
    desk.uncited().into_iter().for_each(|fault| faults.push(fault));
    faults.or(places)
}

/// A document, and the parts of it that were cited so far.
struct Desk<'a> {
    page: &'a Page<'a>,
    index: Index<'a>,
    /// For each block the ranges of its text that budgets and waivers cite.
    excused: Vec<Vec<Range<usize>>>,
}

type Occurrence = (usize, Range<usize>);

impl Desk<'_> {
    /// Finds a quote and marks the text that it covers; text that it may have meant is not uncited.
    fn look_up(&mut self, quote: Quote<'_>) -> Result<(Place, Vec<Occurrence>), Box<Fault>> {
        let (promised, findings): (Vec<_>, Vec<_>) = self
            .index
            .find(&folded(quote.text))
            .into_iter()
            .partition(|(block, _)| !self.page.blocks[*block].findings);
        let meant = self.meant(quote, &promised, &findings);
        let cited = meant.as_ref().map_or(&promised, |(_, cited)| cited);
        for (block, range) in cited {
            self.excused[*block].push(range.clone());
        }
        meant
    }

    /// A fault for a quote whose words say the opposite of the sentence that they are taken from.
    fn negated(&self, quote: Quote<'_>, cited: &[Occurrence]) -> Option<Fault> {
        let (block, range) = cited.first()?;
        let text = self.page.blocks[*block].text.as_str();
        let from = negated_from(text, range.start)?;
        let negation = text[from..range.start].trim_end();
        let place = self.place(&(*block, from..range.end));
        let words = words::negated(quote.text, negation, &text[from..range.end], &place);
        Some(quote.span.fault(words))
    }

    /// The occurrences that a quote means: those at its anchor, or else the only one; and the place
    /// of the first.
    fn meant(
        &self,
        quote: Quote<'_>,
        promised: &[Occurrence],
        findings: &[Occurrence],
    ) -> Result<(Place, Vec<Occurrence>), Box<Fault>> {
        let text = quote.text;
        let words = match (quote.id, promised, findings) {
            (Some((id, span)), ..) => return self.anchored(quote, id, span, promised),
            (None, [only], _) => return Ok((self.place(only), vec![only.clone()])),
            (None, [], [finding, ..]) => words::only_in_findings(text, &self.place(finding)),
            (None, [], []) => {
                let near = self.nearest(&folded(text));
                let near = near.as_ref().map(|(place, near)| (place, *near));
                words::not_in_document(&self.page.source.file, text, near)
            }
            (None, several, _) => {
                let places: Vec<Place> = several.iter().map(|found| self.place(found)).collect();
                words::found_often(text, &places)
            }
        };
        Err(Box::new(quote.span.fault(words)))
    }

    /// The occurrences in the blocks that carry an anchor.
    fn anchored(
        &self,
        quote: Quote<'_>,
        id: &str,
        span: &Span,
        promised: &[Occurrence],
    ) -> Result<(Place, Vec<Occurrence>), Box<Fault>> {
        let blocks = &self.page.blocks;
        let carries = |block: usize| blocks[block].anchors.iter().any(|(anchor, _)| anchor == id);
        let found = promised.iter().filter(|(block, _)| carries(*block));
        let found: Vec<Occurrence> = found.cloned().collect();
        if let Some(first) = found.first() {
            return Ok((self.place(first), found));
        }
        let marked: Vec<(Place, &str)> = (0..blocks.len())
            .filter(|block| carries(*block))
            .map(|block| (self.page.place(block), blocks[block].text.as_str()))
            .collect();
        let fault = if marked.is_empty() {
            let known: Vec<&str> =
                blocks.iter().flat_map(|b| &b.anchors).map(|(id, _)| id.as_str()).collect();
            let words = words::no_anchor(&self.page.source.file, id, &known);
            span.fault(words)
        } else {
            quote.span.fault(words::not_at_anchor(id, quote.text, &marked))
        };
        Err(Box::new(fault))
    }

    /// The block that shares most with a quote that is not there.
    fn nearest(&self, quote: &str) -> Option<(Place, &str)> {
        let blocks = self.page.blocks.iter().enumerate().filter(|(_, block)| !block.findings);
        let alike = blocks
            .map(|(at, block)| (strsim::sorensen_dice(quote, &block.text), at))
            .filter(|(alike, _)| *alike > 0.4)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        alike.map(|(_, block)| (self.page.place(block), self.page.blocks[block].text.as_str()))
    }

    fn place(&self, (block, range): &Occurrence) -> Place {
        self.page.source.place(self.page.blocks[*block].origin(range.start))
    }

    /// The figures of memory that no budget cites.
    fn uncited(&self) -> Vec<Fault> {
        let blocks = self.page.blocks.iter().zip(&self.excused);
        blocks
            .filter(|(block, _)| !block.findings)
            .flat_map(|(block, excused)| {
                let covered = |figure: &Range<usize>| {
                    excused
                        .iter()
                        .any(|cited| cited.start <= figure.start && figure.end <= cited.end)
                };
                let figures = memory(&block.text).into_iter();
                figures.filter(move |figure| !covered(figure)).map(|figure| {
                    let source = self.page.source;
                    let sentence = around(&block.text, &figure);
                    let words = words::uncited(&block.text[figure.clone()], sentence, &source.file);
                    source.fault(block.origins(figure), words)
                })
            })
            .collect()
    }
}

impl Page<'_> {
    /// Where a block begins.
    fn place(&self, block: usize) -> Place {
        let block = &self.blocks[block];
        let anchor = block.anchors.first().map(|(_, at)| *at);
        self.source.place(match anchor {
            Some(at) if block.text.is_empty() => at,
            _ => block.origin(0),
        })
    }
}

/// A figure of the limit that the cited words do not contain; a limit of zero needs none.
fn figure_missing(entry: &BudgetEntry) -> Option<Fault> {
    let quote = entry.quote();
    let text = folded(quote.text);
    let found = figures(&text);
    let missing = entry.budget.limit.figures().into_iter().find(|written| {
        let zero = written.quantity.value() == 0.0;
        !zero && !found.iter().any(|figure| figure.states(written.quantity))
    })?;
    let texts: Vec<&str> = found.iter().map(|figure| &text[figure.range.clone()]).collect();
    Some(quote.span.fault(words::no_figure(quote.text, missing, &texts)))
}

/// A figure with up to three words before and after it, as a suggestion.
fn around<'a>(text: &'a str, figure: &Range<usize>) -> &'a str {
    let before = text[..figure.start].char_indices().rev().filter(|(_, c)| *c == ' ').nth(3);
    let after = text[figure.end..].char_indices().filter(|(_, c)| *c == ' ').nth(3);
    let from = before.map_or(0, |(at, space)| at + space.len_utf8());
    let to = after.map_or(text.len(), |(at, _)| figure.end + at);
    text[from..to].trim_end_matches(['.', ',', ';', ':'])
}
