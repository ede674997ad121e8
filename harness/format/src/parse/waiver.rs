//! The waivers: sentences and pages that promise nothing, each with its reason.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Item, Reading, value};
use crate::{entry::WaiverEntry, wire::WaiverWire, words};

pub(super) fn parse_waivers(reading: &mut Reading, item: Item<'_>) -> Vec<WaiverEntry> {
    let (span, found) = (item.span(), value::kind(item.get_ref()));
    let DeValue::Array(items) = item.into_inner() else {
        reading.fault(span, words::not_a_list_of_waivers(found));
        return Vec::new();
    };
    let mut waivers = Vec::new();
    for item in items {
        let (span, found) = (item.span(), value::kind(item.get_ref()));
        match item.into_inner() {
            DeValue::Table(table) => waivers.extend(parse_waiver(reading, table, span)),
            _ => reading.fault(span, words::not_a_list_of_waivers(found)),
        }
    }
    waivers
}

fn parse_waiver(
    reading: &mut Reading,
    table: DeTable<'_>,
    span: Range<usize>,
) -> Option<WaiverEntry> {
    let table = reading.known("waiver", table, &WaiverWire::KEYS);
    let wire: WaiverWire = reading.wire("waiver", table, span.clone())?;
    match wire.why {
        Some(why) => drop(reading.text("why", why)),
        None => reading.lacks(span.clone(), words::no_why_in_waiver()),
    }
    let id = wire.id.map(|id| reading.text("id", id));
    let quote = wire.quote.map(|quote| reading.text("quote", quote));
    let Some(document) = wire.document else {
        reading.lacks(span, words::no_document_in_waiver());
        return None;
    };
    let (document, document_span) = reading.path(document, words::path)?;
    if quote.is_none() && id.is_some() {
        reading.fault(span, words::no_quote_in_waiver());
        return None;
    }
    if matches!(quote, Some(None)) {
        return None;
    }
    let spanned = |(text, range)| (text, reading.span(range));
    Some(WaiverEntry {
        document,
        document_span: reading.span(document_span),
        quote: quote.flatten().map(spanned),
        id: id.flatten().map(spanned),
    })
}
