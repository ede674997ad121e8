//! The secret that all of a key is derived from.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The key of the pseudorandom function: the 32 secret bytes from which every chain starts.
///
/// They are wiped when the seed is dropped, and never printed. Draw them from the system's random
/// numbers.
///
/// ```
/// let seed = keygen::Seed::new([7; 32]);
/// assert_eq!(format!("{seed:?}"), "Seed(redacted)");
/// ```
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Seed([u8; 32]);

impl Seed {
    /// A seed of its bytes. The caller's copy is the caller's to wipe.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the pseudorandom function alone.
    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(redacted)")
    }
}
