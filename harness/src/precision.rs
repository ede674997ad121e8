//! Which figures are the same in every run, and which are noisy.

use plimsoll_format::{Budget, Case, Metric};

/// Whether the same program gives the budget's figure in every run on the same target. The
/// allocator's totals are exact; its peaks depend on how threads meet, and so does all that a phase
/// has of other threads; what the kernel and the clock say differs each time.
pub fn is_exact(case: &Case, budget: &Budget) -> bool {
    if budget.phase.is_some() && case.threads > 1 {
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
