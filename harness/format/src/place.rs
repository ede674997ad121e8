//! A place in a file, as an editor understands it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A line and a column of a file, both counted from one.
///
/// ```
/// use plimsoll_format::Place;
/// let place = Place { file: "budgets.toml".into(), line: 41, column: 9 };
/// assert_eq!(place.to_string(), "budgets.toml:41");
/// assert_eq!(place.precise(), "budgets.toml:41:9");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The file relative to the root, with `/` between its parts.
    pub file: String,
    /// The line, from one.
    pub line: u32,
    /// The column in characters, from one.
    pub column: u32,
}

impl Place {
    /// File, line and column: `budgets.toml:41:9`.
    pub fn precise(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
