//! How many epochs a key has.

use serde::Serialize;

/// How many epochs a key has: 2^*n* for an even *n* from 4 to 32.
///
/// The tree over the epochs is cut at half its height: 2^(*n*/2) bottom trees of 2^(*n*/2) leaves
/// each, under a top tree whose leaves are their roots.
///
/// ```
/// let lifetime = keygen::Lifetime::new(18)?;
/// assert_eq!(lifetime.epochs(), 262_144);
/// assert_eq!(lifetime.bottom_trees(), 512);
/// assert!(keygen::Lifetime::new(17).is_err());
/// # Ok::<(), keygen::LifetimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Lifetime(u8);

/// The binary logarithm of a lifetime is odd, or not from 4 to 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("2^{log2} is no lifetime; the exponent is an even number from 4 to 32, for example 18")]
pub struct LifetimeError {
    /// What was read.
    pub log2: u8,
}

impl Lifetime {
    /// The lifetime of 2^`log2` epochs.
    ///
    /// # Errors
    /// [`LifetimeError`] if `log2` is odd, or not from 4 to 32.
    pub const fn new(log2: u8) -> Result<Self, LifetimeError> {
        if log2 < 4 || log2 > 32 || !log2.is_multiple_of(2) {
            return Err(LifetimeError { log2 });
        }
        Ok(Self(log2))
    }

    /// The binary logarithm: the height of the tree.
    #[must_use]
    pub const fn log2(self) -> u8 {
        self.0
    }

    /// How many epochs there are.
    #[must_use]
    pub const fn epochs(self) -> u64 {
        1 << self.0
    }

    /// How many bottom trees there are, which is also the number of epochs of each.
    #[must_use]
    pub const fn bottom_trees(self) -> u64 {
        1 << self.half()
    }

    /// The height of a bottom tree, and of the top tree.
    pub(crate) const fn half(self) -> u8 {
        self.0 / 2
    }
}
