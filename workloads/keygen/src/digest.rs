//! A digest of the tweakable hash: a chain value, a leaf, a node, a root.

use std::fmt;

use serde::Serialize;

use crate::FieldElement;
use crate::lanes::{MOST, Rows};
use crate::scheme::DIGEST;

/// Seven field elements, 28 bytes: a chain value, a leaf, an inner node or the root.
///
/// ```
/// assert_eq!(size_of::<keygen::Digest>(), 28);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Digest([FieldElement; DIGEST]);

impl Digest {
    /// How many bytes a digest takes, in memory and encoded.
    pub const BYTES: usize = 4 * DIGEST;

    /// A digest of its elements.
    #[must_use]
    pub const fn new(elements: [FieldElement; DIGEST]) -> Self {
        Self(elements)
    }

    /// The seven elements.
    #[must_use]
    pub const fn elements(&self) -> [FieldElement; DIGEST] {
        self.0
    }

    /// Writes the digest into one lane.
    pub(crate) fn put(&self, rows: &mut Rows<DIGEST>, lane: usize) {
        for (row, element) in rows.iter_mut().zip(self.0) {
            row[lane] = element.word();
        }
    }

    /// Reads the digest of one lane.
    pub(crate) fn of_lane(rows: &Rows<DIGEST>, lane: usize) -> Self {
        debug_assert!(lane < MOST);
        Self(rows.map(|row| FieldElement::from_word(row[lane])))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
