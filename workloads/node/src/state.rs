//! The state that the parts of a node share: the pool, the chain, and the rules.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::block::{MOST_BYTES, MOST_TRANSACTIONS};
use crate::crypto::Verified;
use crate::mempool::{Limits, Mempool, Sharing};
use crate::{Block, Hex, Ledger, Result, Rules, Transaction, clock};

/// A pool and a chain that change together. Who locks more than one of them takes the end first, then the
/// pool, then the chain.
#[derive(Debug)]
pub struct State {
    rules: Rules,
    pool: Mutex<Mempool>,
    ledger: Mutex<Ledger>,
    /// The end of the chain, to which one block is added at a time: a second one would be made of the same
    /// transactions, which stay in the pool until the first is on disk.
    end: Mutex<()>,
    /// Ids of transactions for which [`news`](Self::news) comes; locked last.
    awaited: Mutex<BTreeSet<Hex>>,
    news: Notify,
}

impl State {
    /// A state with this pool, which is empty, and this chain.
    pub fn new(rules: Rules, pool: Mempool, ledger: Ledger) -> Self {
        Self {
            rules,
            pool: Mutex::new(pool),
            ledger: Mutex::new(ledger),
            end: Mutex::default(),
            awaited: Mutex::default(),
            news: Notify::new(),
        }
    }

    /// The rules of the chain.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The pool, for as long as the guard lives.
    pub fn pool(&self) -> MutexGuard<'_, Mempool> {
        // A thread that panicked with the lock has not left it half changed: every step that can fail comes
        // before the first change.
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The chain, for as long as the guard lives.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a transaction into the pool: the cheap questions first, then its signatures, for which
    /// nothing is locked, then the same questions again.
    ///
    /// # Errors
    /// As [`Mempool::admit`] and [`Verified::check`].
    pub fn submit(&self, transaction: Transaction) -> Result<Hex> {
        self.pool().check(&transaction, &*self.ledger())?;
        let verified = Verified::check(Arc::new(transaction), &self.rules)?;
        let mut pool = self.pool();
        let ledger = self.ledger();
        let id = pool.admit(verified, &*ledger, clock::now())?.id;
        if self.awaited().remove(&id) {
            self.news.notify_one();
        }
        Ok(id)
    }

    /// Has [`news`](Self::news) come when one of these is let in, and forgets the ids of the call before. The
    /// caller has looked for them in the pool and has its lock, so that none comes unseen.
    pub(crate) fn wait_for(&self, _locked: &Mempool, ids: impl Iterator<Item = Hex>) {
        let mut awaited = self.awaited();
        awaited.clear();
        awaited.extend(ids);
    }

    /// Until a transaction has come that was waited for, or the chain has got longer. For one who waits.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    /// Makes the next block from the pool and adds it to the chain; `None` if there is nothing to
    /// mine. `limits` above the allowed size have no effect.
    ///
    /// # Errors
    /// As [`Ledger::commit`].
    pub fn produce(&self, limits: Limits) -> Result<Option<Block>> {
        let end = self.end();
        let (height, parent) = self.ledger().tip();
        let limits = Limits {
            transactions: limits.transactions.min(MOST_TRANSACTIONS),
            bytes: limits.bytes.min(MOST_BYTES),
        };
        let transactions = self.pool().template(height + 1, &parent, limits, Sharing::Shared);
        if transactions.is_empty() {
            return Ok(None);
        }
        let block = Block::new(height + 1, parent, clock::now(), transactions);
        self.append(&block, end)?;
        Ok(Some(block))
    }

    /// Adds a block to the chain, and takes what it mines out of the pool.
    ///
    /// # Errors
    /// As [`Ledger::commit`].
    pub fn apply(&self, block: &Block) -> Result<()> {
        self.append(block, self.end())
    }

    fn append(&self, block: &Block, _end: MutexGuard<'_, ()>) -> Result<()> {
        self.ledger().commit(block)?;
        self.pool().confirm(block.header().height, block.transactions());
        self.news.notify_one();
        Ok(())
    }

    fn end(&self) -> MutexGuard<'_, ()> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn awaited(&self) -> MutexGuard<'_, BTreeSet<Hex>> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes what has waited for too long. How many.
    pub fn expire(&self) -> usize {
        self.pool().expire(clock::now())
    }
}
