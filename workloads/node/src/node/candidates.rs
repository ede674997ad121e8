//! Blocks that were announced, and cannot be added yet.
//!
//! A peer that announces may be malicious, and an announcement costs nothing. So there are few places, a peer has
//! some of them, and what stands in one stays there until it is added, passed by the chain, or too old.

use crate::announcement::Announcement;
use crate::net::Ticket;
use crate::{Block, Hex, Mempool};

/// The most blocks that wait, and how far ahead of the chain they are. The largest are 100 kB each.
pub(super) const MOST: usize = 16;
/// The most that wait of one peer.
const MOST_OF_A_PEER: usize = MOST / 2;
/// How long a block waits, in seconds: as long as gossip remembers a message, so that no peer has to send it
/// again. After the four seconds for which gossip keeps one it is still added, but not passed on.
const LONGEST_WAIT: u64 = 30;

/// The height and the hash of the last block.
type Tip = (u64, Hex);

#[derive(Debug, Default)]
pub(super) struct Candidates(Vec<Candidate>);

#[derive(Debug)]
struct Candidate {
    announced: Announcement,
    ticket: Ticket,
    /// When it came, in seconds.
    came: u64,
    /// Which of its ids the pool lacked when it was looked at last.
    missing: Vec<u32>,
}

impl Candidates {
    /// Keeps an announcement, or gives its ticket back.
    pub(super) fn insert(
        &mut self,
        announced: Announcement,
        ticket: Ticket,
        tip: Tip,
        now: u64,
    ) -> Option<Ticket> {
        let mut same_peer = self.0.iter().filter(|one| one.ticket.source() == ticket.source());
        let refused = self.0.len() == MOST
            || same_peer.clone().count() == MOST_OF_A_PEER
            || same_peer
                .any(|one| one.place() == (announced.header.height, announced.header.parent))
            || announced.header.height > tip.0 + MOST as u64
            || has_passed(&announced, tip);
        if refused {
            return Some(ticket);
        }
        let missing = (0..announced.ids().len() as u32).collect();
        self.0.push(Candidate { announced, ticket, came: now, missing });
        None
    }

    /// Takes out those that do not continue the chain any more.
    pub(super) fn passed(&mut self, tip: Tip) -> Vec<Ticket> {
        self.take(|one| has_passed(&one.announced, tip))
    }

    /// Takes out those that have waited for too long at the time `now`, in seconds.
    pub(super) fn expired(&mut self, now: u64) -> Vec<Ticket> {
        self.take(|one| now.saturating_sub(one.came) > LONGEST_WAIT)
    }

    fn take(&mut self, goes: impl Fn(&Candidate) -> bool) -> Vec<Ticket> {
        self.0.extract_if(.., |one| goes(one)).map(|one| one.ticket).collect()
    }

    /// Takes out the first that continues the chain and has all of its transactions in the pool.
    pub(super) fn complete(&mut self, tip: Tip, pool: &Mempool) -> Option<(Block, Ticket)> {
        for at in 0..self.0.len() {
            let one = &mut self.0[at];
            if one.continues(tip)
                && let Some(block) = one.block(pool)
            {
                return Some((block, self.0.remove(at).ticket));
            }
        }
        None
    }

    /// The transactions that blocks which continue the chain wait for.
    pub(super) fn missing(&self, tip: Tip) -> impl Iterator<Item = Hex> {
        let next = self.0.iter().filter(move |one| one.continues(tip));
        next.flat_map(|one| one.missing.iter().map(|at| one.announced.ids()[*at as usize]))
    }
}

impl Candidate {
    fn place(&self) -> (u64, Hex) {
        (self.announced.header.height, self.announced.header.parent)
    }

    fn continues(&self, (height, hash): Tip) -> bool {
        self.place() == (height + 1, hash)
    }

    /// Looks for what was missing, and for all of it only once nothing is.
    fn block(&mut self, pool: &Mempool) -> Option<Block> {
        let ids = self.announced.ids();
        self.missing.retain(|at| !pool.contains(&ids[*at as usize]));
        if !self.missing.is_empty() {
            return None;
        }
        let block = self.announced.block(pool);
        if block.is_none() {
            // Something that was there has gone since, for its fee or its age.
            let lacks = |at: &u32| !pool.contains(&ids[*at as usize]);
            self.missing = (0..ids.len() as u32).filter(lacks).collect();
        }
        block
    }
}

