//! A swarm: an identity, a transport and its protocols.

use std::time::Duration;

use libp2p::{Swarm, SwarmBuilder, identity, noise, tcp, yamux};

use super::behaviour::Behaviour;
use super::handlers::BoxedHandlers;
use super::multiplexer::Multiplexer;
use super::security::Security;
use super::{Buffers, Options};
use crate::{Error, Result, random};

/// A connection has two streams of gossip, one of ping now and then, and one of identify.
const STREAMS: usize = 16;

/// The most bytes of a stream that are read at once: a message is whole before the buffer is full, unless it is longer
/// than 7 KiB.
const READ_LIMIT_BYTES: usize = 1024;

pub(super) fn build(options: &Options) -> Result<Swarm<BoxedHandlers<Behaviour>>> {
    let failed = |error: &dyn std::fmt::Display| Error::stopped("network", error);
    let keys = match options.identity_seed {
        None => identity::Keypair::generate_ed25519(),
        Some(seed) => {
            let secret: [u8; 32] = random::bytes(&mut random::source("identity", seed, 0));
            identity::Keypair::ed25519_from_bytes(secret).map_err(|error| failed(&error))?
        }
    };
    let bounded = options.buffers == Buffers::Bounded;
    let security = move |keys: &identity::Keypair| {
        noise::Config::new(keys).map(|noise| Security { noise, bounded })
    };
    let multiplexer = move || {
        let mut yamux = yamux::Config::default();
        if bounded {
            yamux.set_max_num_streams(STREAMS);
        }
        Multiplexer { yamux, read_limit: if bounded { READ_LIMIT_BYTES } else { usize::MAX } }
    };
    let behaviour = BoxedHandlers(Behaviour::new(keys.public(), options)?);
    let swarm = SwarmBuilder::with_existing_identity(keys)
        .with_tokio()
        .with_tcp(tcp::Config::default().nodelay(true), security, multiplexer)
        .map_err(|error: noise::Error| failed(&error))?
        .with_behaviour(|_| behaviour)
        .map_err(|error| failed(&error))?
        // Peers outside the mesh are idle for long, and stay.
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::MAX))
        .build();
    Ok(swarm)
}
