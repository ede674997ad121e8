//! Key generation: all leaves are computed once, and as much of the tree as is wanted is kept.

use std::ops::Range;

use crate::bottom::Leaves;
use crate::retained::Retained;
use crate::secret::SecretKey;
use crate::{
    Epoch, KeyGenError, Lifetime, Parameter, PublicKey, Seed, SimdBackend, TreeRetention,
    simd_backend,
};

/// What kind of key is made, and how.
///
/// The bottom trees are shared out over the threads of the current rayon pool; their epochs go through
/// the lanes of the [`backend`](Self::backend). Neither changes the key.
///
/// ```
/// use keygen::{Epoch, FieldElement, KeyGeneration, Lifetime, Parameter, Seed};
///
/// let generation = KeyGeneration::new(Lifetime::new(4)?);
/// let parameter = Parameter::new([1, 2, 3, 4, 5].map(FieldElement::reduced));
/// let (public, mut secret) = generation.run(Seed::new([7; 32]), parameter)?;
///
/// let signature = secret.sign(Epoch(0), &[42; 32])?;
/// public.verify(Epoch(0), &[42; 32], &signature)?;
/// assert!(public.verify(Epoch(1), &[42; 32], &signature).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyGeneration {
    /// How many epochs the key has.
    pub lifetime: Lifetime,
    /// The epochs the key is to sign in. They are widened to whole bottom trees, at least two.
    pub active: Range<u64>,
    /// How much of the tree the key keeps.
    pub retention: TreeRetention,
    /// The instructions that hash.
    pub backend: SimdBackend,
}

impl KeyGeneration {
    /// A key that is active in all epochs of `lifetime`, keeps [`TreeRetention::TopAndBottomTrees`],
    /// and is made with [`simd_backend`].
    #[must_use]
    pub fn new(lifetime: Lifetime) -> Self {
        Self {
            lifetime,
            active: 0..lifetime.epochs(),
            retention: TreeRetention::default(),
            backend: simd_backend(),
        }
    }

    /// The same, keeping as much of the tree as `retention` says.
    #[must_use]
    pub fn retaining(self, retention: TreeRetention) -> Self {
        Self { retention, ..self }
    }

    /// Makes the key of `seed` and `parameter`: the same ones give the same key.
    ///
    /// # Errors
    /// [`KeyGenError`] if the active epochs are none, or reach past the lifetime, or if what is to be
    /// retained finds no room.
    pub fn run(
        &self,
        seed: Seed,
        parameter: Parameter,
    ) -> Result<(PublicKey, SecretKey), KeyGenError> {
        let trees = self.bottom_trees()?;
        let lifetime = self.lifetime;
        let leaves = Leaves { seed, parameter, backend: self.backend };
        let (root, retained) = Retained::grow(self.retention, &leaves, lifetime, &trees)?;
        let public = PublicKey { lifetime, parameter, root };
        let next = Epoch((trees.start << lifetime.half()) as u32);
        Ok((public, SecretKey::new(leaves, lifetime, trees, retained, next)))
    }

    /// The active bottom trees: those of the active epochs, at least two, within the lifetime.
    fn bottom_trees(&self) -> Result<Range<u64>, KeyGenError> {
        let Self { lifetime, active, .. } = self;
        if active.is_empty() || active.end > lifetime.epochs() {
            return Err(KeyGenError::Active { active: active.clone(), lifetime: *lifetime });
        }
        let each = lifetime.bottom_trees();
        let start = active.start / each;
        let end = active.end.div_ceil(each).max(start + 2);
        // A single tree at the very end gets its left neighbour.
        let excess = end.saturating_sub(lifetime.bottom_trees());
        Ok(start - excess..end - excess)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Lifetime 2^4: four bottom trees of four epochs.
    #[test]
    fn active_epochs_are_widened_to_whole_trees() {
        let trees = |active| KeyGeneration { active, ..generation() }.bottom_trees();
        assert_eq!(trees(0..16), Ok(0..4));
        assert_eq!(trees(0..1), Ok(0..2));
        assert_eq!(trees(3..5), Ok(0..2));
        assert_eq!(trees(5..6), Ok(1..3));
        assert_eq!(trees(12..16), Ok(2..4));
        for active in [0..0, 5..5, 0..17, 17..18] {
            assert!(matches!(trees(active), Err(KeyGenError::Active { .. })));
        }
    }

    fn generation() -> KeyGeneration {
        KeyGeneration::new(Lifetime::new(4).unwrap())
    }
}
