//! The transactions for the next block.

use serde::{Deserialize, Serialize};

use super::Mempool;
use crate::crypto::Verified;
use crate::transaction::Minted;
use crate::{Hex, Transaction};

/// How large a block may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The most transactions.
    pub transactions: usize,
    /// The most bytes of their encodings.
    pub bytes: usize,
}

impl Default for Limits {
    /// 200 transactions, 4 MiB.
    fn default() -> Self {
        Self { transactions: 200, bytes: 4 << 20 }
    }
}

/// Whether a template shares its transactions with the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sharing {
    /// The pool's.
    Shared,
    /// Its own: every transaction is copied.
    Cloned,
}

impl Mempool {
    /// The transactions that pay most, within the limits; the pool keeps them until they are
    /// [confirmed](Self::confirm). Of minting transactions there is one at most, for the block at
    /// `height` that continues `parent`.
    pub fn template(
        &self,
        height: u64,
        parent: &Hex,
        limits: Limits,
        sharing: Sharing,
    ) -> Vec<Verified> {
        let _span = tracing::info_span!("build_block").entered();
        let mut places: Vec<u32> = (0..self.entries.len() as u32).collect();
        places.sort_unstable_by_key(|place| {
            let entry = &self.entries[*place as usize];
            (std::cmp::Reverse(entry.rate), entry.arrived, entry.prefix)
        });
        let mut template = Vec::with_capacity(limits.transactions.min(places.len()));
        let (mut bytes, mut minted) = (0, false);
        for place in places {
            let transaction = &self.entries[place as usize].transaction;
            let size = transaction.estimate_size();
            let minting = match &**transaction {
                Transaction::Minting(minting) => Some(minting.minted()),
                Transaction::Private(_) => None,
            };
            let elsewhere = |of: &Minted| (of.height, of.parent) != (height, parent.0);
            if bytes + size > limits.bytes || minting.is_some_and(|of| minted || elsewhere(of)) {
                continue;
            }
            if template.len() == limits.transactions {
                break;
            }
            bytes += size;
            minted |= minting.is_some();
            template.push(match sharing {
                Sharing::Shared => transaction.clone(),
                Sharing::Cloned => transaction.deep_clone(),
            });
        }
        template
    }
}
