//! Single values: quantities with their units, and what a workload can be given.

use toml::Spanned;
use toml::de::DeValue;

use super::{Item, Reading};
use crate::{Unit, Written, number, wire::ScalarWire, words, words::Words};

/// What a value is, for a sentence.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A quantity in a unit; a fault for a bare number, another unit, or no quantity at all.
pub(super) fn quantity(
    reading: &mut Reading,
    scalar: Spanned<ScalarWire>,
    unit: Unit,
    what: &str,
) -> Option<Written> {
    let span = scalar.span();
    let words = match scalar.into_inner() {
        ScalarWire::Text(text) => match text.parse::<Written>() {
            Ok(written) if written.quantity.unit() == unit => return Some(written),
            Ok(written) => words::wrong_unit(&text, written.quantity.unit(), what, unit),
            Err(crate::Unwritten::NoUnit) => words::bare(&text, unit),
            Err(error) => words::not_a_quantity(&error, unit),
        },
        ScalarWire::Number(number) => words::bare(&number, unit),
        ScalarWire::Truth(_) => words::not_a_text("true or false", unit),
        ScalarWire::Other(found) => words::not_a_text(found, unit),
    };
    reading.fault(span, words);
    None
}

/// `"5 %"` as 0.05; a fault for what is no share, or one that does not fit.
pub(super) fn share(
    reading: &mut Reading,
    scalar: Spanned<ScalarWire>,
    fits: impl Fn(f64) -> bool,
    wrong: impl Fn(&str) -> Words,
) -> Option<f64> {
    let span = scalar.span();
    let text = match scalar.into_inner() {
        ScalarWire::Text(text) | ScalarWire::Number(text) => text,
        ScalarWire::Truth(_) => "true or false".to_owned(),
        ScalarWire::Other(found) => found.to_owned(),
    };
    let share = number::read(text.trim())
        .filter(|(_, length)| text.trim()[*length..].trim_start() == "%")
        .map(|(percent, _)| percent / 100.0)
        .filter(|share| fits(*share));
    if share.is_none() {
        reading.fault(span, wrong(&text));
    }
    share
}

/// A truth value; a fault for anything else.
pub(super) fn truth(reading: &mut Reading, key: &str, scalar: Spanned<ScalarWire>) -> Option<bool> {
    let span = scalar.span();
    let found = match scalar.into_inner() {
        ScalarWire::Truth(truth) => return Some(truth),
        ScalarWire::Text(text) => format!("`\"{text}\"`"),
        ScalarWire::Number(number) => format!("`{number}`"),
        ScalarWire::Other(found) => found.to_owned(),
    };
    reading.fault(span, words::not_a_truth(key, &found));
    None
}

/// Faults for what JSON cannot carry to a workload: dates, and numbers that are not finite.
pub(super) fn plain(reading: &mut Reading, item: &Item<'_>) {
    match item.get_ref() {
        DeValue::Datetime(_) => reading.fault(item.span(), words::not_plain("a date")),
        DeValue::Float(float) if float.as_str().contains(['n', 'i']) => {
            reading.fault(item.span(), words::not_plain("a number without end"));
        }
        DeValue::Array(items) => items.iter().for_each(|item| plain(reading, item)),
        DeValue::Table(table) => table.iter().for_each(|(_, item)| plain(reading, item)),
        _ => {}
    }
}
