//! Removes rings and signatures from final blocks.

use heed::RwTxn;

use super::Ledger;
use super::record::{self, Body, Tip};

/// More than one, so that a ledger that was opened without pruning catches up.
const AT_A_TIME: u64 = 2;

impl Ledger {
    /// Prunes the blocks that `tip` makes final, up to two; up to which height blocks are pruned then.
    pub(super) fn prune(&self, writing: &mut RwTxn<'_>, tip: &Tip) -> heed::Result<u64> {
        let Some(depth) = self.options.finality_depth else { return Ok(tip.pruned) };
        let last = tip.height.saturating_sub(depth).min(tip.pruned + AT_A_TIME);
        for height in tip.pruned + 1..=last {
            let key = height.to_be_bytes();
            let record = self.tables.blocks.get(writing, &key)?;
            let Some(Ok(block)) = record.map(record::block) else { continue };
            if let Body::Whole(transactions) = block.body {
                let pruned = record::pruned(&block.header, &transactions);
                self.tables.blocks.put(writing, &key, &pruned)?;
            }
        }
        Ok(last.max(tip.pruned))
    }
}
