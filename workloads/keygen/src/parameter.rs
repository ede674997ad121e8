//! The public parameter of a key's tweakable hash.

use serde::Serialize;

use crate::FieldElement;
use crate::scheme::PARAMETER;

/// Five field elements that go into every hash of one key, so that work on one key breaks no other.
/// They are public, and should be drawn at random for each key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Parameter([FieldElement; PARAMETER]);

impl Parameter {
    /// A parameter of its elements.
    #[must_use]
    pub const fn new(elements: [FieldElement; PARAMETER]) -> Self {
        Self(elements)
    }

    /// The five elements.
    #[must_use]
    pub const fn elements(&self) -> [FieldElement; PARAMETER] {
        self.0
    }
}
