//! How much of the tree a key keeps.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// How much of the tree a key keeps, which decides where it can sign and what it holds.
///
/// With *n* bottom trees, the lifetime being *n*² epochs, and 28 bytes a node:
///
/// | retention | nodes held | at 2^18 | while the key is made |
/// |---|---|---|---|
/// | [`RootOnly`](Self::RootOnly) | none | 0 | *n* |
/// | [`TopAndBottomTrees`](Self::TopAndBottomTrees) | 3 (2*n* - 1) | 85,932 B | the same |
/// | [`WholeTree`](Self::WholeTree) | 2*n*² - 1 | 14,680,036 B | the same |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum TreeRetention {
    /// Nothing but the root, in the public key. Such a key cannot sign: it is for comparing roots,
    /// and for making the public key where another machine signs.
    RootOnly,
    /// The top tree and two neighbouring bottom trees. The key signs in the epochs of those two;
    /// [`SecretKey::advance_preparation`](crate::SecretKey::advance_preparation) moves on by one.
    #[default]
    TopAndBottomTrees,
    /// Every node. The key signs in all of its active epochs.
    WholeTree,
}

/// A text that names no retention.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{read}` is no retention; write root, top or whole")]
pub struct UnknownRetention {
    /// What was read.
    pub read: String,
}

impl TreeRetention {
    /// All retentions, the smallest first.
    pub const ALL: [Self; 3] = [Self::RootOnly, Self::TopAndBottomTrees, Self::WholeTree];
}

impl fmt::Display for TreeRetention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RootOnly => "root",
            Self::TopAndBottomTrees => "top",
            Self::WholeTree => "whole",
        })
    }
}

impl FromStr for TreeRetention {
    type Err = UnknownRetention;

    fn from_str(text: &str) -> Result<Self, UnknownRetention> {
        Self::ALL
            .into_iter()
            .find(|retention| retention.to_string() == text)
            .ok_or_else(|| UnknownRetention { read: text.to_owned() })
    }
}

impl TryFrom<String> for TreeRetention {
    type Error = UnknownRetention;

    fn try_from(text: String) -> Result<Self, UnknownRetention> {
        text.parse()
    }
}
