//! The two families of byte units.

use serde::{Deserialize, Serialize};

/// Whether byte units step by 1,000 or by 1,024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// kB, MB, GB, TB: steps of 1,000.
    Decimal,
    /// KiB, MiB, GiB, TiB: steps of 1,024.
    Binary,
}

impl Family {
    /// The units from the smallest, each with its size in bytes.
    pub(crate) fn steps(self) -> [(&'static str, f64); 5] {
        match self {
            Family::Decimal => [("B", 1.0), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)],
            Family::Binary => [
                ("B", 1.0),
                ("KiB", 1024.0),
                ("MiB", 1_048_576.0),
                ("GiB", 1_073_741_824.0),
                ("TiB", 1_099_511_627_776.0),
            ],
        }
    }
}
