//! How a figure grows with the size of the work.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A class of growth, the slower before the faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// The same at every size.
    Constant,
    /// With the logarithm of the size.
    Log,
    /// In proportion to the size, above a fixed part.
    Linear,
    /// With the square of the size.
    Quadratic,
}

impl Growth {
    /// Every class, the slowest first.
    pub const ALL: [Growth; 4] = [Growth::Constant, Growth::Log, Growth::Linear, Growth::Quadratic];

    /// The class of that name: `log` gives [`Growth::Log`].
    pub fn named(name: &str) -> Option<Growth> {
        Growth::ALL.into_iter().find(|growth| growth.name() == name)
    }

    /// The name in `budgets.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Growth::Constant => "constant",
            Growth::Log => "log",
            Growth::Linear => "linear",
            Growth::Quadratic => "quadratic",
        }
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
