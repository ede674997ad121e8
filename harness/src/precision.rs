//! Which figures are the same in every run, and which are noisy.

use plimsoll_format::{Case, Metric};

/// Whether the same program gives the same figure in every run on the same target. The
/// allocator's totals are exact; its peaks depend on how threads meet; what the kernel and the
/// clock say differs each time.
pub fn is_exact(case: &Case, metric: Metric) -> bool {
    match metric {
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
    pub(crate) fn of(case: &Case, metric: Metric) -> Self {
        if is_exact(case, metric) { Self::Exact } else { Self::Noisy }
    }
}