fn has_passed(announced: &Announcement, (height, hash): Tip) -> bool {
    let header = &announced.header;
    header.height <= height || header.height == height + 1 && header.parent != hash
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Genesis;
    use crate::crypto::Verified;
    use crate::mempool::Options;
    use crate::net::PeerId;
    use crate::transaction::Private;

    const BEFORE: Hex = Hex([1; 32]);
    const OTHER: Hex = Hex([2; 32]);

    /// The one transaction of a block; others have another fee.
    fn transaction(fee: u64) -> Verified {
        Verified::assume(Arc::new(Private::new(fee, Box::new([]), Box::new([])).into()))
    }

    fn block(height: u64, parent: Hex, fee: u64) -> Announcement {
        Announcement::of(&Block::new(height, parent, 0, vec![transaction(fee)]))
    }

    /// Whether each is kept, at the beginning of a chain.
    fn keeps(candidates: &mut Candidates, peer: PeerId, blocks: &[(u64, Hex, u64)]) -> Vec<bool> {
        let each = blocks.iter().map(|(height, parent, fee)| {
            let announced = block(*height, *parent, *fee);
            candidates.insert(announced, Ticket::of(peer), (0, BEFORE), 100).is_none()
        });
        each.collect()
    }

    #[test]
    fn first_block_of_a_peer_stays_and_takes_no_place_of_others() {
        let mut candidates = Candidates::default();
        let [one, two, three] = [(); 3].map(|()| PeerId::random());
        let same_place = [(1, BEFORE, 1), (1, BEFORE, 2), (1, BEFORE, 1)];
        assert_eq!(keeps(&mut candidates, one, &same_place), [true, false, false]);
        let ahead = [2, 3, 4, 5, 6, 7, 8, 9].map(|height| (height, OTHER, 3));
        let but_the_eighth = [true, true, true, true, true, true, true, false];
        assert_eq!(keeps(&mut candidates, one, &ahead), but_the_eighth);
        assert_eq!(keeps(&mut candidates, two, &ahead), [true; 8]);
        assert_eq!(keeps(&mut candidates, three, &ahead), [false; 8]);
        assert_eq!(candidates.0.len(), 16);
    }

    #[test]
    fn block_of_the_past_another_chain_or_far_ahead_is_refused() {
        let blocks =
            [(0, BEFORE, 1), (1, OTHER, 1), (17, OTHER, 1), (16, OTHER, 1), (1, BEFORE, 1)];
        let kept = keeps(&mut Candidates::default(), PeerId::random(), &blocks);
        assert_eq!(kept, [false, false, false, true, true]);
    }

    #[test]
    fn passed_and_old_blocks_leave() {
        let mut candidates = Candidates::default();
        let hash = block(1, BEFORE, 1).header.hash();
        let blocks = [(1, BEFORE, 1), (2, hash, 2), (3, OTHER, 3)];
        keeps(&mut candidates, PeerId::random(), &blocks);
        let competing = [(1, BEFORE, 4), (2, OTHER, 5)];
        keeps(&mut candidates, PeerId::random(), &competing);
        assert_eq!(candidates.passed((1, hash)).len(), 3);
        // They came at second 100.
        assert_eq!(candidates.expired(130).len(), 0);
        assert_eq!(candidates.expired(131).len(), 2);
    }

    #[test]
    fn missing_transactions_are_awaited() {
        let mut candidates = Candidates::default();
        let (mut pool, genesis) = (Mempool::new(Options::default()), Genesis::new(7, 0));
        let tip = (0, BEFORE);
        keeps(&mut candidates, PeerId::random(), &[(1, BEFORE, 5), (2, OTHER, 6)]);
        for (fee, complete) in [(6, false), (5, true)] {
            pool.admit(transaction(fee), &genesis, 0).unwrap();
            let block = candidates.complete(tip, &pool);
            assert_eq!(block.is_some(), complete);
            let missing: Vec<Hex> = candidates.missing(tip).collect();
            assert_eq!(missing, if complete { vec![] } else { vec![transaction(5).id()] });
        }
    }

    #[test]
    fn transaction_that_left_the_pool_is_missing() {
        let mut candidates = Candidates::default();
        let (mut pool, genesis) = (Mempool::new(Options::default()), Genesis::new(7, 0));
        let tip = (0, BEFORE);
        let both = Block::new(1, BEFORE, 0, vec![transaction(5), transaction(6)]);
        let ticket = Ticket::of(PeerId::random());
        assert!(candidates.insert(Announcement::of(&both), ticket, tip, 0).is_none());
        pool.admit(transaction(5), &genesis, 0).unwrap();
        assert!(candidates.complete(tip, &pool).is_none());
        pool.expire(u64::MAX);
        pool.admit(transaction(6), &genesis, 0).unwrap();
        assert!(candidates.complete(tip, &pool).is_none());
        assert!(candidates.missing(tip).eq([transaction(5).id()]));
        pool.admit(transaction(5), &genesis, 0).unwrap();
        assert!(candidates.complete(tip, &pool).is_some());
    }
}
