//! The oracle: it sees every event in the order in which they were applied, and does at each
//! what the protocol avoids. At a peak it copies all accounts, as dhat does.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use super::{Access, Escrow, Witness};
use crate::change::Change;
use crate::primitives::Primitives;

/// What both the oracle and the protocol say in the end, to be compared totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) peak: (i64, i64),
    /// By stack: at the peak, then live and total.
    pub(super) stacks: Vec<((i64, i64), Change)>,
}

pub(super) struct Truth {
    /// The shadow counter.
    live: AtomicI64,
    most: AtomicI64,
    sums: Mutex<Sums>,
}

struct Sums {
    totals: (i64, i64),
    verdict: Verdict,
}

impl Truth {
    pub(super) fn new(stacks: usize) -> Self {
        let verdict = Verdict { peak: (0, 0), stacks: vec![((0, 0), Change::default()); stacks] };
        Self {
            live: AtomicI64::new(0),
            most: AtomicI64::new(0),
            sums: Mutex::new(Sums { totals: (0, 0), verdict }),
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        let verdict = self.sums.lock().unwrap().verdict.clone();
        assert_eq!(verdict.peak.0, self.most.load(Ordering::SeqCst), "the oracle itself errs");
        verdict
    }
}

impl Witness for &Truth {
    fn event(&self, stack: u32, change: Change, _access: Access) {
        let live = self.live.fetch_add(change.live_bytes, Ordering::SeqCst) + change.live_bytes;
        self.most.fetch_max(live, Ordering::SeqCst);
        let mut sums = self.sums.lock().unwrap();
        let Sums { totals, verdict } = &mut *sums;
        *totals = (totals.0 + change.live_bytes, totals.1 + change.live_blocks);
        verdict.stacks[stack as usize].1.add(change);
        if change.live_bytes > 0 && totals.0 >= verdict.peak.0 {
            verdict.peak = *totals;
            for (at_peak, now) in &mut verdict.stacks {
                *at_peak = (now.live_bytes, now.live_blocks);
            }
        }
    }
}

/// Two witnesses see the same order.
impl<A: Witness, B: Witness> Witness for (A, B) {
    fn event(&self, stack: u32, change: Change, access: Access) {
        self.0.event(stack, change, access);
        self.1.event(stack, change, access);
    }
}

/// A recorder with one global lock is the second oracle.
impl<P: Primitives, const N: usize> Witness for Escrow<'_, P, N> {
    fn event(&self, stack: u32, change: Change, _access: Access) {
        self.record(None, stack, change);
    }
}

/// The protocol's result, when no thread records any more.
pub(super) fn outcome<P: Primitives, const N: usize, W: Witness>(
    escrow: &Escrow<'_, P, N, W>,
) -> Verdict {
    let (epoch, on_peak) = escrow.totals.epoch();
    let mut stacks: Vec<((i64, i64), Change)> = escrow
        .accounts
        .iter()
        .map(|account| (account.at_peak(epoch, on_peak), account.settled()))
        .collect();
    for (stack, change) in escrow.slots.iter().flat_map(super::Slot::entries) {
        stacks[stack as usize].1.add(change);
    }
    Verdict { peak: escrow.totals.peak(), stacks }
}
