//! Which key images the pool's transactions have: an output is spent once.

use hashbrown::{HashSet, HashTable};

use super::bloom::Bloom;
use super::entry::Entry;
use super::keyed::Keyed;
use super::options::{ImageIndex, Options};

/// The low bits of a reference are the index of an input, the others a place.
const INPUT_BITS: u32 = 4;
const _: () = assert!(crate::transaction::MOST_INPUTS <= 1 << INPUT_BITS);

#[derive(Debug)]
pub(super) struct Images {
    keyed: Keyed,
    index: Index,
    filter: Option<Filter>,
}

#[derive(Debug)]
enum Index {
    /// References into the entries, so that no key image is stored twice.
    Compact(HashTable<u32>),
    Plain(HashSet<[u8; 32], Keyed>),
}

/// A filter knows what it was made for, and is made anew when it has taken in more.
#[derive(Debug)]
struct Filter {
    bits: u8,
    room: usize,
    bloom: Bloom,
}

impl Images {
    pub(super) fn new(options: &Options, seed: u64) -> Self {
        let keyed = Keyed(seed);
        let bits = options.filter_bits;
        let index = match options.images {
            ImageIndex::Compact => Index::Compact(HashTable::new()),
            ImageIndex::Plain => Index::Plain(HashSet::with_hasher(keyed)),
        };
        let filter = Filter { bits, room: 0, bloom: Bloom::new(0, bits, keyed.0) };
        Self { keyed, index, filter: (bits > 0).then_some(filter) }
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn contains(&self, image: &[u8; 32], entries: &[Entry]) -> bool {
        if self.filter.as_ref().is_some_and(|filter| !filter.bloom.may_contain(image)) {
            return false;
        }
        match &self.index {
            Index::Compact(_) => self.find(image, entries).is_some(),
            Index::Plain(images) => images.contains(image),
        }
    }

    /// The place of the transaction that has this image. The plain index does not know, and looks at
    /// each.
    pub(super) fn find(&self, image: &[u8; 32], entries: &[Entry]) -> Option<usize> {
        match &self.index {
            Index::Compact(table) => {
                let here = |one: &u32| image_of(*one, entries) == image;
                let found = table.find(self.keyed.hash(image), here)?;
                Some((found >> INPUT_BITS) as usize)
            }
            Index::Plain(images) if !images.contains(image) => None,
            Index::Plain(_) => entries.iter().position(|entry| {
                entry.transaction.inputs().iter().any(|input| input.key_image() == image)
            }),
        }
    }

    pub(super) fn insert(&mut self, place: usize, entries: &[Entry]) {
        let keyed = self.keyed;
        for (input, one) in entries[place].transaction.inputs().iter().enumerate() {
            match &mut self.index {
                Index::Compact(table) => {
                    let hash = |one: &u32| keyed.hash(image_of(*one, entries));
                    let one = (place as u32) << INPUT_BITS | input as u32;
                    table.insert_unique(hash(&one), one, hash);
                }
                Index::Plain(images) => drop(images.insert(*one.key_image())),
            }
        }
        if let Some(filter) = &mut self.filter {
            filter.insert(place, entries, &self.index, keyed);
        }
    }

    /// Forgets the images of the transaction at `place`.
    pub(super) fn remove(&mut self, place: usize, entries: &[Entry]) {
        for input in entries[place].transaction.inputs() {
            match &mut self.index {
                Index::Compact(table) => {
                    let hash = self.keyed.hash(input.key_image());
                    let here = |one: &u32| image_of(*one, entries) == input.key_image();
                    if let Ok(found) = table.find_entry(hash, here) {
                        found.remove();
                    }
                }
                Index::Plain(images) => drop(images.remove(input.key_image())),
            }
        }
    }

    /// The transaction at `from` is to be found at `to`; `entries` are those before it moves.
    pub(super) fn moved(&mut self, from: usize, to: usize, entries: &[Entry]) {
        let Index::Compact(table) = &mut self.index else { return };
        for (input, one) in entries[from].transaction.inputs().iter().enumerate() {
            let old = (from as u32) << INPUT_BITS | input as u32;
            let hash = self.keyed.hash(one.key_image());
            if let Some(one) = table.find_mut(hash, |one| *one == old) {
                *one = (to as u32) << INPUT_BITS | input as u32;
            }
        }
    }

    pub(super) fn shrink(&mut self, entries: &[Entry]) {
        let keyed = self.keyed;
        match &mut self.index {
            Index::Compact(table) => {
                table.shrink_to(2 * table.len(), |one| keyed.hash(image_of(*one, entries)));
            }
            Index::Plain(images) => images.shrink_to(2 * images.len()),
        }
        if let Some(filter) = &mut self.filter {
            let room = 2 * self.index.len();
            *filter = Filter::over(&self.index, entries, room, filter.bits, keyed);
        }
    }

    pub(super) fn heap_size(&self) -> usize {
        match &self.index {
            Index::Compact(table) => table.allocation_size(),
            Index::Plain(images) => images.allocation_size(),
        }
    }

    pub(super) fn filter_size(&self) -> usize {
        self.filter.as_ref().map_or(0, |filter| filter.bloom.heap_size())
    }
}

impl Index {
    fn len(&self) -> usize {
        match self {
            Self::Compact(table) => table.len(),
            Self::Plain(images) => images.len(),
        }
    }

    fn for_each(&self, entries: &[Entry], mut each: impl FnMut(&[u8; 32])) {
        match self {
            Self::Compact(table) => table.iter().for_each(|one| each(image_of(*one, entries))),
            Self::Plain(images) => images.iter().for_each(each),
        }
    }
}

impl Filter {
    fn over(index: &Index, entries: &[Entry], room: usize, bits: u8, keyed: Keyed) -> Self {
        let mut bloom = Bloom::new(room, bits, keyed.0);
        index.for_each(entries, |image| bloom.insert(image));
        Self { bits, room, bloom }
    }

    fn insert(&mut self, place: usize, entries: &[Entry], index: &Index, keyed: Keyed) {
        let inputs = entries[place].transaction.inputs();
        match self.bloom.inserted() + inputs.len() > self.room {
            true => {
                let room = (2 * index.len()).max(64);
                *self = Self::over(index, entries, room, self.bits, keyed);
            }
            false => inputs.iter().for_each(|input| self.bloom.insert(input.key_image())),
        }
    }
}

fn image_of(reference: u32, entries: &[Entry]) -> &[u8; 32] {
    let input = (reference & ((1 << INPUT_BITS) - 1)) as usize;
    entries[(reference >> INPUT_BITS) as usize].transaction.inputs()[input].key_image()
}
