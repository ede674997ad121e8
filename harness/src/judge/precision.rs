//! Which figures are the same in every run, and which are noisy.

use plimsoll_format::{Budget, Case, Metric};

/// Whether the same program gives the budget's figure in every run on the same target. The
/// allocator's totals are exact; its peaks depend on how threads meet, and so does all that a phase
/// has of other threads; what the kernel and the clock say differs each time. Of a case that `varies`,
/// nothing is.
pub fn is_exact(case: &Case, budget: &Budget) -> bool {
    if case.varies.is_some() || budget.phase.is_some() && case.threads > 1 {
        return false;
    }
    match budget.metric {
        Metric::TotalHeap | Metric::EndHeap | Metric::TotalBlocks | Metric::EndBlocks => true,
        Metric::Reallocations => true,
        Metric::PeakHeap | Metric::PeakBlocks => case.threads == 1,
        Metric::PeakRss | Metric::AnonymousRss | Metric::FileRss | Metric::ShmemRss => false,
        Metric::PeakAnonymousRss | Metric::Pss | Metric::CHeap | Metric::PeakStack => false,
        Metric::PeakVirtual | Metric::CpuTime | Metric::WallTime => false,
        Metric::Throughput | Metric::CpuThroughput => false,
    }
}

/// How far the figures of a sweep can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precision {
    /// To the last unit: whatever differs, differs because of the size.
    Exact,
    /// To a few percent.
    Noisy,
}

impl Precision {
    pub(crate) fn of(case: &Case, budget: &Budget) -> Self {
        if is_exact(case, budget) { Self::Exact } else { Self::Noisy }
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Limit, Place, Share};

    use super::*;

    #[test]
    fn no_figure_of_a_case_that_varies_is_exact() {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        let mut case = Case::new("case", "work", place.clone());
        for metric in [Metric::TotalHeap, Metric::EndBlocks, Metric::PeakHeap] {
            let line = Limit::Max(metric.unit().example().parse().unwrap());
            let budget = Budget::new(metric, line, place.clone());
            case.varies = None;
            assert_eq!(Precision::of(&case, &budget), Precision::Exact, "{metric}");
            case.varies = Some(Share::new(0.01));
            assert_eq!(Precision::of(&case, &budget), Precision::Noisy, "{metric}");
        }
    }
}
