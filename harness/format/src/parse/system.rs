//! A system's table: its cases, and where its document is.

use toml::Spanned;
use toml::de::DeValue;

use super::{Item, Key, Reading, case, others, value};
use crate::{entry::SystemEntry, words};

pub(super) fn one(reading: &mut Reading, key: &Key<'_>, item: Item<'_>) -> Option<SystemEntry> {
    reading.name("system", key);
    let name = key.get_ref().to_string();
    let table = reading.table("system", key, item)?;
    let mut document = None;
    let mut cases = Vec::new();
    let mut stated = 0;
    for (key, item) in table {
        if key.get_ref().as_ref() == "document" {
            document = document_of(reading, &key, item);
        } else {
            stated += 1;
            cases.extend(case::one(reading, &name, &key, item));
        }
    }
    others::check(reading, &name, &cases);
    if stated == 0 {
        reading.fault(key.span(), words::no_cases(&name));
    }
    let (document, document_span) =
        document.unwrap_or_else(|| (format!("docs/{name}.md"), key.span()));
    Some(SystemEntry {
        name,
        span: reading.span(key.span()),
        document,
        document_span: reading.span(document_span),
        cases,
    })
}

fn document_of(
    reading: &mut Reading,
    key: &Key<'_>,
    item: Item<'_>,
) -> Option<(String, std::ops::Range<usize>)> {
    let (span, found) = (item.span(), value::kind(item.get_ref()));
    match item.into_inner() {
        DeValue::String(text) => reading.path(Spanned::new(span, text.into_owned())),
        DeValue::Table(_) => {
            let meaning = "it says where the system's document is";
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
