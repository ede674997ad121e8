//! The tables of one file, and the patterns of the files that it includes.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Item, Key, Reading, value};
use crate::{Faults, Source, Span, words};

/// What a file states at its top, apart from each other but not yet read.
#[derive(Debug)]
pub(crate) struct Tables<'i> {
    pub(super) source: Arc<Source>,
    /// The key that includes other files, and its patterns.
    pub(super) include_span: Option<Span>,
    pub(crate) include: Vec<(String, Span)>,
    /// The systems and the waivers.
    pub(super) items: Vec<(Key<'i>, Item<'i>)>,
}

impl<'i> Tables<'i> {
    /// Reads a file as TOML; where it is none, only its patterns are kept.
    pub(crate) fn read(source: &'i Arc<Source>, faults: &mut Faults) -> Self {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        let mut reading = Reading::of(source);
        for error in &errors {
            reading.syntax(error);
        }
        let (mut include_span, mut include, mut items) = (None, Vec::new(), Vec::new());
        for (key, item) in table.into_inner() {
            if key.get_ref() == "include" {
                include_span = Some(reading.span(key.span()));
                include = patterns(&mut reading, item);
            } else if errors.is_empty() {
                items.push((key, item));
            }
        }
        faults.append(reading.faults);
        Tables { source: Arc::clone(source), include_span, include, items }
    }
}

/// `["workloads/*/budgets.toml"]`
fn patterns(reading: &mut Reading, item: Item<'_>) -> Vec<(String, Span)> {
    let (span, found) = (item.span(), value::kind(item.get_ref()));
    let DeValue::Array(items) = item.into_inner() else {
        reading.fault(span, words::not_a_list_of_files(found));
        return Vec::new();
    };
    let mut patterns = Vec::new();
    for item in items {
        let (span, found) = (item.span(), value::kind(item.get_ref()));
        match item.into_inner() {
            DeValue::String(text) => {
                let text = Spanned::new(span, text.into_owned());
                let path = reading.path(text, words::not_a_file_pattern);
                patterns.extend(path.map(|(path, range)| (path, reading.span(range))));
            }
            _ => reading.fault(span, words::not_a_text_in_include(found)),
        }
    }
    patterns
}
