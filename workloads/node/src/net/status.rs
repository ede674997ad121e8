//! The peers, and the state of their connections.

use std::collections::BTreeMap;

use libp2p::PeerId;

use super::Topic;

/// A peer is disconnected after this many invalid messages. A peer verifies what it relays by the same rules, so
/// that one is too many already; a few are allowed for peers of another version.
const MOST_REJECTED: u8 = 8;

/// How many peers have come how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Peers with a connection.
    pub connected: usize,
    /// Peers that have identified themselves.
    pub identified: usize,
    /// Peers that have subscribed to every topic.
    pub subscribed: usize,
    /// Connections that have ended, or never came about.
    pub ended: usize,
}

/// The state of each peer.
#[derive(Debug, Default)]
pub(super) struct Peers {
    known: BTreeMap<PeerId, Peer>,
    ended: usize,
}

#[derive(Debug, Default)]
struct Peer {
    identified: bool,
    transactions: bool,
    blocks: bool,
    /// Messages of its that were invalid.
    rejected: u8,
}

impl Peers {
    pub(super) fn connected(&mut self, peer: PeerId) {
        self.known.entry(peer).or_default();
    }

    pub(super) fn gone(&mut self, peer: &PeerId) {
        self.known.remove(peer);
        self.ended += 1;
    }

    pub(super) fn not_reached(&mut self) {
        self.ended += 1;
    }

    pub(super) fn identified(&mut self, peer: &PeerId) {
        self.known.get_mut(peer).into_iter().for_each(|peer| peer.identified = true);
    }

    pub(super) fn subscribed(&mut self, peer: &PeerId, topic: Topic, comes: bool) {
        let Some(peer) = self.known.get_mut(peer) else { return };
        match topic {
            Topic::Transactions => peer.transactions = comes,
            Topic::Blocks => peer.blocks = comes,
        }
    }

    /// A message of this peer was invalid. Whether it is to be sent away.
    pub(super) fn rejected(&mut self, peer: &PeerId) -> bool {
        let Some(peer) = self.known.get_mut(peer) else { return false };
        peer.rejected = peer.rejected.saturating_add(1);
        peer.rejected >= MOST_REJECTED
    }

    pub(super) fn status(&self) -> Status {
        let count = |of: fn(&Peer) -> bool| self.known.values().filter(|peer| of(peer)).count();
        Status {
            connected: self.known.len(),
            identified: count(|peer| peer.identified),
            subscribed: count(|peer| peer.transactions && peer.blocks),
            ended: self.ended,
        }
    }
}
