//! The transaction with the lowest fee: a binary heap of places, in which every transaction knows its rank.
//!
//! Four bytes for each, and its size is its capacity: a tree map would need 24 bytes and more, and
//! does not report how many.

use std::cmp::Reverse;

use super::entry::Entry;

#[derive(Debug, Default)]
pub(super) struct Fees {
    heap: Vec<u32>,
}

impl Fees {
    pub(super) fn lowest(&self) -> Option<usize> {
        self.heap.first().map(|place| *place as usize)
    }

    pub(super) fn insert(&mut self, place: usize, entries: &mut [Entry], capacity: usize) {
        let rank = self.heap.len();
        if rank == self.heap.capacity() {
            self.heap.reserve_exact((rank / 8).max(16).min(capacity - rank));
        }
        self.heap.push(place as u32);
        entries[place].rank = rank as u32;
        self.rise(rank, entries);
    }

    pub(super) fn remove(&mut self, place: usize, entries: &mut [Entry]) {
        let rank = entries[place].rank as usize;
        self.heap.swap_remove(rank);
        if let Some(moved) = self.heap.get(rank) {
            entries[*moved as usize].rank = rank as u32;
            self.sink(rank, entries);
            self.rise(rank, entries);
        }
    }

    /// The transaction that stands at this rank is to be found at `to`.
    pub(super) fn moved(&mut self, rank: u32, to: usize) {
        self.heap[rank as usize] = to as u32;
    }

    pub(super) fn shrink(&mut self) {
        self.heap.shrink_to(2 * self.heap.len());
    }

    pub(super) fn heap_size(&self) -> usize {
        self.heap.capacity() * size_of::<u32>()
    }

    /// The transaction that is evicted first: it has the lowest rate, and of those it is the newest.
    fn key(&self, rank: usize, entries: &[Entry]) -> (u64, Reverse<u32>) {
        let entry = &entries[self.heap[rank] as usize];
        (entry.rate, Reverse(entry.arrived))
    }

    fn rise(&mut self, mut rank: usize, entries: &mut [Entry]) {
        while rank > 0 {
            let above = (rank - 1) / 2;
            if self.key(above, entries) <= self.key(rank, entries) {
                return;
            }
            self.swap(above, rank, entries);
            rank = above;
        }
    }

    fn sink(&mut self, mut rank: usize, entries: &mut [Entry]) {
        loop {
            let below =
                [2 * rank + 1, 2 * rank + 2].into_iter().filter(|below| *below < self.heap.len());
            let Some(least) = below.min_by_key(|below| self.key(*below, entries)) else { return };
            if self.key(rank, entries) <= self.key(least, entries) {
                return;
            }
            self.swap(rank, least, entries);
            rank = least;
        }
    }

    fn swap(&mut self, one: usize, other: usize, entries: &mut [Entry]) {
        self.heap.swap(one, other);
        for rank in [one, other] {
            entries[self.heap[rank] as usize].rank = rank as u32;
        }
    }
}
