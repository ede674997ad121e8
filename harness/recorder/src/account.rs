//! The account of one call stack, and its value at the peak in constant time.

use crate::change::Change;
use crate::primitives::{Primitives, Word as _};

/// One cache line. The global lock guards it, or the bias of the only thread.
///
/// `at_peak` is only written when the account is first touched after a peak. Until then the
/// account still holds its usage at the peak, and `epoch` distinguishes the two states.
#[derive(Debug, Default)]
#[repr(C, align(64))]
pub(crate) struct Account<P: Primitives> {
    live_bytes: P::Word,
    live_blocks: P::Word,
    peak_bytes: P::Word,
    peak_blocks: P::Word,
    total_bytes: P::Word,
    total_blocks: P::Word,
    epoch: P::Word,
}

impl<P: Primitives> Account<P> {
    /// Applies a change that happens in `epoch`.
    #[inline(always)]
    pub(crate) fn apply(&self, change: Change, epoch: i64) {
        if self.epoch.get() != epoch {
            self.peak_bytes.set(self.live_bytes.get());
            self.peak_blocks.set(self.live_blocks.get());
            self.epoch.set(epoch);
        }
        self.live_bytes.add(change.live_bytes);
        self.live_blocks.add(change.live_blocks);
        // What a kind of event never changes is known where it is entered, and left alone there.
        if change.total_blocks != 0 {
            self.total_bytes.add(change.total_bytes);
            self.total_blocks.add(change.total_blocks);
        }
    }

    /// Bytes and blocks at the latest peak. `on_peak` is whether the whole still stands on it.
    pub(crate) fn at_peak(&self, epoch: i64, on_peak: bool) -> (i64, i64) {
        if on_peak || self.epoch.get() != epoch {
            (self.live_bytes.get(), self.live_blocks.get())
        } else {
            (self.peak_bytes.get(), self.peak_blocks.get())
        }
    }

    /// What the account holds; changes that threads still keep to themselves are not in it.
    pub(crate) fn settled(&self) -> Change {
        Change {
            live_bytes: self.live_bytes.get(),
            live_blocks: self.live_blocks.get(),
            total_bytes: self.total_bytes.get(),
            total_blocks: self.total_blocks.get(),
        }
    }
}
