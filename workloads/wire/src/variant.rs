//! The design of the benchmark, each of its optimisations on its own, and all of them together.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A design. All designs reach the same roots for the same operations.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The design of the analysis: everything in memory, one version and one proof for each
    /// transaction, and the proofs of the preparation kept.
    Plain,
    /// Accounts are prepared in chunks of 1,000, whose proofs are verified and dropped.
    Streaming,
    /// Keys are 32 bytes each in memory.
    CompactKeys,
    /// A batch is written at once, and has one proof, which contains each shared sibling once.
    BatchedProofs,
    /// The tree lies on disk, in its last version only.
    Disk,
    /// Users lie in lists by their number.
    DenseIndex,
    /// Accounts are loaded when they are needed.
    Lazy,
    /// All of these.
    Lean,
}

impl Variant {
    /// All of them, in the order above.
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::Streaming,
        Self::CompactKeys,
        Self::BatchedProofs,
        Self::Disk,
        Self::DenseIndex,
        Self::Lazy,
        Self::Lean,
    ];

    /// Whether it contains this optimisation, by itself or with all others.
    pub(crate) fn has(self, optimisation: Self) -> bool {
        self == optimisation || self == Self::Lean
    }

    /// Its name, as in budgets and on command lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Streaming => "streaming",
            Self::CompactKeys => "compact_keys",
            Self::BatchedProofs => "batched_proofs",
            Self::Disk => "disk",
            Self::DenseIndex => "dense_index",
            Self::Lazy => "lazy",
            Self::Lean => "lean",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

impl FromStr for Variant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let named = Self::ALL.into_iter().find(|variant| variant.name() == text);
        named.ok_or_else(|| format!("`{text}` is no variant; choose one of {}", names()))
    }
}
