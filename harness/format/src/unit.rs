//! The units in which a quantity is kept.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a number counts, always in its base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Blocks handed out by the allocator.
    Blocks,
    /// Blocks that were moved or resized.
    Reallocations,
    /// Seconds.
    Seconds,
    /// Events in a second.
    PerSecond,
    /// One figure divided by another.
    Times,
}

impl Unit {
    /// An example of a quantity in this unit, as `budgets.toml` writes it.
    pub fn example(self) -> &'static str {
        match self {
            Unit::Bytes => "200 MB",
            Unit::Blocks => "12 blocks",
            Unit::Reallocations => "3 reallocations",
            Unit::Seconds => "150 s",
            Unit::PerSecond => "100 /s",
            Unit::Times => "13×",
        }
    }

    /// Every way to write this unit in `budgets.toml`, with its size in the base unit.
    pub fn spellings(self) -> &'static [(&'static str, f64)] {
        match self {
            Unit::Bytes => &[
                ("B", 1.0),
                ("kB", 1e3),
                ("MB", 1e6),
                ("GB", 1e9),
                ("TB", 1e12),
                ("KiB", 1024.0),
                ("MiB", 1_048_576.0),
                ("GiB", 1_073_741_824.0),
                ("TiB", 1_099_511_627_776.0),
            ],
            Unit::Blocks => &[("blocks", 1.0), ("block", 1.0)],
            Unit::Reallocations => &[("reallocations", 1.0), ("reallocation", 1.0)],
            Unit::Seconds => &[
                ("s", 1.0),
                ("ms", 1e-3),
                ("µs", 1e-6),
                ("us", 1e-6),
                ("ns", 1e-9),
                ("min", 60.0),
                ("h", 3600.0),
            ],
            Unit::PerSecond => &[("/s", 1.0)],
            Unit::Times => &[("×", 1.0), ("x", 1.0), ("times", 1.0)],
        }
    }

    /// Whether only whole numbers make sense.
    pub(crate) fn is_count(self) -> bool {
        matches!(self, Unit::Blocks | Unit::Reallocations)
    }

    pub(crate) const ALL: [Unit; 6] = [
        Unit::Bytes,
        Unit::Blocks,
        Unit::Reallocations,
        Unit::Seconds,
        Unit::PerSecond,
        Unit::Times,
    ];
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Bytes => "bytes",
            Unit::Blocks => "blocks",
            Unit::Reallocations => "reallocations",
            Unit::Seconds => "seconds",
            Unit::PerSecond => "events per second",
            Unit::Times => "times",
        })
    }
}
