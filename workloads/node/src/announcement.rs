//! A block as it is gossiped: its header, and which of the transactions that everybody has it is made
//! of.

use crate::block::{self, HEADER_BYTES, Header, ID_BYTES, MOST_TRANSACTIONS};
use crate::codec::{Reader, Sink as _};
use crate::net::LONGEST_MESSAGE_BYTES;
use crate::{Block, Error, Hex, Mempool, Result};

const _: () = assert!(HEADER_BYTES + ID_BYTES * MOST_TRANSACTIONS <= LONGEST_MESSAGE_BYTES);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Announcement {
    pub(crate) header: Header,
    ids: Vec<Hex>,
}

impl Announcement {
    pub(crate) fn of(block: &Block) -> Self {
        let ids = block.transactions().iter().map(|transaction| transaction.id());
        Self { header: *block.header(), ids: ids.collect() }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.header.encode_to(&mut bytes);
        self.ids.iter().for_each(|id| bytes.put(&id.0));
        bytes
    }

    /// Decodes one, whose ids are then those that its header names.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Reader::new(bytes);
        let header = Header::read(&mut from)?;
        let transactions = header.transactions as usize;
        block::at_most("a number of transactions", transactions, MOST_TRANSACTIONS)?;
        let ids = (0..header.transactions).map(|_| from.array("an id").map(Hex));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        from.end()?;
        match block::content(ids.iter().copied()) == header.content {
            true => Ok(Self { header, ids }),
            false => Err(Error::invalid("the announced ids are not those of the block's header")),
        }
    }

    /// The ids of the block's transactions.
    pub(crate) fn ids(&self) -> &[Hex] {
        &self.ids
    }

    /// The block, if the pool has all of its transactions.
    pub(crate) fn block(&self, pool: &Mempool) -> Option<Block> {
        let transactions = self.ids.iter().map(|id| pool.get(id).cloned());
        let Header { height, parent, time, .. } = self.header;
        Some(Block::new(height, parent, time, transactions.collect::<Option<_>>()?))
    }
}
