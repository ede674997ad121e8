//! Figures as a reader of a report sees them.

use plimsoll::format::{Basis, Budget, Case, Limit, Quantity, Unit};
use plimsoll::record::Record;

/// The cell of a figure that does not exist.
pub(crate) const NONE: &str = "—";

/// The judged figure: the class of a growth, or the figure with its bounds where it has any, and
/// whether no run had its size.
pub(crate) fn judged(record: &Record, case: &Case, budget: &Budget) -> String {
    if let Some(growth) = record.growth {
        return growth.to_string();
    }
    let mut text = measured(record.measured, budget);
    if let Some(bounds) = record.bounds {
        let family = budget.limit.family();
        let source =
            if matches!(budget.limit, Limit::MatchesSweep { .. }) { "sweep: " } else { "" };
        text += &format!(" ({source}{})", between(bounds, |end| end.in_family(family)));
    }
    let beyond = |size| case.largest().is_some_and(|largest| size > largest);
    if record.measured.is_some() && matches!(budget.basis, Basis::AtSize(size) if beyond(size)) {
        text += " extrapolated";
    }
    text
}

/// `999.0 MB to 1.02 GB`; two equal bounds are printed once.
pub(crate) fn between([low, high]: [Quantity; 2], show: impl Fn(Quantity) -> String) -> String {
    match low == high {
        true => show(low),
        false => format!("{} to {}", show(low), show(high)),
    }
}

/// The measured figure in the family of units of the limit; with every digit where rounding would
/// make a figure beyond the limit look like the limit.
fn measured(measured: Option<Quantity>, budget: &Budget) -> String {
    let Some(measured) = measured else { return NONE.to_owned() };
    let family = budget.limit.family();
    let text = measured.in_family(family);
    let beyond = |end: Option<Quantity>, below: bool| {
        end.is_some_and(|end| {
            let exceeds = if below { measured < end } else { measured > end };
            exceeds && end.in_family(family) == text
        })
    };
    if beyond(budget.limit.most(), false) || beyond(budget.limit.least(), true) {
        return measured.exact();
    }
    text
}

/// A share of the limit, `12.3 %`; a limit of zero has none. A figure at its limit may give minus
/// zero, which is printed as zero.
pub(crate) fn headroom(share: Option<f64>) -> String {
    share.map_or_else(|| NONE.to_owned(), |share| format!("{:.1} %", share * 100.0 + 0.0))
}

/// Seconds for a person: `850 ms`.
pub(crate) fn seconds(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| NONE.to_owned(), |seconds| Quantity::seconds(seconds).to_string())
}

/// A count with its digits in groups of three: `1,048,576`.
pub(crate) fn grouped(count: u64) -> String {
    let text = Quantity::new(count as f64, Unit::Bytes).exact();
    text.trim_end_matches(" B").to_owned()
}

#[cfg(test)]
mod tests {
    use plimsoll::format::{Metric, Place, Written};

    use super::*;

    fn budget(limit: Limit) -> Budget {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        Budget::new(Metric::PeakHeap, limit, place)
    }

    #[test]
    fn figure_beyond_its_limit_is_printed_with_every_digit() {
        let written = |text: &str| text.parse::<Written>().unwrap();
        let show =
            |value: f64, limit: Limit| measured(Some(Quantity::bytes(value)), &budget(limit));
        // 1 MiB = 1,048,576 B; one byte more still rounds to 1.00 MiB.
        assert_eq!(show(1_048_576.0, Limit::Max(written("1 MiB"))), "1.00 MiB");
        assert_eq!(show(1_048_577.0, Limit::Max(written("1 MiB"))), "1,048,577 B");
        assert_eq!(show(999_999.0, Limit::Min(written("1 MB"))), "999,999 B");
        assert_eq!(show(1_000_001.0, Limit::Min(written("1 MB"))), "1.00 MB");
        assert_eq!(show(2_000_000.0, Limit::Max(written("1 MB"))), "2.00 MB");
    }

    #[test]
    fn counts_are_grouped_and_shares_are_in_percent() {
        assert_eq!(grouped(1_048_576), "1,048,576");
        assert_eq!(grouped(12), "12");
        assert_eq!(headroom(Some(-0.157)), "-15.7 %");
        assert_eq!(headroom(Some(-0.0)), "0.0 %");
        assert_eq!(headroom(None), "—");
    }
}
