//! What an account holds.

/// Bytes and blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Requested bytes.
    pub bytes: u64,
    /// Blocks that were given.
    pub blocks: u64,
}

/// What one call stack, or all of them together, took from the allocator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Live at the moment when the whole program held the most bytes; of several such moments,
    /// the latest.
    pub peak: Amount,
    /// Allocated in all; a reallocation is one more block of its whole new size, as dhat counts
    /// it.
    pub total: Amount,
    /// Live when the recording ended, whatever ended it.
    pub end: Amount,
}
