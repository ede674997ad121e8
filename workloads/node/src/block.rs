//! A block: what is added to the chain at once.

use sha2::{Digest as _, Sha256};

use crate::codec::{Reader, Sink};
use crate::crypto::Verified;
use crate::transaction::LONGEST_BYTES;
use crate::{Error, Hex, Result, Transaction};

/// The most transactions of a block: 2,727. An announcement names each, and is no longer than the longest
/// transaction, for which gossip has room.
pub const MOST_TRANSACTIONS: usize = (LONGEST_BYTES - HEADER_BYTES) / ID_BYTES;
/// The most bytes of the encodings of a block's transactions. A ledger has them in memory twice more while
/// it adds a block, so this bounds what a block that a stranger announces can cost: 32 MiB.
pub const MOST_BYTES: usize = 16 << 20;
pub(crate) const HEADER_BYTES: usize = 8 + 32 + 8 + 32 + 4;
pub(crate) const ID_BYTES: usize = 32;

/// The header of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its place in the chain; the genesis has 0.
    pub height: u64,
    /// The hash of the block before, or the id of the genesis.
    pub parent: Hex,
    /// When it was made, in seconds.
    pub time: u64,
    /// The hash of the ids of its transactions.
    pub content: Hex,
    /// How many transactions it has.
    pub transactions: u32,
}

/// A block of verified transactions.
#[derive(Clone, Debug)]
pub struct Block {
    header: Header,
    transactions: Vec<Verified>,
}

impl Header {
    /// The name of the block.
    pub fn hash(&self) -> Hex {
        let mut hasher = Sha256::new();
        self.encode_to(&mut hasher);
        Hex(hasher.finalize().into())
    }

    pub(crate) fn encode_to(&self, to: &mut impl Sink) {
        to.put(&self.height.to_le_bytes());
        to.put(&self.parent.0);
        to.put(&self.time.to_le_bytes());
        to.put(&self.content.0);
        to.put(&self.transactions.to_le_bytes());
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            height: from.number("a height")?,
            parent: Hex(from.array("a parent's hash")?),
            time: from.number("a time")?,
            content: Hex(from.array("a hash of the content")?),
            transactions: from.array("a number of transactions").map(u32::from_le_bytes)?,
        })
    }
}

impl Block {
    /// The block that continues `parent` at `height`.
    pub fn new(height: u64, parent: Hex, time: u64, transactions: Vec<Verified>) -> Self {
        let ids = transactions.iter().map(|transaction| transaction.id());
        let content = content(ids);
        let header =
            Header { height, parent, time, content, transactions: transactions.len() as u32 };
        Self { header, transactions }
    }

    /// Its header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The transactions, in the order in which they are applied.
    pub fn transactions(&self) -> &[Verified] {
        &self.transactions
    }

    /// Checks that it is no larger than is allowed, and mints at most once, in its own place.
    ///
    /// # Errors
    /// [`Error::Size`] or [`Error::Invalid`].
    pub(crate) fn check(&self) -> Result<()> {
        let bytes = self.transactions.iter().map(|transaction| transaction.estimate_size()).sum();
        at_most("a number of transactions", self.transactions.len(), MOST_TRANSACTIONS)?;
        at_most("a block in bytes", bytes, MOST_BYTES)?;
        let Header { height, parent, .. } = self.header;
        let mintings = self.transactions.iter().filter_map(|transaction| match &**transaction {
            Transaction::Minting(minting) => Some(minting.minted()),
            Transaction::Private(_) => None,
        });
        for (before, minted) in mintings.enumerate() {
            if before > 0 {
                return Err(Error::invalid("it mints in a block that has minted; one may"));
            }
            if (minted.height, minted.parent) != (height, parent.0) {
                let (read, after) = (minted.height, Hex(minted.parent));
                return Err(Error::invalid(format!(
                    "it mints at height {read} after {after}; its block has {height} and {parent}"
                )));
            }
        }
        Ok(())
    }

    /// The encoding: the header, and each transaction after its length.
    pub fn encode(&self) -> Vec<u8> {
        let sizes = self.transactions.iter().map(|transaction| 4 + transaction.estimate_size());
        let mut bytes = Vec::with_capacity(HEADER_BYTES + sizes.sum::<usize>());
        self.header.encode_to(&mut bytes);
        for transaction in &self.transactions {
            bytes.put(&(transaction.estimate_size() as u32).to_le_bytes());
            transaction.encode_to(&mut bytes);
        }
        bytes
    }
}

/// Decodes a header and its transactions, none of which is verified yet.
///
/// # Errors
/// [`Error::Encoding`] if the bytes are no block, or [`Error::Invalid`] if its transactions are not
/// those that its header names.
pub fn decode(bytes: &[u8]) -> Result<(Header, Vec<Transaction>)> {
    let mut reader = Reader::new(bytes);
    let header = Header::read(&mut reader)?;
    at_most("a number of transactions", header.transactions as usize, MOST_TRANSACTIONS)?;
    let mut transactions = Vec::new();
    for _ in 0..header.transactions {
        let at = reader.at();
        let length = reader.array("a length").map(u32::from_le_bytes)? as usize;
        if length > LONGEST_BYTES {
            return Err(Error::Encoding { at, what: "the length of a transaction" });
        }
        transactions.push(Transaction::decode(reader.take(length, "a transaction")?)?);
    }
    reader.end()?;
    match content(transactions.iter().map(Transaction::id)) == header.content {
        true => Ok((header, transactions)),
        false => Err(Error::invalid("the block's transactions are not those of its header")),
    }
}

pub(crate) fn at_most(what: &'static str, read: usize, most: usize) -> Result<()> {
    match read <= most {
        true => Ok(()),
        false => Err(Error::Size { what, read: read as u64, least: 0, most: most as u64 }),
    }
}

pub(crate) fn content(ids: impl Iterator<Item = Hex>) -> Hex {
    let mut hasher = Sha256::new();
    ids.for_each(|id| hasher.update(id.0));
    Hex(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::transaction::{Output, Private};

    /// A transaction of 12 bytes, and 1,235 for each output.
    fn transaction(fee: u64, outputs: usize) -> Verified {
        let memo = Some(Box::new([0; 66]));
        let ciphertext = Some(Box::new([0; 1088]));
        let (target_key, public_key) = ([0; 32], [0; 32]);
        let output = Output { amount: 1, target_key, public_key, cluster: 0, memo, ciphertext };
        let private = Private::new(fee, Box::new([]), vec![output; outputs].into());
        Verified::assume(Arc::new(private.into()))
    }

    /// 16 outputs of 1,235 bytes and 12 are 19,772 bytes, of which 848 fit 16 MiB.
    #[test]
    fn too_large_block_is_refused() {
        let parent = Hex([0; 32]);
        let check = |transactions| Block::new(1, parent, 0, transactions).check();
        let (small, large) = (transaction(1, 0), transaction(1, 16));
        assert_eq!(large.estimate_size(), 19_772);
        assert!(check(vec![small.clone(); 2727]).is_ok());
        assert!(matches!(
            check(vec![small; 2728]),
            Err(Error::Size { read: 2728, most: 2727, .. })
        ));
        assert!(check(vec![large.clone(); 848]).is_ok());
        assert!(matches!(check(vec![large; 849]), Err(Error::Size { read: 16_786_428, .. })));
    }
}
