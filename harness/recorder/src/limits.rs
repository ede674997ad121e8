//! How much a recording may hold.

use crate::error::Error;

/// The most frames that a stack can keep.
pub const MOST_FRAMES: usize = 64;

/// The bounds of a recorder's tables, all of which are reserved at the start. What does not fit
/// is a [`Fault`](crate::Fault) of the recording, never a silent loss.
///
/// ```
/// use plimsoll_recorder::Limits;
///
/// let limits = Limits { depth: 10, ..Limits::default() };
/// assert!(limits.file_bytes()? < 48 << 20);
/// # Ok::<(), plimsoll_recorder::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Frames that are kept of a stack, innermost first: 1 to [`MOST_FRAMES`].
    pub depth: usize,
    /// Different call stacks.
    pub stacks: usize,
    /// Frames of all stacks together.
    pub frames: usize,
    /// Threads at one time that record without the global lock. With 0 every event takes it,
    /// which is slower under threads and otherwise the same.
    pub threads: usize,
}

impl Default for Limits {
    /// 64 frames, 131,072 stacks with 24 frames on average, 64 threads: a file of 41 MB, of which
    /// only what is used becomes resident.
    fn default() -> Self {
        Self { depth: 64, stacks: 1 << 17, frames: 24 << 17, threads: 64 }
    }
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), Error> {
        let table = [
            ("depth", self.depth, 1, MOST_FRAMES),
            ("stacks", self.stacks, 1, 1 << 24),
            ("frames", self.frames, 1, 1 << 30),
            ("threads", self.threads, 0, 4_096),
        ];
        for (limit, value, least, most) in table {
            if !(least..=most).contains(&value) {
                return Err(Error::Limit { limit, value, least, most });
            }
        }
        Ok(())
    }
}
