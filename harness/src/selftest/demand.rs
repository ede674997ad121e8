//! How much a synthetic load takes to reach a figure.

use plimsoll_format::{Basis, Budget, Growth, Metric, Quantity, Unit};

/// How much a synthetic load takes, by the size of its run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Demand {
    /// The same at every size.
    Flat(f64),
    /// So much for each item above a fixed part.
    PerItem {
        /// At the size zero.
        fixed: f64,
        /// For each.
        each: f64,
    },
    /// So much times the class's function of the size, above a fixed part.
    Grown {
        /// Whatever the size.
        fixed: f64,
        /// The class.
        growth: Growth,
        /// For each step of it.
        each: f64,
    },
}

impl Demand {
    /// The amount at one size of a sweep.
    pub(crate) fn at(self, size: Option<u64>) -> f64 {
        let size = size.unwrap_or(1) as f64;
        match self {
            Self::Flat(amount) => amount,
            Self::PerItem { fixed, each } => fixed + each * size,
            Self::Grown { fixed, growth, each } => {
                fixed
                    + each
                        * match growth {
                            Growth::Constant => 0.0,
                            Growth::Log => size.log2(),
                            Growth::Linear => size,
                            Growth::Quadratic => size * size,
                        }
            }
        }
    }
}

/// What the other case of a ratio takes: enough that a thousandth of it is measured. As a slope, so
/// much for each item.
pub(super) fn other(budget: &Budget, sizes: &[Option<u64>]) -> f64 {
    let times = budget.limit.most().or(budget.limit.least()).map_or(1.0, Quantity::value);
    let items = match budget.basis {
        Basis::PerItem => sizes.last().copied().flatten().unwrap_or(1) as f64,
        Basis::Run | Basis::AtSize(_) => 1.0,
    };
    let amount = match budget.metric.unit() {
        Unit::Bytes => f64::from(1 << 28),
        // The sum of both stays below a few seconds; seconds are not whole.
        Unit::Seconds => return (2.0 / times).min(0.5) / items,
        Unit::PerSecond => 1e6,
        Unit::Blocks | Unit::Reallocations | Unit::Times => 1e5,
    };
    (amount / items).ceil()
}

/// What the runs of a sweep take that predicts a larger size: enough to be measured, at its largest
/// size.
pub(super) fn swept(metric: Metric, largest: u64) -> Demand {
    let amount = match metric.unit() {
        Unit::Bytes => f64::from(1 << 26),
        Unit::Seconds => 0.2,
        Unit::PerSecond => 1e6,
        Unit::Blocks | Unit::Reallocations | Unit::Times => 1e5,
    };
    let each = amount / largest.max(1) as f64;
    let each = if metric.unit() == Unit::Seconds { each } else { each.ceil() };
    Demand::PerItem { fixed: fixed(metric), each }
}

/// The memory of a process before it does anything, with room.
pub(super) fn fixed(metric: Metric) -> f64 {
    if metric.is_of_process() { f64::from(1 << 25) } else { 0.0 }
}

/// What brings the budget to a figure.
pub(super) fn demand(budget: &Budget, sizes: &[Option<u64>], figure: f64) -> Demand {
    let times = match budget.ratio_to {
        Some(_) => other(budget, sizes),
        None => 1.0,
    };
    match budget.basis {
        Basis::Run => Demand::Flat(figure * times),
        Basis::PerItem => Demand::PerItem { fixed: fixed(budget.metric), each: figure * times },
        Basis::AtSize(size) => {
            let fixed = fixed(budget.metric).min(figure * times);
            Demand::PerItem { fixed, each: (figure * times - fixed) / size as f64 }
        }
    }
}
