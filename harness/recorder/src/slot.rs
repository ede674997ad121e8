//! What one thread keeps to itself: its changes since the last settlement, by call stack.

use crate::change::Change;
use crate::primitives::{Apart, Primitives, Word as _};

/// Words of the map of used entries; its 64 bits each bound a slot to 1,024 entries.
const WORDS: usize = 16;

/// A table with `N` entries, found by the low bits of the stack's number.
///
/// The owner takes the lock at every event that it does not enter by the right of the only thread;
/// only a settlement does besides. The holder finds `net` equal to the sum of the entries'
/// live bytes.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Slot<P: Primitives, const N: usize> {
    pub(crate) lock: Apart<P::Lock>,
    pub(crate) bias: Apart<P::Bias>,
    own: Apart<Own<P>>,
    entries: [Entry<P>; N],
    /// Guarded by the global lock.
    taken: Apart<P::Word>,
}

#[derive(Debug, Default)]
#[repr(C)]
struct Own<P: Primitives> {
    net: P::Word,
    credit: P::Word,
    closed: P::Word,
    /// Which of `used` are not zero.
    any: P::Word,
    used: [P::Word; WORDS],
}

#[derive(Debug, Default)]
#[repr(C)]
struct Entry<P: Primitives> {
    /// 0 in an empty entry.
    stack: P::Word,
    live_bytes: P::Word,
    live_blocks: P::Word,
    total_bytes: P::Word,
    total_blocks: P::Word,
}

/// What became of an event that its thread tried to keep to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Yes,
    /// It needs a settlement: it could be a peak, or another stack has its entry.
    No,
    /// The recording is over.
    Closed,
}

impl<P: Primitives, const N: usize> Slot<P, N> {
    const MASK: usize = {
        assert!(N.is_power_of_two() && N <= WORDS * 64, "a power of two up to 1,024");
        N - 1
    };

    /// Adds a change if that cannot be a peak, whatever the other threads do meanwhile.
    #[inline(always)]
    pub(crate) fn keep(&self, stack: u32, change: Change) -> Kept {
        if self.own.0.closed.get() != 0 {
            return Kept::Closed;
        }
        let index = stack as usize & Self::MASK;
        let entry = &self.entries[index];
        let holder = entry.stack.get();
        if (holder != 0 && holder != i64::from(stack)) || !self.affords(change) {
            return Kept::No;
        }
        if holder == 0 {
            entry.stack.set(i64::from(stack));
            let word = &self.own.0.used[index / 64];
            word.set(word.get() | 1 << (index % 64));
            self.own.0.any.set(self.own.0.any.get() | 1 << (index / 64));
        }
        entry.live_bytes.add(change.live_bytes);
        self.own.0.net.add(change.live_bytes);
        // What a kind of event never changes is known where it is entered, and left alone there.
        if change.live_blocks != 0 {
            entry.live_blocks.add(change.live_blocks);
        }
        if change.total_blocks != 0 {
            entry.total_bytes.add(change.total_bytes);
            entry.total_blocks.add(change.total_blocks);
        }
        Kept::Yes
    }

    /// The credit rule. Strictly less: a sum that only equals the old peak is a peak too.
    #[inline(always)]
    pub(crate) fn affords(&self, change: Change) -> bool {
        change.live_bytes <= 0 || self.own.0.net.get() + change.live_bytes < self.own.0.credit.get()
    }

    /// Takes the entry that `stack` would use. Its bytes go where the others see them, so that
    /// net and credit sink alike.
    pub(crate) fn evict(&self, stack: u32, mut settle: impl FnMut(u32, Change)) {
        let index = stack as usize & Self::MASK;
        let (holder, change) = self.entries[index].take();
        if holder != 0 {
            self.own.0.net.add(-change.live_bytes);
            self.own.0.credit.add(-change.live_bytes);
            let word = &self.own.0.used[index / 64];
            word.set(word.get() & !(1 << (index % 64)));
            settle(holder, change);
        }
    }

    /// Takes all entries, and the credit.
    pub(crate) fn drain(&self, mut settle: impl FnMut(u32, Change)) {
        let mut words = self.own.0.any.get() as u64;
        self.own.0.any.set(0);
        while words != 0 {
            let at = words.trailing_zeros() as usize;
            words &= words - 1;
            let mut bits = self.own.0.used[at].get() as u64;
            self.own.0.used[at].set(0);
            while bits != 0 {
                let (stack, change) = self.entries[at * 64 + bits.trailing_zeros() as usize].take();
                bits &= bits - 1;
                settle(stack, change);
            }
        }
        self.own.0.net.set(0);
        self.own.0.credit.set(0);
    }

    pub(crate) fn grant(&self, credit: i64) {
        self.own.0.credit.set(credit);
    }

    pub(crate) fn close(&self) {
        self.own.0.closed.set(1);
    }

    pub(crate) fn is_taken(&self) -> bool {
        self.taken.0.get() != 0
    }

    pub(crate) fn set_taken(&self, taken: bool) {
        self.taken.0.set(i64::from(taken));
    }

    /// The entries in use, for a reader who has the slot to itself.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u32, Change)> {
        self.entries.iter().map(Entry::read).filter(|(stack, _)| *stack != 0)
    }
}

impl<P: Primitives> Entry<P> {
    fn read(&self) -> (u32, Change) {
        let change = Change {
            live_bytes: self.live_bytes.get(),
            live_blocks: self.live_blocks.get(),
            total_bytes: self.total_bytes.get(),
            total_blocks: self.total_blocks.get(),
        };
        (self.stack.get() as u32, change)
    }

    fn take(&self) -> (u32, Change) {
        let read = self.read();
        for word in [
            &self.stack,
            &self.live_bytes,
            &self.live_blocks,
            &self.total_bytes,
            &self.total_blocks,
        ] {
            word.set(0);
        }
        read
    }
}

impl<P: Primitives, const N: usize> Default for Slot<P, N> {
    fn default() -> Self {
        Self {
            lock: Apart::default(),
            bias: Apart::default(),
            own: Apart::default(),
            entries: std::array::from_fn(|_| Entry::default()),
            taken: Apart::default(),
        }
    }
}
