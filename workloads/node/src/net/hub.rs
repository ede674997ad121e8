//! The task that drives the swarm.

use std::collections::BTreeSet;
use std::net::TcpListener;

use libp2p::core::transport::ListenerId;
use libp2p::futures::StreamExt as _;
use libp2p::gossipsub::{self, IdentTopic, MessageAcceptance, PublishError, TopicHash};
use libp2p::multiaddr::Protocol;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Swarm, identify};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::behaviour::{Behaviour, BehaviourEvent};
use super::dialled::Dialled;
use super::handle::{Command, Received, Ticket};
use super::handlers::BoxedHandlers;
use super::status::Peers;
use super::{Options, Status, Topic, swarm};
use crate::{Error, Result};

pub(super) struct Hub {
    swarm: Swarm<BoxedHandlers<Behaviour>>,
    commands: mpsc::UnboundedReceiver<Command>,
    incoming: mpsc::Sender<Received>,
    /// A message that did not fit the channel yet.
    waiting: Option<Received>,
    peers: Peers,
    dialled: Dialled,
    status: watch::Sender<Status>,
}

impl Hub {
    pub(super) fn new(
        options: &Options,
        commands: mpsc::UnboundedReceiver<Command>,
        incoming: mpsc::Sender<Received>,
        status: watch::Sender<Status>,
    ) -> Result<Self> {
        let (swarm, peers) = (swarm::build(options)?, Peers::default());
        let dialled = Dialled::new(&options.dial, *swarm.local_peer_id(), Instant::now());
        Ok(Self { swarm, commands, incoming, waiting: None, peers, dialled, status })
    }

    /// Listens, and returns the address.
    pub(super) async fn listen(&mut self, at: Option<Multiaddr>) -> Result<Option<Multiaddr>> {
        let Some(at) = at else { return Ok(None) };
        let failed = |why: String| Error::stopped("network", format!("cannot listen: {why}"));
        not_taken(&at).map_err(|error| failed(format!("{at}: {error}")))?;
        let listener: ListenerId =
            self.swarm.listen_on(at).map_err(|error| failed(error.to_string()))?;
        loop {
            match self.swarm.select_next_some().await {
                SwarmEvent::NewListenAddr { address, listener_id } if listener_id == listener => {
                    return Ok(Some(address));
                }
                SwarmEvent::ListenerClosed { reason, .. } => {
                    return Err(failed(format!("{reason:?}")));
                }
                event => self.on(event),
            }
        }
    }

    fn dial_due(&mut self) {
        let Self { swarm, dialled, .. } = self;
        let connected: BTreeSet<PeerId> = swarm.connected_peers().copied().collect();
        dialled.dial(
            Instant::now(),
            |peer| connected.contains(peer),
            |address| dial(swarm, address),
        );
    }

    /// Runs until every sender of commands is dropped.
    pub(super) async fn run(mut self) {
        loop {
            let command = match self.waiting.take() {
                Some(received) => tokio::select! {
                    permit = self.incoming.reserve() => {
                        let Ok(permit) = permit else { return };
                        permit.send(received);
                        continue;
                    }
                    command = self.commands.recv() => {
                        self.waiting = Some(received);
                        command
                    }
                },
                None => tokio::select! {
                    () = until(self.dialled.due()) => {
                        self.dial_due();
                        continue;
                    }
                    event = self.swarm.select_next_some() => {
                        self.on(event);
                        continue;
                    }
                    command = self.commands.recv() => command,
                },
            };
            let Some(command) = command else { return };
            self.obey(command);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Publish(topic, bytes, reply) => {
                let _nobody_may_wait = reply.send(self.publish(topic, bytes));
            }
            Command::Judge(Ticket { id, source }, acceptance) => {
                if matches!(acceptance, MessageAcceptance::Reject) && self.peers.rejected(&source) {
                    tracing::info!(%source, "sent away, for what it sends is invalid");
                    let _gone_already = self.swarm.disconnect_peer_id(source);
                }
                let gossip = &mut self.swarm.behaviour_mut().0.gossip;
                if !gossip.report_message_validation_result(&id, &source, acceptance) {
                    tracing::debug!(%id, "judged too late to be relayed");
                }
            }
            Command::Dial(address) => drop(dial(&mut self.swarm, address)),
        }
    }

    fn publish(&mut self, topic: Topic, bytes: Vec<u8>) -> Result<()> {
        let gossip = &mut self.swarm.behaviour_mut().0.gossip;
        match gossip.publish(IdentTopic::new(topic.name()), bytes) {
            Ok(_) | Err(PublishError::Duplicate | PublishError::NoPeersSubscribedToTopic) => Ok(()),
            Err(error) => Err(Error::stopped("gossip", error)),
        }
    }

    fn on(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, .. } => {
                self.dialled.connected(connection_id, peer_id, Instant::now());
                self.peers.connected(peer_id);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, .. } => {
                self.dialled.gone(connection_id, Some(peer_id), Instant::now());
                if num_established == 0 {
                    self.peers.gone(&peer_id);
                }
            }
            SwarmEvent::OutgoingConnectionError { peer_id, connection_id, .. } => {
                self.dialled.gone(connection_id, peer_id, Instant::now());
                self.peers.not_reached();
            }
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received {
                peer_id,
                ..
            })) => self.peers.identified(&peer_id),
            SwarmEvent::Behaviour(BehaviourEvent::Gossip(event)) => self.on_gossip(event),
            _ => return,
        }
        let status = self.peers.status();
        self.status.send_if_modified(|known| std::mem::replace(known, status) != status);
    }

    fn on_subscription(&mut self, peer: &PeerId, topic: &TopicHash, comes: bool) {
        if let Some(topic) = Topic::named(topic.as_str()) {
            self.peers.subscribed(peer, topic, comes);
        }
    }

    fn on_gossip(&mut self, event: gossipsub::Event) {
        match event {
            gossipsub::Event::Subscribed { peer_id, topic, .. } => {
                self.on_subscription(&peer_id, &topic, true);
            }
            gossipsub::Event::Unsubscribed { peer_id, topic } => {
                self.on_subscription(&peer_id, &topic, false);
            }
            gossipsub::Event::Message { propagation_source, message_id, message } => {
                let Some(topic) = Topic::named(message.topic.as_str()) else { return };
                let ticket = Ticket { id: message_id, source: propagation_source };
                self.waiting = Some(Received { topic, bytes: message.data, ticket });
            }
            _ => {}
        }
    }
}

fn dial(swarm: &mut Swarm<BoxedHandlers<Behaviour>>, address: Multiaddr) -> Option<ConnectionId> {
    let dial = DialOpts::unknown_peer_id().address(address.clone()).build();
    let connection = dial.connection_id();
    match swarm.dial(dial) {
        Ok(()) => Some(connection),
        Err(error) => {
            tracing::warn!(%address, %error, "not dialled");
            None
        }
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// libp2p shares its ports, so that a second node on one would get half of the first one's peers and
/// no error. This asks for the port without sharing.
fn not_taken(at: &Multiaddr) -> std::io::Result<()> {
    let mut parts = at.iter();
    let address: std::net::IpAddr = match parts.next() {
        Some(Protocol::Ip4(address)) => address.into(),
        Some(Protocol::Ip6(address)) => address.into(),
        _ => return Ok(()),
    };
    match parts.next() {
        Some(Protocol::Tcp(port)) if port != 0 => TcpListener::bind((address, port)).map(drop),
        _ => Ok(()),
    }
}
