//! Every message of this crate: the fault, what is allowed, and last an example or a remedy.

mod claimed;
mod included;
mod quantities;
mod quoted;
mod stated;
mod swept;

pub(crate) use claimed::*;
pub(crate) use included::*;
pub(crate) use quantities::*;
pub(crate) use quoted::*;
pub(crate) use stated::*;
pub(crate) use swept::*;

/// The words of one fault, without its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words {
    pub(crate) what: String,
    pub(crate) hints: Vec<(&'static str, String)>,
}

fn words(what: impl Into<String>) -> Words {
    Words { what: what.into(), hints: Vec::new() }
}

impl Words {
    fn hint(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.hints.push((label, text.into()));
        self
    }

    fn allowed(self, text: impl Into<String>) -> Self {
        self.hint("allowed", text)
    }

    fn example(self, text: impl Into<String>) -> Self {
        self.hint("example", text)
    }

    fn remedy(self, text: impl Into<String>) -> Self {
        self.hint("remedy", text)
    }
}

/// `; the nearest is …` where something is near enough to be meant.
fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    near(name, known).map_or_else(String::new, |name| format!("; the nearest is `{name}`"))
}

fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|other| match other.eq_ignore_ascii_case(name) {
            true => (1.0, other),
            false => (strsim::jaro_winkler(name, other), other),
        })
        .filter(|(similar, _)| *similar > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}

/// Names in a row, for a person: `a, b, c`, or `none`.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
