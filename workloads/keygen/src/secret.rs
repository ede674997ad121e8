//! The secret key, and what it signs.

use std::fmt;
use std::ops::Range;

use crate::bottom::Leaves;
use crate::retained::Retained;
use crate::{Epoch, Lifetime, SignError, Signature, encoding, opening, prf};

/// The secret half of a key. It signs one message in each epoch, in ascending order.
///
/// Two messages signed in one epoch would give a forger what he needs, so that a key remembers the last
/// epoch it signed in and refuses that and every earlier one. A copy, a backup or a key made anew
/// from its seed does not know what this one signed: hold one, or remember the epoch elsewhere.
pub struct SecretKey {
    leaves: Leaves,
    lifetime: Lifetime,
    /// The active bottom trees.
    trees: Range<u64>,
    retained: Retained,
    /// The first epoch that has not been used up.
    next: u64,
}

impl SecretKey {
    pub(crate) fn new(
        leaves: Leaves,
        lifetime: Lifetime,
        trees: Range<u64>,
        retained: Retained,
        next: Epoch,
    ) -> Self {
        Self { leaves, lifetime, trees, retained, next: u64::from(next.0) }
    }

    /// The epochs the key was made for: whole bottom trees.
    #[must_use]
    pub fn active_epochs(&self) -> Range<u64> {
        self.epochs(self.trees.clone())
    }

    /// The epochs whose trees the key holds; none if only the root was retained.
    #[must_use]
    pub fn prepared_epochs(&self) -> Range<u64> {
        self.epochs(self.retained.prepared(&self.trees))
    }

    /// The first epoch that has not been used up; it may lie past the last one.
    #[must_use]
    pub fn next_epoch(&self) -> u64 {
        self.next
    }

    fn epochs(&self, trees: Range<u64>) -> Range<u64> {
        trees.start << self.lifetime.half()..trees.end << self.lifetime.half()
    }

    /// Computes the next bottom tree in the room of the earlier one of the two, which is given up.
    ///
    /// Says whether the window moved: it does not past the last active epoch, and there is none if
    /// only the root or the whole tree was retained. Takes the time of 1/*n* of key generation, with
    /// *n* bottom trees, on one thread.
    pub fn advance_preparation(&mut self) -> bool {
        self.retained.advance(&self.leaves, self.lifetime, &self.trees)
    }

    /// Signs `message` in `epoch`, and uses up this epoch and all before it.
    ///
    /// # Errors
    /// [`SignError`], and the key stays as it was, if the epoch is used up, is not active, or is not
    /// prepared. A key of which [only the root](crate::TreeRetention::RootOnly) was retained is
    /// prepared for no epoch: the paths are not computed again, which would take as long as the key.
    pub fn sign(&mut self, epoch: Epoch, message: &[u8; 32]) -> Result<Signature, SignError> {
        let (active, prepared) = (self.active_epochs(), self.prepared_epochs());
        let number = u64::from(epoch.0);
        if !active.contains(&number) {
            return Err(SignError::OutsideActivation { epoch, active });
        }
        if number < self.next {
            return Err(SignError::EpochAlreadyUsed { epoch, next: self.next });
        }
        if !prepared.contains(&number) {
            return Err(SignError::NotPrepared { epoch, prepared });
        }
        self.next = number + 1;
        let Leaves { seed, parameter, .. } = &self.leaves;
        let rho = prf::randomness(seed, epoch.0, message);
        let codeword = encoding::codeword(parameter, epoch.0, &rho, message);
        let hashes = opening::open(seed, parameter, epoch.0, &codeword);
        let path = self.retained.path(&self.leaves, self.lifetime, &self.trees, epoch.0);
        Ok(Signature { rho, hashes, path })
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey")
            .field("lifetime", &self.lifetime)
            .field("active_epochs", &self.active_epochs())
            .field("prepared_epochs", &self.prepared_epochs())
            .field("next_epoch", &self.next)
            .finish_non_exhaustive()
    }
}
