//! The transactions that wait for a block.
//!
//! The pool holds verified transactions, shared with the blocks that are built from them, and four small
//! indices that refer into it: by id, by key image, by fee, and by place. It reads no clock.

mod bloom;
mod entry;
mod fees;
mod ids;
mod images;
mod keyed;
mod options;
mod removal;
mod template;
mod usage;

use rand_core::{OsRng, RngCore as _};

pub use self::bloom::Bloom;
use self::entry::Entry;
use self::fees::Fees;
use self::ids::Ids;
use self::images::Images;
pub use self::options::{ImageIndex, Options};
pub use self::template::{Limits, Sharing};
pub use self::usage::Usage;
use crate::chain::Chain;
use crate::crypto::{Expanded, Verified};
use crate::{Error, Hex, Result, Transaction};

/// Verified transactions, at most so many, those with the highest fees.
#[derive(Debug)]
pub struct Mempool {
    options: Options,
    entries: Vec<Entry>,
    /// Beside `entries`, if signatures are kept expanded.
    expanded: Vec<Expanded>,
    ids: Ids,
    images: Images,
    fees: Fees,
    mintings: usize,
    inputs: usize,
    encoded_bytes: usize,
    transaction_bytes: usize,
    /// Wide enough for the fees of as many transactions as there may be.
    fees_paid: u128,
}

/// A transaction that was let in, and the one that left for it.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Its id.
    pub id: Hex,
    /// The transaction that was evicted, if the pool was full.
    pub evicted: Option<Verified>,
}

impl Mempool {
    /// An empty pool, which allocates nothing.
    pub fn new(options: Options) -> Self {
        let seed = seed(&options);
        Self {
            entries: Vec::new(),
            expanded: Vec::new(),
            ids: Ids::new(seed),
            images: Images::new(&options, seed.wrapping_add(1)),
            fees: Fees::default(),
            mintings: 0,
            inputs: 0,
            encoded_bytes: 0,
            transaction_bytes: 0,
            fees_paid: 0,
            options,
        }
    }

    /// Checks whether a transaction could be let in if its signatures held. These checks are cheap, and come before
    /// verification. They read the chain once for every key image, member and output.
    ///
    /// # Errors
    /// [`Error::Known`], [`Error::Conflict`], [`Error::Spent`], [`Error::UnknownOutput`],
    /// [`Error::KnownOutput`] or [`Error::PoolFull`]; or that the chain cannot be read.
    pub fn check(&self, transaction: &Transaction, chain: &impl Chain) -> Result<()> {
        let id = transaction.id();
        if self.contains(&id) {
            return Err(Error::Known { id });
        }
        for (at, input) in transaction.inputs().iter().enumerate() {
            let image = Hex(*input.key_image());
            if self.images.contains(&image.0, &self.entries) {
                return Err(Error::Conflict { image });
            }
            if chain.is_spent(&image.0)? {
                return Err(Error::Spent { image });
            }
            for member in input.ring() {
                if !chain.has_output(member)? {
                    let key = Hex(member.target_key);
                    return Err(Error::UnknownOutput { input: at, key });
                }
            }
        }
        for (at, output) in transaction.outputs().iter().enumerate() {
            if chain.has_key(&output.target_key)? {
                return Err(Error::KnownOutput { output: at, key: Hex(output.target_key) });
            }
        }
        if let Transaction::Minting(minting) = transaction
            && minting.minted().height <= chain.height()?
        {
            let (read, expected) = (minting.minted().height, chain.height()? + 1);
            let (read, expected) = (read.to_string(), expected.to_string());
            return Err(Error::Discontinuous { what: "height", read, expected });
        }
        self.check_room(transaction.fee_rate())
    }

    fn check_room(&self, offered: u64) -> Result<()> {
        let lowest = self.fees.lowest().map(|place| self.entries[place].rate);
        match lowest {
            _ if self.options.capacity == 0 => Err(Error::PoolFull { lowest: u64::MAX, offered }),
            Some(lowest) if self.is_full() && offered <= lowest => {
                Err(Error::PoolFull { lowest, offered })
            }
            _ => Ok(()),
        }
    }

