//! Peers: libp2p over TCP, with noise, yamux, gossipsub, identify and ping.
//!
//! [`Network`] is a handle to a task that drives the swarm. What peers send comes out of a bounded
//! channel with a [`Ticket`], and is relayed only once the ticket comes back with a verdict. When the
//! channel is full the swarm is not polled, and peers that send have to wait.

mod behaviour;
mod bounded;
mod dialled;
mod handle;
mod handlers;
mod hub;
mod limited_read;
mod multiplexer;
mod options;
mod security;
mod status;
mod swarm;

pub use self::handle::{Judgement, Network, Received, Ticket};
pub use self::options::{Buffers, LONGEST_MESSAGE_BYTES, Options, Topic};
pub use self::status::Status;
pub use libp2p::{Multiaddr, PeerId};
