//! What one event does to an account.

/// Signed, so that changes add up in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) live_bytes: i64,
    pub(crate) live_blocks: i64,
    pub(crate) total_bytes: i64,
    pub(crate) total_blocks: i64,
}

impl Change {
    /// A block of `size` bytes was given.
    #[inline(always)]
    pub(crate) fn allocated(size: usize) -> Self {
        let size = size as i64;
        Self { live_bytes: size, live_blocks: 1, total_bytes: size, total_blocks: 1 }
    }

    /// A block of `size` bytes was handed back.
    #[inline(always)]
    pub(crate) fn freed(size: usize) -> Self {
        Self { live_bytes: -(size as i64), live_blocks: -1, ..Self::default() }
    }

    /// A block changed its size: in the totals one more block of its whole new size, as dhat
    /// counts it.
    #[inline(always)]
    pub(crate) fn resized(old_size: usize, new_size: usize) -> Self {
        let new_size = new_size as i64;
        Self {
            live_bytes: new_size - old_size as i64,
            live_blocks: 0,
            total_bytes: new_size,
            total_blocks: 1,
        }
    }

    /// Adds another change to this one.
    pub(crate) fn add(&mut self, other: Self) {
        self.live_bytes = self.live_bytes.wrapping_add(other.live_bytes);
        self.live_blocks = self.live_blocks.wrapping_add(other.live_blocks);
        self.total_bytes = self.total_bytes.wrapping_add(other.total_bytes);
        self.total_blocks = self.total_blocks.wrapping_add(other.total_blocks);
    }
}
