//! The chain as a mempool sees it.

use crate::transaction::Member;
use crate::{Genesis, Result};

/// Which outputs there are, and which are spent.
pub trait Chain {
    /// The height of the last block; 0 if there is only the genesis.
    ///
    /// # Errors
    /// If the chain cannot be read.
    fn height(&self) -> Result<u64>;

    /// Whether a block spends the output of this key image.
    ///
    /// # Errors
    /// If the chain cannot be read.
    fn is_spent(&self, key_image: &[u8; 32]) -> Result<bool>;

    /// Whether the chain has this output, with this commitment.
    ///
    /// # Errors
    /// If the chain cannot be read.
    fn has_output(&self, member: &Member) -> Result<bool>;

    /// Whether the chain has an output of this target key.
    ///
    /// # Errors
    /// If the chain cannot be read.
    fn has_key(&self, target_key: &[u8; 32]) -> Result<bool>;
}

/// A chain without a block.
impl Chain for Genesis {
    fn height(&self) -> Result<u64> {
        Ok(0)
    }

    fn is_spent(&self, _: &[u8; 32]) -> Result<bool> {
        Ok(false)
    }

    fn has_output(&self, member: &Member) -> Result<bool> {
        Ok(self.member(&member.target_key) == Some(member))
    }

    fn has_key(&self, target_key: &[u8; 32]) -> Result<bool> {
        Ok(self.member(target_key).is_some())
    }
}
