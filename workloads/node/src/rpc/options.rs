//! How the server is set up.

use std::net::SocketAddr;

use crate::transaction::LONGEST_BYTES;

/// Where a server listens, and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen. Whoever can reach this address can use the node.
    pub listen: SocketAddr,
    /// The longest body of a request, in bytes.
    pub longest_body_bytes: usize,
    /// The most connections at once; others wait to be accepted.
    pub connections: usize,
}

impl Default for Options {
    /// Any port of loopback; bodies in which the longest transaction fits in hex; 32 connections.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            longest_body_bytes: 2 * LONGEST_BYTES + 1024,
            connections: 32,
        }
    }
}
