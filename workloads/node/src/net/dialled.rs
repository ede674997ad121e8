//! Peers that are dialled until they are there, and again when they are gone.

use std::time::Duration;

use libp2p::swarm::ConnectionId;
use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

/// The pause after the first failure. It doubles with each, up to the longest.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Dialled {
    peers: Vec<Peer>,
    /// Added to every pause. It differs from node to node, since two that dial each other at once may
    /// refuse each other's connections, and would again.
    apart: Duration,
}

#[derive(Debug)]
struct Peer {
    address: Multiaddr,
    /// The peer that answered there last.
    id: Option<PeerId>,
    state: State,
    pause: Duration,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Due(Instant),
    Dialling(ConnectionId),
    Connected(ConnectionId, Instant),
}

impl Dialled {
    /// All of these addresses are due at once.
    pub(super) fn new(addresses: &[Multiaddr], own: PeerId, now: Instant) -> Self {
        let peer = |address: &Multiaddr| Peer {
            address: address.clone(),
            id: None,
            state: State::Due(now),
            pause: SHORTEST,
        };
        let last = own.to_bytes().last().copied().unwrap_or_default();
        let apart = Duration::from_millis(last.into());
        Self { peers: addresses.iter().map(peer).collect(), apart }
    }

    /// The time of the next dial.
    pub(super) fn due(&self) -> Option<Instant> {
        let due = self.peers.iter().filter_map(|peer| match peer.state {
            State::Due(at) => Some(at),
            _ => None,
        });
        due.min()
    }

    /// Dials the peers that are due at `now`, except those that are `connected` some other way.
    pub(super) fn dial(
        &mut self,
        now: Instant,
        connected: impl Fn(&PeerId) -> bool,
        mut dial: impl FnMut(Multiaddr) -> Option<ConnectionId>,
    ) {
        for peer in &mut self.peers {
            if !matches!(peer.state, State::Due(at) if at <= now) {
                continue;
            }
            if peer.id.as_ref().is_some_and(&connected) {
                peer.state = State::Due(now + LONGEST);
                continue;
            }
            match dial(peer.address.clone()) {
                Some(connection) => peer.state = State::Dialling(connection),
                None => peer.wait(now, self.apart),
            }
        }
    }

    pub(super) fn connected(&mut self, connection: ConnectionId, id: PeerId, now: Instant) {
        if let Some(peer) = self.find(connection) {
            peer.id = Some(id);
            peer.state = State::Connected(connection, now);
        }
    }

    /// A connection has ended, or did not come about; with whom, if that is known.
    pub(super) fn gone(&mut self, connection: ConnectionId, id: Option<PeerId>, now: Instant) {
        let apart = self.apart;
        let Some(peer) = self.find(connection) else { return };
        peer.id = id.or(peer.id);
        // One that ends soon is as good as none: a peer that is full accepts, and hangs up.
        if matches!(peer.state, State::Connected(_, since) if now - since >= LONGEST) {
            peer.pause = SHORTEST;
        }
        peer.wait(now, apart);
    }

    fn find(&mut self, connection: ConnectionId) -> Option<&mut Peer> {
        self.peers.iter_mut().find(|peer| match peer.state {
            State::Due(_) => false,
            State::Dialling(own) | State::Connected(own, _) => own == connection,
        })
    }
}

impl Peer {
    fn wait(&mut self, now: Instant, apart: Duration) {
        self.state = State::Due(now + self.pause + apart);
        self.pause = (2 * self.pause).min(LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One address, of a node whose pauses are as they are.
    fn single_address(now: Instant) -> Dialled {
        let address = "/ip4/127.0.0.1/tcp/1".parse().unwrap();
        let mut dialled = Dialled::new(&[address], PeerId::random(), now);
        dialled.apart = Duration::ZERO;
        dialled
    }

    fn dial(dialled: &mut Dialled, number: usize) -> ConnectionId {
        let connection = ConnectionId::new_unchecked(number);
        let due = dialled.due().unwrap();
        dialled.dial(due, |_| false, |_| Some(connection));
        assert_eq!(dialled.due(), None);
        connection
    }

    /// 1, 2, 4, 8, 16, 32 and 60 seconds, and then 60 again.
    #[test]
    fn pauses_double_up_to_a_minute() {
        let mut now = Instant::now();
        let mut dialled = single_address(now);
        for (number, pause) in [1, 2, 4, 8, 16, 32, 60, 60].into_iter().enumerate() {
            let connection = dial(&mut dialled, number);
            dialled.gone(connection, None, now);
            now += Duration::from_secs(pause);
            assert_eq!(dialled.due(), Some(now));
        }
    }

    #[test]
    fn peer_that_stayed_is_dialled_again_soon() {
        let mut now = Instant::now();
        let mut dialled = single_address(now);
        for (number, (stayed, pause)) in [(59, 1), (59, 2), (60, 1), (0, 2)].into_iter().enumerate()
        {
            let connection = dial(&mut dialled, number);
            dialled.connected(connection, PeerId::random(), now);
            now += Duration::from_secs(stayed);
            dialled.gone(connection, None, now);
            now += Duration::from_secs(pause);
            assert_eq!(dialled.due(), Some(now));
        }
    }

    #[test]
    fn connected_peer_is_not_dialled() {
        let now = Instant::now();
        let mut dialled = single_address(now);
        let (connection, peer) = (dial(&mut dialled, 0), PeerId::random());
        dialled.gone(connection, Some(peer), now);
        let due = dialled.due().unwrap();
        dialled.dial(due, |id| *id == peer, |_| panic!("it is connected"));
        assert_eq!(dialled.due(), Some(due + LONGEST));
    }
}
