//! What is wrong with a number and its unit.

use super::{Words, listed, nearest, words};
use crate::{Unit, Unwritten};

pub(crate) fn bare(number: &str, unit: Unit) -> Words {
    words(format!("`{number}` has no unit"))
        .allowed(spellings(unit))
        .example(format!("\"{}\"", unit.example()))
}

pub(crate) fn unwritten(error: &Unwritten) -> Words {
    match error {
        Unwritten::NoNumber => words("a quantity begins with a number that is not negative"),
        Unwritten::NoUnit => words("this number has no unit"),
        Unwritten::Kb => words("`KB` is ambiguous: `kB` is 1,000 bytes, `KiB` is 1,024 bytes"),
        Unwritten::Unknown(word) => {
            let units = Unit::ALL.iter().flat_map(|unit| unit.spellings()).map(|(name, _)| *name);
            words(format!("`{word}` is not a unit{}", nearest(word, units)))
        }
        Unwritten::Fraction(unit) => words(format!("{unit} are whole numbers")),
    }
}

pub(crate) fn not_a_quantity(error: &Unwritten, unit: Unit) -> Words {
    unwritten(error).allowed(spellings(unit)).example(format!("\"{}\"", unit.example()))
}

pub(crate) fn wrong_unit(written: &str, found: Unit, what: &str, unit: Unit) -> Words {
    words(format!("`{written}` counts {found}, but {what} is measured in {unit}"))
        .allowed(spellings(unit))
        .example(format!("\"{}\"", unit.example()))
}

pub(crate) fn not_a_text(found: &str, unit: Unit) -> Words {
    words(format!("{found} is not a quantity")).example(format!("\"{}\"", unit.example()))
}

/// The units of that kind, for the line `allowed`.
fn spellings(unit: Unit) -> String {
    listed(unit.spellings().iter().map(|(name, _)| *name))
}
