//! The protocol between [`PeerSwarm`](crate::peer_swarm) and its process: one order a line, one report a line.

use std::num::NonZeroU32;

use node::net::{Buffers, Multiaddr};
use serde::{Deserialize, Serialize};

use crate::fixture::Spec;

/// An order to the process of peers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    /// More peers dial. The report comes when each of them is connected, identified and knows the
    /// subscriptions of the node, or has been refused.
    Dial {
        /// The address of the node.
        address: Multiaddr,
        /// The number of peers that dial.
        peers: usize,
        /// The buffers of their own connections.
        buffers: Buffers,
    },
    /// The peers publish messages of random bytes in turn. The report comes when all are on their way.
    Publish {
        /// The number of messages.
        messages: usize,
        /// The length of each message, in bytes.
        bytes: usize,
        /// The rate of all peers together; without it, they send as fast as they can.
        per_second: Option<NonZeroU32>,
    },
    /// The peers publish transactions of a fixture in turn. The report comes when all are on their way.
    Send {
        /// The fixture, in the user's cache.
        spec: Spec,
        /// The index of the first transaction.
        first: usize,
        /// The number of transactions.
        count: usize,
        /// The rate of all peers together; without it, they send as fast as they can.
        per_second: Option<NonZeroU32>,
    },
    /// Waits until every peer has delivered this many messages since it dialled.
    Deliver {
        /// The number of messages.
        messages: u64,
    },
    /// Peers leave. The report comes when they have left.
    Leave {
        /// The number of peers that leave.
        peers: usize,
    },
    /// Reads the counts and changes nothing.
    Count,
}

/// The state of the peers after an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Peers that are connected.
    pub(crate) connected: usize,
    /// The fewest messages that a connected peer has delivered.
    pub(crate) fewest: u64,
    /// The messages that all connected peers have delivered.
    pub(crate) delivered: u64,
    /// Why the order failed, if it did.
    pub(crate) failed: Option<String>,
}
