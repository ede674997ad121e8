//! A number with its unit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Family, Unit, digits};

/// A number in the base unit of what it counts: bytes, blocks, seconds, events a second, times.
///
/// ```
/// use plimsoll_format::{Family, Quantity};
/// let heap = Quantity::bytes(231_412_736.0);
/// assert_eq!(heap.to_string(), "231.4 MB");
/// assert_eq!(heap.exact(), "231,412,736 B");
/// assert_eq!(heap.in_family(Family::Binary), "220.7 MiB");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    value: f64,
    unit: Unit,
}

impl PartialOrd for Quantity {
    /// Only equal units compare: bytes are neither more nor less than seconds.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        if self.unit == other.unit { self.value.partial_cmp(&other.value) } else { None }
    }
}

impl Quantity {
    /// `value` in the base unit of `unit`.
    pub fn new(value: f64, unit: Unit) -> Self {
        Quantity { value, unit }
    }

    /// A number of bytes.
    pub fn bytes(value: f64) -> Self {
        Quantity::new(value, Unit::Bytes)
    }

    /// A number of seconds.
    pub fn seconds(value: f64) -> Self {
        Quantity::new(value, Unit::Seconds)
    }

    /// The number, in the base unit.
    pub fn value(self) -> f64 {
        self.value
    }

    /// What the number counts.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// The same unit, `factor` times as much.
    pub fn times(self, factor: f64) -> Self {
        Quantity::new(self.value * factor, self.unit)
    }

    /// Whether two quantities are the same but for the rounding of their units.
    pub fn equals(self, other: Self) -> bool {
        let largest = self.value.abs().max(other.value.abs());
        self.unit == other.unit && (self.value - other.value).abs() <= largest * 1e-9
    }

    /// Every digit: `231,412,736 B`, `12 blocks`, `1.2345 s`.
    pub fn exact(self) -> String {
        match self.unit {
            Unit::Bytes => format!("{} B", digits::whole_or_exact(self.value, 3)),
            Unit::Seconds => format!("{} s", digits::whole_or_exact(self.value, 9)),
            Unit::PerSecond => format!("{} /s", digits::whole_or_exact(self.value, 3)),
            Unit::Times => format!("{}×", digits::whole_or_exact(self.value, 6)),
            Unit::Blocks => self.counted("block"),
            Unit::Reallocations => self.counted("reallocation"),
        }
    }

    /// Bytes for a person in kB, MB, … or KiB, MiB, …; anything else as `Display` shows it.
    pub fn in_family(self, family: Family) -> String {
        match self.unit {
            Unit::Bytes => stepped(self.value, &family.steps(), digits::four),
            _ => self.to_string(),
        }
    }

    fn counted(self, noun: &str) -> String {
        let plural = if self.value == 1.0 { "" } else { "s" };
        format!("{} {noun}{plural}", digits::whole_or_exact(self.value, 2))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const TIMES: [(&str, f64); 4] = [("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0)];
        f.pad(&match self.unit {
            Unit::Bytes => self.in_family(Family::Decimal),
            Unit::Seconds if self.value == 0.0 => "0 s".to_owned(),
            Unit::Seconds => stepped(self.value, &TIMES, digits::three),
            Unit::PerSecond => format!("{} /s", digits::three(self.value)),
            Unit::Times => format!("{}×", digits::ratio(self.value)),
            Unit::Blocks => self.counted("block"),
            Unit::Reallocations => self.counted("reallocation"),
        })
    }
}

/// The largest step that leaves at least one before the point; plain bytes stay whole.
fn stepped(value: f64, steps: &[(&str, f64)], text: fn(f64) -> String) -> String {
    // 999.96 kB would print as `1000.0 kB`: the next step takes over where rounding would.
    let reached = |size: f64| value.abs() >= size * 0.99995;
    let (unit, size) =
        steps.iter().rev().find(|(_, size)| reached(*size)).or(steps.first()).unwrap_or(&("", 1.0));
    match *unit {
        "B" => format!("{} B", digits::whole_or_exact(value.round(), 0)),
        _ => format!("{} {unit}", text(value / size)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_like_a_report() {
        for (value, unit, text, exact) in [
            (0.0, Unit::Bytes, "0 B", "0 B"),
            (999.0, Unit::Bytes, "999 B", "999 B"),
            (1_000.0, Unit::Bytes, "1.00 kB", "1,000 B"),
            (999_960.0, Unit::Bytes, "1.00 MB", "999,960 B"),
            (231_412_736.0, Unit::Bytes, "231.4 MB", "231,412,736 B"),
            (-5_800_000.0, Unit::Bytes, "-5.80 MB", "-5,800,000 B"),
            (47e9, Unit::Bytes, "47.0 GB", "47,000,000,000 B"),
            (2.5e15, Unit::Bytes, "2,500.0 TB", "2,500,000,000,000,000 B"),
            (12.0, Unit::Blocks, "12 blocks", "12 blocks"),
            (1.0, Unit::Blocks, "1 block", "1 block"),
            (12_345.0, Unit::Reallocations, "12,345 reallocations", "12,345 reallocations"),
            (1.3, Unit::Seconds, "1.30 s", "1.3 s"),
            (0.85, Unit::Seconds, "850 ms", "0.85 s"),
            (0.99996, Unit::Seconds, "1.00 s", "0.99996 s"),
            (0.0, Unit::Seconds, "0 s", "0 s"),
            (217.667, Unit::Seconds, "218 s", "217.667 s"),
            (0.000_012_34, Unit::Seconds, "12.3 µs", "0.00001234 s"),
            (1_250.4, Unit::PerSecond, "1,250 /s", "1,250.4 /s"),
            (0.5, Unit::PerSecond, "0.50 /s", "0.5 /s"),
            (13.0, Unit::Times, "13.0×", "13×"),
            (0.076_92, Unit::Times, "0.0769×", "0.07692×"),
            (1.0, Unit::Times, "1.00×", "1×"),
            (0.0, Unit::Times, "0×", "0×"),
            (1_234.0, Unit::Times, "1,234×", "1,234×"),
        ] {
            let quantity = Quantity::new(value, unit);
            assert_eq!((quantity.to_string().as_str(), quantity.exact().as_str()), (text, exact));
        }
    }

    #[test]
    fn binary_units_step_by_1024() {
        // 1536 / 1024 = 1.5; 200 MiB = 209,715,200 B.
        assert_eq!(Quantity::bytes(1536.0).in_family(Family::Binary), "1.50 KiB");
        assert_eq!(Quantity::bytes(209_715_200.0).in_family(Family::Binary), "200.0 MiB");
        assert_eq!(Quantity::seconds(2.0).in_family(Family::Binary), "2.00 s");
    }

    #[test]
    fn only_equal_units_compare() {
        assert!(Quantity::bytes(1.0) < Quantity::bytes(2.0));
        assert_eq!(Quantity::bytes(1.0).partial_cmp(&Quantity::seconds(2.0)), None);
        assert!(Quantity::bytes(200e6).equals(Quantity::bytes(0.2 * 1e9)));
        assert!(!Quantity::bytes(200e6).equals(Quantity::bytes(200_000_001.0)));
    }
}
