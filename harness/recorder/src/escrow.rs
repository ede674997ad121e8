//! The protocol that keeps the peak exact without a shared line per event.
//!
//! ```text
//!               keeps it (net + size < credit, or a free)
//! event ──▶ own slot ────────────────────────────────────▶ done: two words of its own lines
//!   │          │ could be a peak
//!   │          ▼
//!   │       settlement: global lock, all slots' locks ─▶ drain all ─▶ apply the event
//!   │                   ─▶ is it a peak? ─▶ credit = (peak − live) / slots in use, to each
//!   │ of the only thread
//!   └─────▶ apply the event ─▶ is it a peak?
//! ```
//!
//! While every slot's net stays below its credit, the sum over all threads stays below the old
//! peak in every order of their events; so nothing that a thread keeps can have been a peak.

use crate::account::Account;
use crate::change::Change;
use crate::primitives::{Bias as _, Lock as _, Primitives};
use crate::slot::{Kept, Slot};
use crate::totals::Totals;

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod truth;

/// Whether other events can be entered at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// None can, and all that were are seen: what belongs to the events may be changed without
    /// atomic additions.
    Exclusive,
    /// Those of other threads can.
    Shared,
}

/// Sees every event inside the critical section that applies it, hence in an order in which the
/// events may be said to have happened.
pub(crate) trait Witness {
    fn event(&self, stack: u32, change: Change, access: Access);
}

impl Witness for () {
    fn event(&self, _stack: u32, _change: Change, _access: Access) {}
}

/// Only wants to know that the event was entered.
pub(crate) struct Entered<F>(pub(crate) F);

impl<F: Fn(Access)> Witness for Entered<F> {
    #[inline(always)]
    fn event(&self, _stack: u32, _change: Change, access: Access) {
        (self.0)(access);
    }
}

/// The sums, the threads' slots and the accounts by stack number (0 is unused).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escrow<'a, P: Primitives, const N: usize, W = ()> {
    pub(crate) totals: &'a Totals<P>,
    pub(crate) slots: &'a [Slot<P, N>],
    pub(crate) accounts: &'a [Account<P>],
    pub(crate) witness: W,
}

impl<'a, P: Primitives, const N: usize> Escrow<'a, P, N> {
    /// The same, before `witness`.
    #[inline(always)]
    pub(crate) fn before<W: Witness>(&self, witness: W) -> Escrow<'a, P, N, W> {
        Escrow { totals: self.totals, slots: self.slots, accounts: self.accounts, witness }
    }
}

impl<'a, P: Primitives, const N: usize, W: Witness> Escrow<'a, P, N, W> {
    /// Enters one event of the thread that owns `slot`. A thread without one settles each time;
    /// without any slots at all, that is a recorder with one global lock.
    #[inline(always)]
    pub(crate) fn record(&self, slot: Option<&Slot<P, N>>, stack: u32, change: Change) {
        match slot {
            Some(slot) if slot.bias.0.enter() => {
                self.apply_now(stack, change);
                slot.bias.0.exit();
            }
            _ => self.record_among_others(slot, stack, change),
        }
    }

    #[inline(always)]
    fn record_among_others(&self, slot: Option<&Slot<P, N>>, stack: u32, change: Change) {
        let kept = slot.map_or(Kept::No, |slot| {
            let _own = slot.lock.0.hold();
            let kept = slot.keep(stack, change);
            if kept == Kept::Yes {
                self.witness.event(stack, change, Access::Shared);
            }
            kept
        });
        if kept == Kept::No {
            self.settle(slot, stack, change);
        }
    }