    /// Lets a verified transaction in at the time `now`, in seconds. If the pool is full, the lowest
    /// fee rate goes, and among the lowest the newest: but only for a higher one, and only once there
    /// is nothing left for which this one could be refused.
    ///
    /// # Errors
    /// As [`check`](Self::check), and [`Error::Signature`] if the pool expands signatures and a point
    /// is none. The pool is then as it was.
    pub fn admit(
        &mut self,
        transaction: Verified,
        chain: &impl Chain,
        now: u64,
    ) -> Result<Admitted> {
        let _span = tracing::info_span!("admit").entered();
        self.check(&transaction, chain)?;
        let id = transaction.id();
        let expanded = match self.options.expand {
            true => Some(Expanded::of(&transaction)?),
            false => None,
        };
        let evicted = if self.is_full() { self.evict_lowest() } else { None };
        self.insert(Entry::new(transaction, &id, now), expanded);
        Ok(Admitted { id, evicted })
    }

    fn insert(&mut self, entry: Entry, expanded: Option<Expanded>) {
        let place = self.entries.len();
        self.count(&entry, true);
        self.make_room(place);
        self.entries.push(entry);
        self.expanded.extend(expanded);
        self.ids.insert(place, &self.entries);
        self.images.insert(place, &self.entries);
        self.fees.insert(place, &mut self.entries, self.options.capacity);
    }

    fn make_room(&mut self, place: usize) {
        if place == self.entries.capacity() {
            let more = (place / 8).max(16).min(self.options.capacity - place);
            self.entries.reserve_exact(more);
            self.expanded.reserve_exact(if self.options.expand { more } else { 0 });
        }
    }

    fn count(&mut self, entry: &Entry, comes: bool) {
        let with = |sum: &mut usize, number: usize| {
            *sum = if comes { *sum + number } else { *sum - number }
        };
        with(
            &mut self.mintings,
            usize::from(matches!(*entry.transaction, Transaction::Minting(_))),
        );
        with(&mut self.inputs, entry.transaction.inputs().len());
        with(&mut self.encoded_bytes, entry.transaction.estimate_size());
        with(&mut self.transaction_bytes, usage::shared_bytes(&entry.transaction));
        let fee = u128::from(entry.transaction.fee());
        self.fees_paid = if comes { self.fees_paid + fee } else { self.fees_paid - fee };
    }

    /// How many transactions.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn is_full(&self) -> bool {
        self.entries.len() >= self.options.capacity
    }

    /// The most transactions.
    pub fn capacity(&self) -> usize {
        self.options.capacity
    }

    /// How long the encodings of all its transactions are, in bytes.
    pub fn encoded_bytes(&self) -> usize {
        self.encoded_bytes
    }

    /// The sum of the fees of its transactions, at most `u64::MAX`.
    pub fn total_fees(&self) -> u64 {
        u64::try_from(self.fees_paid).unwrap_or(u64::MAX)
    }

    /// How many key images are indexed. They are [`inputs`](Self::inputs), or some were forgotten.
    pub fn key_images(&self) -> usize {
        self.images.len()
    }

    /// How many inputs its transactions have.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Whether it holds the transaction of this id.
    pub fn contains(&self, id: &Hex) -> bool {
        self.ids.find(id, &self.entries).is_some()
    }

    /// Whether one of its transactions has this key image.
    pub fn spends(&self, key_image: &[u8; 32]) -> bool {
        self.images.contains(key_image, &self.entries)
    }

    /// The transaction of this id.
    pub fn get(&self, id: &Hex) -> Option<&Verified> {
        self.ids.find(id, &self.entries).map(|place| &self.entries[place].transaction)
    }

    /// The lowest fee rate in the pool, per 1,000 bytes.
    pub fn lowest_rate(&self) -> Option<u64> {
        self.fees.lowest().map(|place| self.entries[place].rate)
    }

    /// The transactions, in no order that means anything.
    pub fn transactions(&self) -> impl ExactSizeIterator<Item = &Verified> {
        self.entries.iter().map(|entry| &entry.transaction)
    }
}

/// The seed of the options, or a random one.
fn seed(options: &Options) -> u64 {
    options.hash_seed.unwrap_or_else(|| OsRng.next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_seed_is_drawn_unless_it_is_given() {
        let plain = Options::default();
        assert_ne!(seed(&plain), seed(&plain));
        assert_eq!(seed(&Options { hash_seed: Some(5), ..plain }), 5);
    }
}
