//! What can be measured.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Unit;

/// One figure of a run that a budget can judge.
// A new one: its row below, and its place in `ALL`, `is_of_heap` or `is_of_process`; its row in
// `reference.md`; in `harness/src` its figure in `judge/figure.rs`, its rounding in `judge/precision.rs`,
// its probe in `measure/probe/`, the load that proves its limit in `measure/synthetic.rs`; and, where it
// bounds live memory, a cap's default in `measure/runaway/cap.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The most bytes that were live on the heap at once.
    PeakHeap,
    /// All bytes that were ever allocated.
    TotalHeap,
    /// Bytes still live on the heap at the end of the work.
    EndHeap,
    /// Blocks live at the moment of the most bytes.
    PeakBlocks,
    /// All blocks that were ever allocated.
    TotalBlocks,
    /// Blocks still live at the end of the work.
    EndBlocks,
    /// How often a block was resized.
    Reallocations,
    /// The most resident memory, as the kernel counts it.
    PeakRss,
    /// Resident memory that is the process's own.
    AnonymousRss,
    /// The most resident memory of its own, by sampling.
    PeakAnonymousRss,
    /// Resident memory that mirrors files.
    FileRss,
    /// Resident memory shared between processes.
    ShmemRss,
    /// Resident memory, each page divided by the processes that share it.
    Pss,
    /// The most address space.
    PeakVirtual,
    /// Live memory that C libraries took from malloc, beside Rust's allocator.
    CHeap,
    /// How deep the stacks reached, all together.
    PeakStack,
    /// Time on the processor, over all threads.
    CpuTime,
    /// Time on the clock.
    WallTime,
    /// The output's count in a second of wall time.
    Throughput,
    /// The output's count in a second of CPU time.
    CpuThroughput,
}

impl Metric {
    /// Every metric, in the order of the documentation.
    pub const ALL: [Metric; 20] = [
        Metric::PeakHeap,
        Metric::TotalHeap,
        Metric::EndHeap,
        Metric::PeakBlocks,
        Metric::TotalBlocks,
        Metric::EndBlocks,
        Metric::Reallocations,
        Metric::PeakRss,
        Metric::AnonymousRss,
        Metric::PeakAnonymousRss,
        Metric::FileRss,
        Metric::ShmemRss,
        Metric::Pss,
        Metric::PeakVirtual,
        Metric::CHeap,
        Metric::PeakStack,
        Metric::CpuTime,
        Metric::WallTime,
        Metric::Throughput,
        Metric::CpuThroughput,
    ];

    /// The metric of that name: `peak_rss` gives [`Metric::PeakRss`].
    pub fn named(name: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// The name in `budgets.toml`, in snake case.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The unit of its quantities.
    pub fn unit(self) -> Unit {
        self.row().1
    }

    /// One line on what it measures.
    pub fn describe(self) -> &'static str {
        self.row().2
    }

    /// Whether it needs a count from the output (`rate`).
    pub fn is_rate(self) -> bool {
        self.unit() == Unit::PerSecond
    }

    /// Whether it is of the heap, whose every byte is known by its allocation site and its time.
    pub fn is_of_heap(self) -> bool {
        matches!(
            self,
            Metric::PeakHeap
                | Metric::TotalHeap
                | Metric::EndHeap
                | Metric::PeakBlocks
                | Metric::TotalBlocks
                | Metric::EndBlocks
        )
    }

    /// Whether the kernel or the C library counts it, which includes memory from before the work.
    pub fn is_of_process(self) -> bool {
        matches!(
            self,
            Metric::PeakRss
                | Metric::AnonymousRss
                | Metric::PeakAnonymousRss
                | Metric::FileRss
                | Metric::ShmemRss
                | Metric::Pss
                | Metric::PeakVirtual
                | Metric::CHeap
        )
    }

    fn row(self) -> (&'static str, Unit, &'static str) {
        use Unit::{Blocks, Bytes, PerSecond, Reallocations, Seconds};
        match self {
            Metric::PeakHeap => ("peak_heap", Bytes, "the most bytes live on the heap at once"),
            Metric::TotalHeap => ("total_heap", Bytes, "all bytes that were ever allocated"),
            Metric::EndHeap => ("end_heap", Bytes, "bytes still live when the work ended"),
            Metric::PeakBlocks => {
                ("peak_blocks", Blocks, "the most blocks live at once, at whatever moment")
            }
            Metric::TotalBlocks => ("total_blocks", Blocks, "all blocks ever allocated"),
            Metric::EndBlocks => ("end_blocks", Blocks, "blocks still live when the work ended"),
            Metric::Reallocations => {
                ("reallocations", Reallocations, "how often a block was resized")
            }
            Metric::PeakRss => ("peak_rss", Bytes, "the most resident memory (VmHWM)"),
            Metric::AnonymousRss => {
                ("anonymous_rss", Bytes, "resident memory of its own when the work ended")
            }
            Metric::PeakAnonymousRss => {
                ("peak_anonymous_rss", Bytes, "the most resident memory of its own, by sampling")
            }
            Metric::FileRss => {
                ("file_rss", Bytes, "resident memory that mirrors files when the work ended")
            }
            Metric::ShmemRss => {
                ("shmem_rss", Bytes, "resident memory shared with others when the work ended")
            }
            Metric::Pss => {
                ("pss", Bytes, "resident memory when the work ended, shared pages shared out")
            }
            Metric::PeakVirtual => ("peak_virtual", Bytes, "the most address space (VmPeak)"),
            Metric::CHeap => (
                "c_heap",
                Bytes,
                "live memory that C libraries took from malloc when the work ended",
            ),
            Metric::PeakStack => {
                ("peak_stack", Bytes, "how deep the stacks of the work reached, all together")
            }
            Metric::CpuTime => ("cpu_time", Seconds, "processor time of the work, all threads"),
            Metric::WallTime => ("wall_time", Seconds, "time of the work on the clock"),
            Metric::Throughput => {
                ("throughput", PerSecond, "the output's count in a second on the clock")
            }
            Metric::CpuThroughput => {
                ("cpu_throughput", PerSecond, "the output's count in a second of processor time")
            }
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json_and_are_found_again() {
        for metric in Metric::ALL {
            assert_eq!(serde_json::to_value(metric).unwrap(), metric.name());
            assert_eq!(Metric::named(metric.name()), Some(metric));
        }
        assert_eq!(Metric::named("peek_rss"), None);
    }
}
