//! Where in the pool the transaction of an id stands.

use hashbrown::HashTable;

use super::entry::{Entry, prefix};
use super::keyed::Keyed;
use crate::Hex;

#[derive(Debug)]
pub(super) struct Ids {
    keyed: Keyed,
    table: HashTable<u32>,
}

impl Ids {
    pub(super) fn new(seed: u64) -> Self {
        Self { keyed: Keyed(seed), table: HashTable::new() }
    }

    fn hash(keyed: Keyed, prefix: u64) -> u64 {
        keyed.hash(&prefix.to_le_bytes())
    }

    pub(super) fn find(&self, id: &Hex, entries: &[Entry]) -> Option<usize> {
        let prefix = prefix(id);
        let here = |place: &u32| {
            let entry = &entries[*place as usize];
            entry.prefix == prefix && entry.transaction.id() == *id
        };
        self.table.find(Self::hash(self.keyed, prefix), here).map(|place| *place as usize)
    }

    pub(super) fn insert(&mut self, place: usize, entries: &[Entry]) {
        let keyed = self.keyed;
        let hash = |place: &u32| Self::hash(keyed, entries[*place as usize].prefix);
        self.table.insert_unique(hash(&(place as u32)), place as u32, hash);
    }

    pub(super) fn remove(&mut self, place: usize, entries: &[Entry]) {
        let hash = Self::hash(self.keyed, entries[place].prefix);
        if let Ok(found) = self.table.find_entry(hash, |one| *one as usize == place) {
            found.remove();
        }
    }

    /// The transaction at `from` is to be found at `to`; `entries` are those before it moves.
    pub(super) fn moved(&mut self, from: usize, to: usize, entries: &[Entry]) {
        let hash = Self::hash(self.keyed, entries[from].prefix);
        if let Some(place) = self.table.find_mut(hash, |place| *place as usize == from) {
            *place = to as u32;
        }
    }

    pub(super) fn shrink(&mut self, entries: &[Entry]) {
        let keyed = self.keyed;
        let hash = |place: &u32| Self::hash(keyed, entries[*place as usize].prefix);
        self.table.shrink_to(2 * entries.len(), hash);
    }

    pub(super) fn heap_size(&self) -> usize {
        self.table.allocation_size()
    }
}
