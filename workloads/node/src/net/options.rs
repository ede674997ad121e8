//! How a node's part of the network is set up.

use std::time::Duration;

use libp2p::Multiaddr;
use serde::{Deserialize, Serialize};

use crate::transaction::LONGEST_BYTES;

/// The longest message that can be published, in bytes: what the longest transaction has.
pub const LONGEST_MESSAGE_BYTES: usize = LONGEST_BYTES;

/// The peers of a network, and the memory of their connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen; none is not to listen.
    pub listen: Option<Multiaddr>,
    /// The peers to dial. They are dialled again until they are connected, and when they are disconnected.
    pub dial: Vec<Multiaddr>,
    /// The most peers that may be connected.
    pub max_peers: u32,
    /// The buffers of a connection.
    pub buffers: Buffers,
    /// Messages that wait for a verdict before the swarm waits.
    pub waiting: usize,
    /// Messages that may wait for each peer to read; those beyond are not sent to it. with `None`,
    /// `buffers` decides: 5,000 or 32.
    pub queue: Option<usize>,
    /// How long a message may wait there.
    pub patience: Duration,
    /// Where the identity comes from; `None` is a new one.
    pub identity_seed: Option<u64>,
}

impl Default for Options {
    /// Any port of loopback, 100 peers, bounded buffers, 64 waiting messages, five seconds of patience
    /// with those who do not read, a new identity.
    fn default() -> Self {
        let loopback = [127, 0, 0, 1].into();
        let listen = Multiaddr::empty()
            .with(libp2p::multiaddr::Protocol::Ip4(loopback))
            .with(libp2p::multiaddr::Protocol::Tcp(0));
        Self {
            listen: Some(listen),
            dial: Vec::new(),
            max_peers: 100,
            buffers: Buffers::Bounded,
            waiting: 64,
            queue: None,
            patience: Duration::from_secs(5),
            identity_seed: None,
        }
    }
}

/// The buffers of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Buffers {
    /// As the libraries come: up to 64 KiB are gathered before they are encrypted, in three buffers
    /// that stay as large as they ever were.
    Plain,
    /// At most 2 KiB are gathered before they are encrypted and sent, and queues and caches are short.
    Bounded,
}

/// A topic of gossip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Encoded transactions.
    Transactions,
    /// Headers of blocks, with the ids of their transactions.
    Blocks,
}

impl Topic {
    pub(super) const ALL: [Self; 2] = [Self::Transactions, Self::Blocks];

    /// The topic of this name, if it is one of ours.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Transactions => "transactions",
            Self::Blocks => "blocks",
        }
    }
}
