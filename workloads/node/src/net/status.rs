//! Who is connected, and how far.

use std::collections::BTreeMap;

use libp2p::PeerId;

/// How many peers have come how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Peers with a connection.
    pub connected: usize,
    /// Those that have said who they are.
    pub identified: usize,
    /// Those that have subscribed to every topic.
    pub subscribed: usize,
    /// Connections that have ended, or never came about.
    pub ended: usize,
}

/// What is known of each peer.
#[derive(Debug, Default)]
pub(super) struct Peers {
    known: BTreeMap<PeerId, Peer>,
    ended: usize,
}

#[derive(Debug, Default)]
struct Peer {
    identified: bool,
    topics: usize,
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

    pub(super) fn subscribed(&mut self, peer: &PeerId, comes: bool) {
        self.known.get_mut(peer).into_iter().for_each(|peer| match comes {
            true => peer.topics += 1,
            false => peer.topics = peer.topics.saturating_sub(1),
        });
    }

    pub(super) fn status(&self) -> Status {
        let count = |of: fn(&Peer) -> bool| self.known.values().filter(|peer| of(peer)).count();
        Status {
            connected: self.known.len(),
            identified: count(|peer| peer.identified),
            subscribed: count(|peer| peer.topics >= super::Topic::ALL.len()),
            ended: self.ended,
        }
    }
}
