//! Figures in a sentence: numbers with the units that people write.

mod units;

use std::ops::Range;

use crate::{Quantity, Unit, number};
use units::{WORDS, size_of};

/// A number in a text, and its unit where it has one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    pub(crate) value: f64,
    /// The unit; `None` for a bare number.
    pub(crate) unit: Option<Unit>,
    /// Where it stands, unit included.
    pub(crate) range: Range<usize>,
    /// Whether it is the first end of a range whose second end comes next.
    pub(crate) opens: bool,
    /// Whether it is a number of hundredths.
    percent: bool,
    /// The byte units of a document are those of memory; `12 bytes` in words are not scanned.
    symbol: bool,
}

impl Figure {
    /// Whether it is the figure of a limit; a bare number is any count.
    pub(crate) fn states(&self, limit: Quantity) -> bool {
        if limit.unit() == Unit::Times {
            return self.states_ratio(limit.value());
        }
        let countable =
            matches!(limit.unit(), Unit::Blocks | Unit::Reallocations | Unit::PerSecond);
        match self.unit {
            Some(unit) => Quantity::new(self.value, unit).equals(limit),
            None => countable && Quantity::new(self.value, limit.unit()).equals(limit),
        }
    }
}

/// A ratio is written with few digits: 13 times less is 0.077.
const ROUNDED: f64 = 0.01;

impl Figure {
    /// `13×`, `13 times less`, `81 % more`, `7 % less`: people write either side of a ratio, or its
    /// distance from one.
    fn states_ratio(&self, limit: f64) -> bool {
        let near = |value: f64| (value - limit).abs() <= limit.abs() * ROUNDED;
        match self.unit {
            Some(Unit::Times) => near(self.value) || near(1.0 / self.value),
            None if self.percent => {
                let share = self.value / 100.0;
                [share, 1.0 + share, 1.0 - share].into_iter().any(near)
            }
            _ => false,
        }
    }
}

/// Every figure of a folded text, in its order.
pub(crate) fn figures(text: &str) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|found| at + found) {
        let Some((number, length)) = number::read(&text[start..]) else { break };
        at = start + length;
        let before = text[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        if let Some(figure) = with_unit(text, start..at, number) {
            at = figure.range.end;
            figures.push(figure);
        }
    }
    join_ranges(text, &mut figures);
    figures
}

/// The figures of memory, each a range of the text: both ends of `200–500 MB` are one.
pub(crate) fn memory(text: &str) -> Vec<Range<usize>> {
    let figures = figures(text);
    let mut found = Vec::new();
    let mut open = None;
    for figure in figures.iter().filter(|figure| figure.unit == Some(Unit::Bytes)) {
        let start = open.take().unwrap_or(figure.range.start);
        if figure.opens {
            open = Some(start);
        } else if figure.symbol {
            found.push(start..figure.range.end);
        }
    }
    found
}

/// The figure of a number, by what follows it; `None` where it is part of a word (`18th`).
fn with_unit(text: &str, number: Range<usize>, value: f64) -> Option<Figure> {
    let rest = &text[number.end..];
    let gap = rest.len() - rest.trim_start_matches([' ', '-', '+']).len();
    let word = &rest[gap..];
    let length = match word.strip_prefix('×') {
        Some(rest) => word.len() - rest.len(),
        None => word.find(|c: char| !(c.is_alphabetic() || c == '/')).unwrap_or(word.len()),
    };
    let glued = gap == 0 && word.starts_with(char::is_alphabetic);
    let percent = word.starts_with('%');
    // `4 MB/s` is a rate, `4 MB/peer` is memory.
    let (name, per) = match word[..length].split_once('/') {
        Some((name, per)) if !name.is_empty() => (name, Some(per)),
        _ => (&word[..length], None),
    };
    let digit_follows = word[name.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '_');
    let known = WORDS.iter().find(|(known, ..)| *known == name && !digit_follows && gap < 3);
    let figure = |value, unit, end, symbol| {
        Some(Figure { value, unit, range: number.start..end, opens: false, percent, symbol })
    };
    match known {
        Some((_, unit, size)) if !is_rate(per, &word[name.len()..]) => {
            let end = number.end + gap + name.len();
            figure(value * size, Some(*unit), end, !matches!(name, "byte" | "bytes"))
        }
        Some(_) => figure(value, Some(Unit::PerSecond), number.end, false),
        None if glued => None,
        None => figure(value, None, number.end, false),
    }
}

fn is_rate(per: Option<&str>, after: &str) -> bool {
    matches!(per, Some("s" | "sec" | "second"))
        || [" per second", " a second", " each second"].iter().any(|words| after.starts_with(words))
}

