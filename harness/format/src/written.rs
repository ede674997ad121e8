//! A quantity as its author wrote it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Family, Quantity};

/// A quantity together with the words of `budgets.toml`, so that reports show them unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// What the text means, in the base unit.
    pub quantity: Quantity,
    /// The text: `200 MB`.
    pub text: String,
}

impl Written {
    /// The family of byte units that the author chose; decimal for anything but bytes.
    pub fn family(&self) -> Family {
        if self.text.ends_with("iB") { Family::Binary } else { Family::Decimal }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
