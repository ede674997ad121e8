//! An epoch: the number of a one-time key.

use std::fmt;

use serde::Serialize;

/// The number of a one-time key, which signs one message and no other.
///
/// A key of lifetime 2^*n* has the epochs 0 … 2^*n* - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Epoch(pub u32);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
