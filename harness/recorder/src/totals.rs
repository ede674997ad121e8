//! The sum over all accounts, its peak, and the one lock that guards them.

use crate::change::Change;
use crate::primitives::{Apart, Primitives, Word as _};

/// The lock lies apart from what it guards: a thread that waits must not slow down the one that
/// works.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Totals<P: Primitives> {
    pub(crate) lock: Apart<P::Lock>,
    sums: Apart<Sums<P>>,
}

#[derive(Debug, Default)]
#[repr(C)]
struct Sums<P: Primitives> {
    live_bytes: P::Word,
    live_blocks: P::Word,
    peak_bytes: P::Word,
    peak_blocks: P::Word,
    /// Raised whenever the sum leaves a peak.
    epoch: P::Word,
    /// 1 from the moment after a peak's event to the next change. Fresh pages say 0, which is as
    /// good: every account stands at zero then, and so does the peak.
    on_peak: P::Word,
    closed: P::Word,
    /// Slots with a lower number may be taken; none above ever was.
    used_slots: P::Word,
}

impl<P: Primitives> Totals<P> {
    /// The epoch in which `change` happens: a new one when it is the first after a peak.
    #[inline(always)]
    pub(crate) fn epoch_of(&self, change: Change) -> i64 {
        let sums = &self.sums.0;
        if sums.on_peak.get() != 0 && (change.live_bytes != 0 || change.live_blocks != 0) {
            sums.on_peak.set(0);
            sums.epoch.add(1);
        }
        sums.epoch.get()
    }

    /// Adds to the sum, without asking whether that is a peak.
    #[inline(always)]
    pub(crate) fn add(&self, change: Change) {
        self.sums.0.live_bytes.add(change.live_bytes);
        self.sums.0.live_blocks.add(change.live_blocks);
    }

    /// Called when every change so far is in the sum. Of equal peaks the latest wins, as in dhat.
    #[inline(always)]
    pub(crate) fn note_peak(&self) {
        let sums = &self.sums.0;
        if sums.live_bytes.get() >= sums.peak_bytes.get() {
            sums.peak_bytes.set(sums.live_bytes.get());
            sums.peak_blocks.set(sums.live_blocks.get());
            sums.on_peak.set(1);
        }
    }

    /// How many bytes the sum may still grow before it stands at its peak.
    pub(crate) fn room(&self) -> i64 {
        self.sums.0.peak_bytes.get() - self.sums.0.live_bytes.get()
    }

    /// Bytes and blocks at the peak.
    pub(crate) fn peak(&self) -> (i64, i64) {
        (self.sums.0.peak_bytes.get(), self.sums.0.peak_blocks.get())
    }

    /// The current epoch, and whether the sum still stands on its peak.
    pub(crate) fn epoch(&self) -> (i64, bool) {
        (self.sums.0.epoch.get(), self.sums.0.on_peak.get() != 0)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.sums.0.closed.get() != 0
    }

    pub(crate) fn close(&self) {
        self.sums.0.closed.set(1);
    }

    pub(crate) fn used_slots(&self) -> usize {
        self.sums.0.used_slots.get() as usize
    }

    pub(crate) fn use_slot(&self, index: usize) {
        self.sums.0.used_slots.set(self.sums.0.used_slots.get().max(index as i64 + 1));
    }
}
