//! How the server is set up.

use std::net::SocketAddr;
use std::time::Duration;

use super::budget;
use crate::transaction::LONGEST_BYTES;

/// Where a server listens, and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen. Every client that reaches this address can use the node.
    pub listen: SocketAddr,
    /// The longest body of a request, in bytes.
    pub longest_body_bytes: usize,
    /// The most connections at once; others wait to be accepted.
    pub connections: usize,
    /// How long a client may take for each of: a head, and the time between two requests; a body; reading an
    /// answer. A slower client is cut off. Also how long it may wait for memory before the server answers with
    /// status 503.
    pub patience: Duration,
}

impl Options {
    /// The most memory that a server uses for its clients, in bytes, whatever their number and their requests.
    /// Transactions that it has let in, and messages that wait for peers, do not count.
    pub const fn most_bytes(&self) -> usize {
        budget::most_bytes(self)
    }
}

impl Default for Options {
    /// Any port of loopback; bodies in which the longest transaction fits in hex; 32 connections; ten seconds.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            longest_body_bytes: 2 * LONGEST_BYTES + 1024,
            connections: 32,
            patience: Duration::from_secs(10),
        }
    }
}
