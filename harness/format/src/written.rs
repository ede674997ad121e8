//! A quantity as its author wrote it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Family, Quantity, Unit, number};

/// A quantity together with the words of `budgets.toml`, so that reports show them unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// What the text means, in the base unit.
    pub quantity: Quantity,
    /// The text: `200 MB`.
    pub text: String,
}

impl Written {
    /// The family of byte units that the author chose; decimal for anything but bytes.
    pub fn family(&self) -> Family {
        if self.text.ends_with("iB") { Family::Binary } else { Family::Decimal }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Why a text is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritten {
    /// There is no number at the start.
    NoNumber,
    /// There is nothing after the number.
    NoUnit,
    /// `KB` could mean 1,000 or 1,024.
    Kb,
    /// The word after the number is no unit.
    Unknown(String),
    /// Half a block cannot be counted.
    Fraction(Unit),
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::words::unwritten(self).what)
    }
}

impl std::error::Error for Unwritten {}

/// Reads `200 MB`, `1,250 /s`, `12 blocks`; the number is never negative.
///
/// ```
/// use plimsoll_format::{Unwritten, Written};
/// let limit: Written = "0.2 GB".parse()?;
/// assert_eq!(limit.quantity.value(), 200_000_000.0);
/// assert_eq!("200".parse::<Written>(), Err(Unwritten::NoUnit));
/// # Ok::<(), Unwritten>(())
/// ```
impl FromStr for Written {
    type Err = Unwritten;

    fn from_str(text: &str) -> Result<Self, Unwritten> {
        let text = text.trim();
        let (number, length) = number::read(text).ok_or(Unwritten::NoNumber)?;
        let word = text[length..].trim_start();
        let (unit, size) = match word {
            "" => return Err(Unwritten::NoUnit),
            "KB" => return Err(Unwritten::Kb),
            _ => unit(word).ok_or_else(|| Unwritten::Unknown(word.to_owned()))?,
        };
        let value = settled(number * size);
        if unit.is_count() && value.fract() != 0.0 {
            return Err(Unwritten::Fraction(unit));
        }
        Ok(Written { quantity: Quantity::new(value, unit), text: text.to_owned() })
    }
}

fn unit(word: &str) -> Option<(Unit, f64)> {
    Unit::ALL.into_iter().find_map(|unit| {
        let spelling = unit.spellings().iter().find(|(name, _)| *name == word)?;
        Some((unit, spelling.1))
    })
}

/// Takes back what multiplying added: 0.2 × 10⁹ is 200,000,000 and not a hair more.
fn settled(value: f64) -> f64 {
    let whole = value.round();
    if (value - whole).abs() <= whole.abs() * 1e-12 { whole } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_in_every_unit() {
        for (text, value, unit) in [
            ("200 MB", 200e6, Unit::Bytes),
            ("200MB", 200e6, Unit::Bytes),
            ("0.2 GB", 200e6, Unit::Bytes),
            ("1,500 kB", 1.5e6, Unit::Bytes),
            ("7 B", 7.0, Unit::Bytes),
            ("2 TB", 2e12, Unit::Bytes),
            ("64 KiB", 65_536.0, Unit::Bytes),
            ("1 MiB", 1_048_576.0, Unit::Bytes),
            ("1.5 GiB", 1_610_612_736.0, Unit::Bytes),
            ("1 TiB", 1_099_511_627_776.0, Unit::Bytes),
            ("0 blocks", 0.0, Unit::Blocks),
            ("1 block", 1.0, Unit::Blocks),
            ("3 reallocations", 3.0, Unit::Reallocations),
            ("150 s", 150.0, Unit::Seconds),
            ("850 ms", 0.85, Unit::Seconds),
            ("5 min", 300.0, Unit::Seconds),
            ("2 h", 7200.0, Unit::Seconds),
            ("100 /s", 100.0, Unit::PerSecond),
            ("0.077×", 0.077, Unit::Times),
            ("13 times", 13.0, Unit::Times),
            ("2x", 2.0, Unit::Times),
        ] {
            assert_eq!(text.parse::<Written>().unwrap().quantity, Quantity::new(value, unit));
        }
        for text in ["12 µs", "12 us", "12,000 ns"] {
            let read = text.parse::<Written>().unwrap().quantity;
            assert!(read.equals(Quantity::seconds(12e-6)), "{text} {read:?}");
        }
    }

    #[test]
    fn errors_name_the_fault() {
        for (text, why) in [
            ("", Unwritten::NoNumber),
            ("much", Unwritten::NoNumber),
            ("-5 MB", Unwritten::NoNumber),
            ("200", Unwritten::NoUnit),
            ("64 KB", Unwritten::Kb),
            ("64 mb", Unwritten::Unknown("mb".into())),
            ("200 MB.", Unwritten::Unknown("MB.".into())),
            ("1.5 blocks", Unwritten::Fraction(Unit::Blocks)),
        ] {
            assert_eq!(text.parse::<Written>(), Err(why), "{text}");
        }
    }
}
