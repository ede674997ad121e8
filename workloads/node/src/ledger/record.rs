//! The records in the tables.

use crate::block::Header;
use crate::codec::{Reader, Sink as _};
use crate::transaction::{Member, Output};
use crate::{Error, Hex, Result, Transaction};

const WHOLE: u8 = 0;
const PRUNED: u8 = 1;

/// A block of the chain.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its header.
    pub header: Header,
    /// Its transactions, or the rest of them.
    pub body: Body,
}

/// The content of a block, before and after it is final.
#[derive(Clone, Debug)]
pub enum Body {
    /// Its transactions.
    Whole(Vec<Transaction>),
    /// The rest of its transactions: their key images and their outputs.
    Pruned {
        /// The key images of spent outputs.
        key_images: Vec<Hex>,
        /// The outputs, in which wallets look for their own.
        outputs: Vec<Output>,
    },
}

/// The last block, and up to which height blocks are pruned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tip {
    pub(super) height: u64,
    pub(super) hash: Hex,
    pub(super) pruned: u64,
}

impl Tip {
    pub(super) fn genesis(id: Hex) -> Self {
        Self { height: 0, hash: id, pruned: 0 }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let (height, pruned) = (self.height.to_le_bytes(), self.pruned.to_le_bytes());
        [&height, self.hash.0.as_slice(), &pruned].concat()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Reader::new(bytes);
        let height = from.number("a height")?;
        let hash = Hex(from.array("a hash")?);
        let tip = Self { height, hash, pruned: from.number("a height")? };
        from.end().map(|()| tip)
    }
}

/// An output under its target key: all but its memo and ciphertext, which stay in the block.
pub(super) fn output(output: &Output, member: &Member, height: u64) -> Vec<u8> {
    let mut record = Vec::with_capacity(88);
    record.put(&member.public_key);
    record.put(&member.commitment);
    record.put(&output.amount.to_le_bytes());
    record.put(&output.cluster.to_le_bytes());
    record.put(&height.to_le_bytes());
    record
}

pub(super) fn is_member(record: &[u8], member: &Member) -> bool {
    record.starts_with(&member.public_key) && record[32..].starts_with(&member.commitment)
}

pub(super) fn whole(block: &crate::Block) -> Vec<u8> {
    let mut record = vec![WHOLE];
    record.extend(block.encode());
    record
}

pub(super) fn pruned(header: &Header, transactions: &[Transaction]) -> Vec<u8> {
    let inputs = || transactions.iter().flat_map(Transaction::inputs);
    let outputs = || transactions.iter().flat_map(Transaction::outputs);
    let mut record = vec![PRUNED];
    header.encode_to(&mut record);
    record.put(&(inputs().count() as u32).to_le_bytes());
    inputs().for_each(|input| record.put(input.key_image()));
    record.put(&(outputs().count() as u32).to_le_bytes());
    outputs().for_each(|output| output.encode_to(&mut record));
    record
}

pub(super) fn block(record: &[u8]) -> Result<Stored> {
    match record.split_first() {
        Some((&WHOLE, block)) => {
            let (header, transactions) = crate::block::decode(block)?;
            Ok(Stored { header, body: Body::Whole(transactions) })
        }
        Some((&PRUNED, rest)) => read_pruned(rest),
        _ => Err(Error::Encoding { at: 0, what: "a block, whole or pruned" }),
    }
}

fn read_pruned(record: &[u8]) -> Result<Stored> {
    let mut from = Reader::new(record);
    let header = Header::read(&mut from)?;
    let images = from.array("a number of key images").map(u32::from_le_bytes)?;
    let key_images =
        (0..images).map(|_| from.array("a key image").map(Hex)).collect::<Result<_>>()?;
    let outputs = from.array("a number of outputs").map(u32::from_le_bytes)?;
    let outputs = (0..outputs).map(|_| Output::read(&mut from)).collect::<Result<_>>()?;
    from.end()?;
    Ok(Stored { header, body: Body::Pruned { key_images, outputs } })
}

pub(super) fn hash(record: &[u8]) -> Result<Hex> {
    let mut from = Reader::new(record);
    let hash = from.array("a hash").map(Hex)?;
    from.end().map(|()| hash)
}
