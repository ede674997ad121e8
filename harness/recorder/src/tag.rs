//! What a block remembers of its allocation.

/// The number under which events are entered whose stack could not be kept.
pub(crate) const UNPLACED: u32 = 1;

/// Four bytes that the allocator keeps with every block and hands back when it is freed. They
/// say under which call stack it is entered; the all-zero tag says that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct Tag(pub(crate) u32);

impl Tag {
    /// The tag of a block that is not in the recording.
    pub const OUTSIDE: Self = Self(0);

    /// The tag as the number that lies in memory.
    pub const fn to_bits(self) -> u32 {
        self.0
    }

    /// The tag that was laid down as `bits`.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}
