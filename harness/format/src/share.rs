//! A part of a value, as people write it: `20 %`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::digits;

/// How large a part is, where the whole is 1.
///
/// ```
/// let share = plimsoll_format::Share::new(0.2);
/// assert_eq!((share.of(50), share.to_string()), (10.0, "20 %".to_owned()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(f64);

impl Share {
    /// `0.2` for 20 %.
    pub const fn new(part: f64) -> Self {
        Self(part)
    }

    /// That part of a whole, in its unit.
    pub fn of(self, whole: u64) -> f64 {
        self.0 * whole as f64
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} %", digits::whole_or_exact(self.0 * 100.0, 4)))
    }
}
