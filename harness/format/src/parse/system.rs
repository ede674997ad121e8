//! A system's table: its cases, and where its document is.

use toml::Spanned;
use toml::de::DeValue;

use super::{Item, Key, Reading, case, value};
use crate::{
    entry::{CaseEntry, SystemEntry},
    words,
};

pub(super) fn one(reading: &mut Reading<'_>, key: &Key<'_>, item: Item<'_>) -> Option<SystemEntry> {
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
    check_ratios(reading, &name, &cases);
    if stated == 0 {
        reading.fault(key.span(), words::no_cases(&name));
    }
    let (document, document_span) =
        document.unwrap_or_else(|| (format!("docs/{name}.md"), key.span()));
    Some(SystemEntry { name, span: key.span(), document, document_span, cases })
}

/// Each ratio is to another case, which is swept alike where the sweep bears on the figure.
fn check_ratios(reading: &mut Reading<'_>, system: &str, cases: &[CaseEntry]) {
    for case in cases {
        let others = || cases.iter().filter(|other| other.name != case.name);
        for (named, span) in case.budgets.iter().filter_map(|budget| budget.ratio_to.as_ref()) {
            let other = others().find(|other| *named == format!("{system}.{}", other.name));
            let words = match other {
                Some(other) if other.sweep == case.sweep => continue,
                Some(_) => words::unequal_sweeps(named),
                None => {
                    let names: Vec<String> =
                        others().map(|other| format!("{system}.{}", other.name)).collect();
                    words::no_such_case(named, &names)
                }
            };
            reading.fault(span.clone(), words);
        }
    }
}

fn document_of(
    reading: &mut Reading<'_>,
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