    /// Gives the calling thread a slot of its own, if there is one left. Each thread takes one before
    /// its first event, since with the second one the first is no longer alone.
    pub(crate) fn take_slot(&self) -> Option<&'a Slot<P, N>> {
        let _global = self.totals.lock.0.hold();
        if self.totals.is_closed() {
            return None;
        }
        let first = self.totals.used_slots() == 0;
        self.taken().for_each(|slot| slot.bias.0.disable());
        let (index, slot) = self.slots.iter().enumerate().find(|(_, slot)| !slot.is_taken())?;
        slot.set_taken(true);
        self.totals.use_slot(index);
        if first {
            slot.bias.0.enable();
        }
        Some(slot)
    }

    /// Takes a slot back from a thread that ends.
    pub(crate) fn give_back(&self, slot: &Slot<P, N>) {
        let _global = self.totals.lock.0.hold();
        slot.bias.0.disable();
        let _own = slot.lock.0.hold();
        slot.drain(|stack, change| self.apply(stack, change));
        slot.set_taken(false);
    }

    /// Ends the recording: events that have not got in by now stay out.
    pub(crate) fn close(&self) {
        let _global = self.totals.lock.0.hold();
        self.totals.close();
        for slot in self.taken() {
            slot.bias.0.disable();
            let _own = slot.lock.0.hold();
            slot.drain(|stack, change| self.apply(stack, change));
            slot.close();
        }
    }

    /// The locks are always taken in this order: the global one, then slots. Only the holder of
    /// the global one ever waits for a second lock. Its own slot's it need not take: besides the
    /// owner, only who holds the global one comes there.
    #[inline(never)]
    fn settle(&self, slot: Option<&Slot<P, N>>, stack: u32, change: Change) {
        let _global = self.totals.lock.0.hold();
        if self.totals.is_closed() {
            return;
        }
        if let Some(slot) = slot {
            if slot.affords(change) {
                slot.evict(stack, |stack, change| self.apply(stack, change));
                slot.keep(stack, change);
                return self.witness.event(stack, change, Access::Shared);
            }
        } else if change.live_bytes <= 0 {
            self.apply(stack, change);
            return self.witness.event(stack, change, Access::Shared);
        }
        self.apply_exactly(slot, stack, change);
    }

    /// Runs `look` while nothing is being entered, and nothing is missing in the accounts. The
    /// calling thread's own slot is `own`.
    pub(crate) fn at_one_moment<R>(
        &self,
        own: Option<&Slot<P, N>>,
        look: impl FnOnce() -> R,
    ) -> Option<R> {
        let _global = self.totals.lock.0.hold();
        if self.totals.is_closed() {
            return None;
        }
        let is_own = |slot: &Slot<P, N>| own.is_some_and(|own| std::ptr::eq(own, slot));
        let others = || self.taken().filter(|slot| !is_own(slot));
        others().for_each(|slot| slot.lock.0.acquire());
        // Without credit each thread's next growth is settled, which gives all of them some anew.
        self.taken().for_each(|slot| slot.drain(|stack, change| self.apply(stack, change)));
        let looked = look();
        others().for_each(|slot| slot.lock.0.release());
        Some(looked)
    }

    /// Applies one event to sums in which nothing is missing.
    fn apply_exactly(&self, own: Option<&Slot<P, N>>, stack: u32, change: Change) {
        let is_own = |slot: &Slot<P, N>| own.is_some_and(|own| std::ptr::eq(own, slot));
        let mut owners = 0;
        for slot in self.taken() {
            if !is_own(slot) {
                slot.lock.0.acquire();
            }
            slot.drain(|stack, change| self.apply(stack, change));
            owners += 1;
        }
        self.apply_now(stack, change);
        let room = self.totals.room();
        for slot in self.taken() {
            slot.grant(room / owners);
            if !is_own(slot) {
                slot.lock.0.release();
            }
        }
    }

    /// Applies an event to sums that are complete, while no other thread can touch them.
    #[inline(always)]
    fn apply_now(&self, stack: u32, change: Change) {
        self.apply(stack, change);
        if change.live_bytes > 0 {
            self.totals.note_peak();
        }
        self.witness.event(stack, change, Access::Exclusive);
    }

    #[inline(always)]
    fn apply(&self, stack: u32, change: Change) {
        let epoch = self.totals.epoch_of(change);
        if let Some(account) = self.accounts.get(stack as usize) {
            account.apply(change, epoch);
        }
        self.totals.add(change);
    }

    fn taken(&self) -> impl Iterator<Item = &'a Slot<P, N>> {
        self.slots.iter().take(self.totals.used_slots()).filter(|slot| slot.is_taken())
    }
}
