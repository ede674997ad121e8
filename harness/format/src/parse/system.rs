//! A system's tables: its cases, its defaults, and where its document is. They may stand in several
//! files.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Item, Key, Reading, case::parse_case, defaults::Defaults, others, value};
use crate::{
    Source, Span,
    entry::{CaseEntry, SystemEntry},
    words,
};

/// What one file states of a system.
pub(super) struct Part<'i> {
    pub(super) source: Arc<Source>,
    pub(super) key: Key<'i>,
    pub(super) table: DeTable<'i>,
}

/// A case's table, in the file that states it.
struct CaseTable<'i> {
    source: Arc<Source>,
    key: Key<'i>,
    item: Item<'i>,
}

pub(super) fn parse_system(
    reading: &mut Reading,
    name: &str,
    parts: Vec<Part<'_>>,
) -> Option<SystemEntry> {
    let span = parts.first().map(|part| Span::new(&part.source, part.key.span()))?;
    let (mut document, mut defaults) = (None, None);
    let mut tables: Vec<CaseTable<'_>> = Vec::new();
    for Part { source, table, .. } in parts {
        reading.source = source;
        for (key, item) in table {
            match key.get_ref().as_ref() {
                "document" => {
                    let stated = document_of(reading, &key, item);
                    stated_once(reading, "`document`", &key, document.as_ref().map(|(_, at)| at));
                    document = document.or(stated);
                }
                "defaults" => {
                    let first = defaults.as_ref().map(|defaults: &Defaults<'_>| &defaults.span);
                    stated_once(reading, "`defaults`", &key, first);
                    let stated = Defaults::read(reading, &key, item);
                    defaults = defaults.or(stated);
                }
                case => {
                    let first = tables.iter().find(|table| table.key.get_ref() == case);
                    let first = first.map(|table| Span::new(&table.source, table.key.span()));
                    let what = format!("the case `{case}`");
                    stated_once(reading, &what, &key, first.as_ref());
                    tables.push(CaseTable { source: Arc::clone(&reading.source), key, item });
                }
            }
        }
    }
    let stated = tables.len();
    let mut defaults = defaults.unwrap_or_else(|| Defaults::none(&span));
    let mut cases: Vec<CaseEntry> = Vec::new();
    for CaseTable { source, key, item } in tables {
        reading.source = source;
        cases.extend(parse_case(reading, name, &key, item, &mut defaults));
    }
    others::check(reading, name, &cases);
    if stated == 0 {
        reading.faults.push(span.fault(words::no_cases(name)));
    } else {
        defaults.check_taken(reading, name);
    }
    let (document, document_span) =
        document.unwrap_or_else(|| (format!("docs/{name}.md"), span.clone()));
    Some(SystemEntry { name: name.to_owned(), span, document, document_span, cases })
}

/// A fault for what another file states already.
fn stated_once(reading: &mut Reading, what: &str, key: &Key<'_>, first: Option<&Span>) {
    if let Some(first) = first {
        reading.fault(key.span(), words::stated_in_two_files(what, &first.place()));
    }
}

fn document_of(reading: &mut Reading, key: &Key<'_>, item: Item<'_>) -> Option<(String, Span)> {
    let (span, found) = (item.span(), value::kind(item.get_ref()));
    match item.into_inner() {
        DeValue::String(text) => {
            let text = Spanned::new(span, text.into_owned());
            let (path, range) = reading.path(text, words::path)?;
            Some((path, reading.span(range)))
        }
        DeValue::Table(_) => {
            let meaning = "the key names the system's document";
            reading.fault(key.span(), words::reserved("case", "document", meaning));
            None
        }
        _ => {
            let message = format!("`document` is {found}, not a text");
            reading.fault(span, words::shape("system", &message));
            None
        }
    }
}
