//! The protocols that a node speaks, and their limits.

use std::time::Duration;

use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::gossipsub::{
    self, IdentTopic, IdentityTransform, MessageAuthenticity, MessageId, PeerScoreParams,
    PeerScoreThresholds, ValidationMode, WhitelistSubscriptionFilter,
};
use libp2p::identity::PublicKey;
use libp2p::swarm::NetworkBehaviour;
use libp2p::{identify, ping};
use sha2::{Digest as _, Sha256};

use super::{Buffers, LONGEST_MESSAGE_BYTES, Options, Topic};
use crate::{Error, Result};

/// The bytes around a message: the names of its topic and of its fields, and lengths.
const ENVELOPE_BYTES: usize = 1024;

#[derive(NetworkBehaviour)]
pub(super) struct Behaviour {
    /// First, so that a peer too many is refused before anything is made for it.
    limits: connection_limits::Behaviour,
    pub(super) gossip: Gossip,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
}

impl Behaviour {
    pub(super) fn new(key: PublicKey, options: &Options) -> Result<Self> {
        let limits = ConnectionLimits::default()
            .with_max_established(Some(options.max_peers))
            .with_max_established_per_peer(Some(1))
            .with_max_pending_incoming(Some(options.max_peers.max(16)));
        let identify = identify::Config::new("/plimsoll-node/1".into(), key).with_cache_size(0);
        Ok(Self {
            limits: connection_limits::Behaviour::new(limits),
            gossip: gossip(options)?,
            identify: identify::Behaviour::new(identify),
            ping: ping::Behaviour::default(),
        })
    }
}

/// Gossip that keeps subscriptions to our own topics alone.
type Gossip = gossipsub::Behaviour<IdentityTransform, WhitelistSubscriptionFilter>;

/// Messages bear no signature and no source, so that the sender of a transaction stays unknown.
fn gossip(options: &Options) -> Result<Gossip> {
    let mut config = gossipsub::ConfigBuilder::default();
    config
        .validate_messages()
        .validation_mode(ValidationMode::Anonymous)
        .message_id_fn(|message| MessageId::new(&Sha256::digest(&message.data)))
        .max_transmit_size(LONGEST_MESSAGE_BYTES + ENVELOPE_BYTES)
        .publish_queue_duration(options.patience);
    if options.buffers == Buffers::Bounded {
        config
            // One version, since a node of this network meets its like: each has a name that would be kept
            // for each connection four times.
            .protocol_id("/meshsub/1.1.0", gossipsub::Version::V1_1)
            // What a peer that does not read may keep waiting.
            .connection_handler_queue_len(32)
            // A list of messages that each peer does not want would be kept for each.
            .idontwant_message_size_threshold(usize::MAX)
            // What is offered to peers outside the mesh comes as one message, and a buffer grows to it.
            .max_control_messages_sent(128)
            .history_length(4)
            .history_gossip(2)
            .duplicate_cache_time(Duration::from_secs(30));
    }
    if let Some(queue) = options.queue {
        config.connection_handler_queue_len(queue);
    }
    let config = config.build().map_err(|error| Error::stopped("gossip", error))?;
    let topics = Topic::ALL.map(|topic| IdentTopic::new(topic.name()));
    let ours = WhitelistSubscriptionFilter(topics.iter().map(IdentTopic::hash).collect());
    let anonymous = MessageAuthenticity::Anonymous;
    let mut gossip = Gossip::new_with_subscription_filter(anonymous, config, ours)
        .map_err(|error| Error::stopped("gossip", error))?;
    gossip
        .with_peer_score(scores(), PeerScoreThresholds::default())
        .map_err(|error| Error::stopped("gossip", error))?;
    for topic in &topics {
        gossip.subscribe(topic).map_err(|error| Error::stopped("gossip", error))?;
    }
    Ok(gossip)
}

/// Scores are kept for one thing: without them, gossipsub never forgets what a peer has promised and did not
/// send, some 500 B for each message that a hostile one invents. With them it forgets a promise after three
/// seconds. No peer is judged by them: a slow one breaks promises too.
fn scores() -> PeerScoreParams {
    PeerScoreParams {
        app_specific_weight: 0.0,
        behaviour_penalty_weight: 0.0,
        ip_colocation_factor_weight: 0.0,
        slow_peer_weight: 0.0,
        ..PeerScoreParams::default()
    }
}