/// Gives the first end of `200–500 MB` the unit of the second.
fn join_ranges(text: &str, figures: &mut [Figure]) {
    for second in (1..figures.len()).rev() {
        let (head, tail) = figures.split_at_mut(second);
        let (Some(first), Some(second)) = (head.last_mut(), tail.first()) else { continue };
        let between = text[first.range.end..second.range.start].trim_matches([' ', '~', '≈', '+']);
        let joined = match between {
            "–" | "—" | "-" | "−" | "to" | "…" | ".." | "..." => true,
            "and" => {
                let before = text[..first.range.start].trim_end_matches([' ', '~', '≈']);
                before.to_ascii_lowercase().ends_with("between")
            }
            _ => false,
        };
        if joined && (first.unit.is_none() || first.unit == second.unit) {
            first.opens = true;
            if let (None, Some(unit)) = (first.unit, second.unit) {
                first.value *= size_of(&text[second.range.clone()]);
                first.unit = Some(unit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_found_as_people_write_it() {
        for (text, expected) in [
            ("~41 MB for 10,000", vec!["41 MB"]),
            ("peak RSS <4 GB", vec!["4 GB"]),
            ("a 200–500 MB baseline", vec!["200–500 MB"]),
            ("200 MB to 1.5 GB", vec!["200 MB to 1.5 GB"]),
            ("between 200 and 500 MB", vec!["200 and 500 MB"]),
            ("levels 3 and 500 MB", vec!["500 MB"]),
            ("64KB buffers, 1 KiB each", vec!["64KB", "1 KiB"]),
            ("a 10-MB sandbox", vec!["10-MB"]),
            ("4 MB/peer, 7 B", vec!["4 MB", "7 B"]),
            ("4 MB/s, 4 MB per second", vec![]),
            ("12 bytes, 12 blocks, 5 minutes", vec![]),
            ("700 megabytes, 1.5 gigabytes", vec!["700 megabytes", "1.5 gigabytes"]),
            ("700mb, 2 GBs, 3 MBytes", vec!["700mb", "2 GBs", "3 MBytes"]),
            ("sha256 MB, v2_4 GB, 18th, 3Bs, 4 MBit", vec![]),
            ("1,500.5 MB", vec!["1,500.5 MB"]),
            ("10–20", vec![]),
            ("10 × 4 MB (40 MB)", vec!["4 MB", "40 MB"]),
        ] {
            let found: Vec<&str> = memory(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn figures_of_a_sentence_match_limits() {
        for (text, limit, expected) in [
            ("stays under 0.2 GB", "200 MB", true),
            ("stays under 200 MiB", "200 MB", false),
            ("in under 5 minutes", "300 s", true),
            ("a 5-minute limit", "300 s", true),
            ("64KB", "64 kB", true),
            ("64KB", "64 KiB", false),
            ("64 kibibytes", "64 KiB", true),
            ("200 megabytes", "200 MB", true),
            ("32 bytes each", "32 B", true),
            ("32 each", "32 B", false),
            ("200–500 MB", "200 MB", true),
            ("200–500 MB", "500 MB", true),
            ("between 200 and 500 MB", "200 MB", true),
            ("12 blocks", "12 blocks", true),
            ("12 allocations", "12 blocks", true),
            ("12 in all", "12 blocks", true),
            ("12 MB", "12 blocks", false),
            ("112 blocks", "12 blocks", false),
            ("12× less", "12 blocks", false),
            ("100+ tx/s", "100 /s", true),
            ("100 proofs per second", "100 /s", true),
            ("100 /s", "100 /s", true),
            ("3 reallocations", "3 reallocations", true),
            ("3 reallocations", "3 blocks", false),
            ("2 ms", "2 ms", true),
            ("five minutes", "300 s", false),
            ("13 times less", "13×", true),
            // 1 ÷ 13 = 0.0769.
            ("13 times less", "0.077×", true),
            ("13 times less", "0.08×", false),
            ("13× the mapped way", "13×", true),
            ("a 2x speed-up", "2×", true),
            ("+81 % at 64 KB", "1.81×", true),
            ("7 % less", "0.93×", true),
            ("7% less", "0.07×", true),
            ("81 more", "1.81×", false),
            ("13 MB", "13×", false),
        ] {
            let limit = limit.parse::<crate::Written>().unwrap().quantity;
            assert_eq!(figures(text).iter().any(|figure| figure.states(limit)), expected, "{text}");
        }
    }
}
