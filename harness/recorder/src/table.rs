//! The table of call stacks: each is kept once, and has a number.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::fingerprint::Fingerprint;
use crate::folded::Folded;
use crate::header::{Header, lose};
use crate::primitives::Lock as _;
use crate::tag::UNPLACED;

/// Where the frames of a stack lie. Never changed once its number stands in a bucket.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Record {
    start: AtomicU32,
    count: AtomicU32,
}

/// A stack's fingerprint and number, in a quarter of a cache line: all that is read to find it.
#[derive(Debug, Default)]
#[repr(C, align(16))]
pub(crate) struct Bucket {
    first: AtomicU64,
    second: AtomicU32,
    /// 0 in an empty one.
    number: AtomicU32,
}

impl Bucket {
    #[inline]
    fn is(&self, fingerprint: Fingerprint) -> bool {
        self.first.load(Ordering::Relaxed) == fingerprint.first
            && self.second.load(Ordering::Relaxed) == fingerprint.second
    }
}

/// Open addressing over fingerprints. Looking up takes no lock: a number is published, with
/// release, after everything that it leads to. Only an insertion locks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    pub(crate) header: &'a Header,
    pub(crate) records: &'a [Record],
    /// A power of two of them, and more than there can be stacks.
    pub(crate) buckets: &'a [Bucket],
    pub(crate) frames: &'a [AtomicU64],
}

enum Probe<'a> {
    Found(u32),
    Free(&'a Bucket),
}

impl<'a> Table<'a> {
    /// The number of the stack with the first `depth` of these frames, which are gone through a
    /// second time if it is new.
    ///
    /// What lies beyond an address of 0 is hashed and not kept, so that equal frames may then have
    /// two numbers: to look for it at every event would cost more than a nanosecond.
    #[inline(always)]
    pub(crate) fn number_of(&self, frames: impl Iterator<Item = u64> + Clone, depth: usize) -> u32 {
        let fingerprint = Fingerprint::of(frames.clone().take(depth));
        match self.probe(fingerprint) {
            Some(Probe::Found(number)) => number,
            _ => self.number_of_new(frames, depth, fingerprint),
        }
    }

    /// Recursion, and threads that take each other's work, go through the same few calls in ever
    /// new orders: what is nearly full keeps each call of a stack once.
    #[cold]
    fn number_of_new(
        &self,
        frames: impl Iterator<Item = u64>,
        depth: usize,
        fingerprint: Fingerprint,
    ) -> u32 {
        if !self.is_nearly_full() {
            return self.insert(frames.take(depth), fingerprint);
        }
        let folded = Folded::of(frames, depth);
        let fingerprint = Fingerprint::of(folded.frames());
        if let Some(Probe::Found(number)) = self.probe(fingerprint) {
            return number;
        }
        let number = self.insert(folded.frames(), fingerprint);
        if folded.has_lost && number != UNPLACED {
            self.header.insertion.0.folded.fetch_add(1, Ordering::Relaxed);
        }
        number
    }

    fn is_nearly_full(&self) -> bool {
        let nearly = |used: &AtomicU32, room: usize| {
            used.load(Ordering::Relaxed) as usize >= room - room / 4
        };
        let insertion = &self.header.insertion.0;
        nearly(&insertion.last_stack, self.records.len())
            || nearly(&insertion.used_frames, self.frames.len())
    }

    /// The highest number that was given so far.
    pub(crate) fn last(&self) -> u32 {
        let last = self.header.insertion.0.last_stack.load(Ordering::Relaxed);
        last.min(self.records.len() as u32 - 1)
    }

    /// The frames with this number; empty when the file does not say otherwise.
    pub(crate) fn frames_of(&self, number: u32) -> impl Iterator<Item = u64> + use<'a> {
        let record = self.records.get(number as usize);
        let range = record.map_or(0..0, |record| {
            let start = record.start.load(Ordering::Relaxed) as usize;
            start..start + record.count.load(Ordering::Relaxed) as usize
        });
        self.frames.get(range).unwrap_or_default().iter().map(|word| word.load(Ordering::Relaxed))
    }

    /// `None` when every bucket is another stack's, which a sound table never shows.
    #[inline]
    fn probe(&self, fingerprint: Fingerprint) -> Option<Probe<'a>> {
        let mask = self.buckets.len() - 1;
        let mut at = fingerprint.first as usize;
        for _ in 0..self.buckets.len() {
            let bucket = self.buckets.get(at & mask)?;
            match bucket.number.load(Ordering::Acquire) {
                0 => return Some(Probe::Free(bucket)),
                number if bucket.is(fingerprint) => return Some(Probe::Found(number)),
                _ => at += 1,
            }
        }
        None
    }

    #[cold]
    fn insert(&self, frames: impl Iterator<Item = u64>, fingerprint: Fingerprint) -> u32 {
        let insertion = &self.header.insertion.0;
        let losses = &self.header.losses.0;
        let _lock = insertion.lock.hold();
        let bucket = match self.probe(fingerprint) {
            Some(Probe::Found(number)) => return number,
            Some(Probe::Free(bucket)) => bucket,
            None => return UNPLACED,
        };
        let number = insertion.last_stack.load(Ordering::Relaxed) + 1;
        let Some(record) = self.records.get(number as usize) else {
            lose(&losses.stacks_full);
            return UNPLACED;
        };
        let start = insertion.used_frames.load(Ordering::Relaxed);
        let mut places = self.frames.iter().skip(start as usize);
        let mut end = start;
        // A thread's first function returns to nowhere.
        for frame in frames.take_while(|address| *address != 0) {
            let Some(place) = places.next() else {
                lose(&losses.frames_full);
                return UNPLACED;
            };
            place.store(frame, Ordering::Relaxed);
            end += 1;
        }
        record.start.store(start, Ordering::Relaxed);
        record.count.store(end - start, Ordering::Relaxed);
        insertion.used_frames.store(end, Ordering::Relaxed);
        insertion.last_stack.store(number, Ordering::Relaxed);
        bucket.first.store(fingerprint.first, Ordering::Relaxed);
        bucket.second.store(fingerprint.second, Ordering::Relaxed);
        bucket.number.store(number, Ordering::Release);
        number
    }
}

#[cfg(test)]
mod tests;
