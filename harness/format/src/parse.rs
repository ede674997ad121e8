//! From the text of `budgets.toml` to its systems and waivers.

mod budget;
mod case;
mod defaults;
mod limit;
mod others;
mod scope;
mod sweep;
mod system;
mod tables;
mod value;
mod waiver;

use std::{ops::Range, sync::Arc};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

pub(crate) use tables::Tables;

use system::{Part, parse_system};
use waiver::parse_waivers;

use crate::{Faults, Source, Span, entry::ProjectEntry, words, words::Words};

/// Reads a `budgets.toml`: everything that can be checked without crates and documents.
///
/// # Errors
/// All faults of the file, not only the first.
///
/// ```
/// use plimsoll_format::{Source, parse};
/// let text = r#"
///     [storage.read.budgets]
///     peek_rss = { max = "200 MB", quote = "stays under 200 MB" }
/// "#;
/// let faults = parse(&Source::new("budgets.toml", text)).unwrap_err();
/// assert!(faults.to_string().contains("the nearest is `peak_rss`"));
/// ```
pub fn parse(source: &Source) -> Result<ProjectEntry, Faults> {
    let mut faults = Faults::default();
    let source = Arc::new(source.clone());
    let top = Tables::read(&source, &mut faults);
    join(top, Vec::new(), faults)
}

/// What the file at the root and those that it includes state together; `faults` are those of
/// reading them as TOML.
pub(crate) fn join(
    top: Tables<'_>,
    included: Vec<Tables<'_>>,
    faults: Faults,
) -> Result<ProjectEntry, Faults> {
    // What the parser made of a broken file would only raise faults that are in no file.
    faults.or(())?;
    let span = Span::new(&top.source, 0..0);
    let mut reading = Reading::of(&top.source);
    // A file that includes others may be read without them.
    let whole = top.include.is_empty() || !included.is_empty();
    let (mut systems, mut waivers) = (Vec::<(String, Vec<Part<'_>>)>::new(), Vec::new());
    for span in included.iter().filter_map(|tables| tables.include_span.as_ref()) {
        reading.faults.push(span.fault(words::included_includes()));
    }
    for Tables { source, items, .. } in std::iter::once(top).chain(included) {
        reading.source = source;
        for (key, item) in items {
            if key.get_ref() == "waiver" {
                waivers.extend(parse_waivers(&mut reading, item));
                continue;
            }
            reading.name("system", &key);
            let Some(table) = reading.table("system", &key, item) else { continue };
            let name = key.get_ref().to_string();
            let part = Part { source: Arc::clone(&reading.source), key, table };
            match systems.iter_mut().find(|(known, _)| *known == name) {
                Some((_, parts)) => parts.push(part),
                None => systems.push((name, vec![part])),
            }
        }
    }
    let systems = systems.into_iter();
    let systems: Vec<_> =
        systems.filter_map(|(name, parts)| parse_system(&mut reading, &name, parts)).collect();
    if systems.is_empty() && whole && reading.faults.count() == 0 {
        reading.faults.push(span.fault(words::no_systems()));
    }
    reading.faults.or(ProjectEntry { span, systems, waivers })
}

/// The file that is being read, and its faults so far.
struct Reading {
    source: Arc<Source>,
    faults: Faults,
    /// Whether the table at hand has an unknown key, which may mean a key that it lacks.
    misread: bool,
}

type Key<'i> = Spanned<DeString<'i>>;
type Item<'i> = Spanned<DeValue<'i>>;

impl Reading {
    fn of(source: &Arc<Source>) -> Self {
        Reading { source: Arc::clone(source), faults: Faults::default(), misread: false }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(&self.source, range)
    }

    fn fault(&mut self, span: Range<usize>, words: Words) {
        self.faults.push(self.source.fault(span, words));
    }

    fn syntax(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        let words = match error.message() {
            "duplicate key" => words::duplicate(self.source.text.get(span.clone()).unwrap_or("")),
            message => words::syntax(message),
        };
        self.fault(span, words);
    }

    /// A table under a key; a fault for anything else.
    fn table<'i>(&mut self, kind: &str, key: &Key<'i>, value: Item<'i>) -> Option<DeTable<'i>> {
        let found = value::kind(value.get_ref());
        match value.into_inner() {
            DeValue::Table(table) => Some(table),
            _ => {
                self.fault(key.span(), words::not_a_table(kind, key.get_ref(), found));
                None
            }
        }
    }

    /// A table without its unknown keys, each of which is a fault.
    fn known<'i>(&mut self, kind: &str, table: DeTable<'i>, keys: &[&str]) -> DeTable<'i> {
        let (known, unknown): (Vec<_>, Vec<_>) =
            table.into_iter().partition(|(key, _)| keys.contains(&key.get_ref().as_ref()));
        self.misread = !unknown.is_empty();
        for (key, _) in unknown {
            self.fault(key.span(), words::unknown_key(kind, key.get_ref(), keys));
        }
        known.into_iter().collect()
    }

    /// A table as a type of serde; an error of serde is a fault.
    fn wire<T: serde::de::DeserializeOwned>(
        &mut self,
        kind: &str,
        table: DeTable<'_>,
        span: Range<usize>,
    ) -> Option<T> {
        let value = Spanned::new(span.clone(), DeValue::Table(table));
        T::deserialize(toml::de::ValueDeserializer::from(value))
            .map_err(|error| {
                let span = error.span().unwrap_or(span);
                self.fault(span, words::shape(kind, error.message()));
            })
            .ok()
    }

    /// A fault for a missing key, unless an unknown key may mean it.
    fn lacks(&mut self, span: Range<usize>, words: Words) {
        if !self.misread {
            self.fault(span, words);
        }
    }

    /// Whether a name is in snake case; a fault when it is not.
    fn name(&mut self, kind: &str, key: &Key<'_>) -> bool {
        let name = key.get_ref();
        let snake = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !snake {
            self.fault(key.span(), words::name(kind, name));
        }
        snake
    }

    /// A text that is not empty; a fault when it is.
    fn text(&mut self, key: &str, text: Spanned<String>) -> Option<(String, Range<usize>)> {
        let span = text.span();
        if text.get_ref().trim().is_empty() {
            self.fault(span, words::empty(key));
            return None;
        }
        Some((text.into_inner(), span))
    }

    /// A path below the root; a fault for any other.
    fn path(
        &mut self,
        text: Spanned<String>,
        wrong: fn(&str) -> Words,
    ) -> Option<(String, Range<usize>)> {
        let span = text.span();
        let path = text.into_inner();
        let odd = |part: &str| matches!(part, "" | "." | "..");
        if path.split('/').any(odd) || path.contains(['\\', ':']) {
            self.fault(span, wrong(&path));
            return None;
        }
        Some((path, span))
    }
}
