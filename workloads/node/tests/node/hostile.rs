//! Peers that mean no good, and peers that are not there.

use std::time::Duration;

use libp2p::futures::StreamExt as _;
use libp2p::gossipsub::{self, IdentTopic, MessageAuthenticity};
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, Swarm, SwarmBuilder, noise, tcp, yamux};
use node::Node;
use node::net::{Network, Options, Topic};

use crate::test_chain::config;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peer_that_sends_invalid_messages_is_disconnected() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(config(folder.path())).await.unwrap();
    let options = Options { listen: None, ..Options::default() };
    let (sender, _unread) = Network::start(options).await.unwrap();
    sender.dial(node.address().unwrap().clone()).unwrap();
    sender.wait_for(|status| status.subscribed == 1).await.unwrap();
    for message in 0..16 {
        sender.publish(Topic::Transactions, vec![message; 100]).await.unwrap();
    }
    let ended = sender.wait_for(|status| status.ended == 1);
    tokio::time::timeout(Duration::from_secs(20), ended).await.unwrap().unwrap();
    node.network().wait_for(|status| status.connected == 0).await.unwrap();
    node.stop().await.unwrap();
}

/// A peer that speaks nothing but gossip, and of whatever it likes.
fn gossiper(topics: &[&str]) -> Swarm<gossipsub::Behaviour> {
    let config = gossipsub::ConfigBuilder::default()
        .validation_mode(gossipsub::ValidationMode::Anonymous)
        .build()
        .unwrap();
    let mut gossip = gossipsub::Behaviour::new(MessageAuthenticity::Anonymous, config).unwrap();
    for topic in topics {
        gossip.subscribe(&IdentTopic::new(*topic)).unwrap();
    }
    SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_behaviour(|_| gossip)
        .unwrap()
        .build()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_topics_are_ignored() {
    let (network, mut received) = Network::start(Options::default()).await.unwrap();
    let mut peer = gossiper(&["transactions", "weather", "sports"]);
    peer.dial(network.address().unwrap().clone()).unwrap();
    let speaking = tokio::spawn(async move {
        loop {
            let event = peer.select_next_some().await;
            if let SwarmEvent::Behaviour(gossipsub::Event::Subscribed { topic, .. }) = event
                && topic.as_str() == "transactions"
            {
                peer.behaviour_mut().publish(topic, b"hello".to_vec()).unwrap();
            }
        }
    });
    // It comes after the list of topics, on the same stream.
    assert_eq!(received.recv().await.unwrap().bytes, b"hello");
    let status = network.status();
    assert_eq!((status.connected, status.subscribed), (1, 0));
    speaking.abort();
    network.stop().await;
}

/// Outside the ports that the system gives away, at an address of loopback that no other process has.
fn nobodys() -> Multiaddr {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    format!("/ip4/127.{}.{middle}.{low}/tcp/7100", 1 + high).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn absent_peer_is_dialled_again() {
    let address = nobodys();
    let options = Options { listen: None, dial: vec![address.clone()], ..Options::default() };
    let (first, _unread) = Network::start(options).await.unwrap();
    first.wait_for(|status| status.ended == 1).await.unwrap();
    for _ in 0..2 {
        let late = Options { listen: Some(address.clone()), ..Options::default() };
        let (second, _unread) = Network::start(late).await.unwrap();
        let met = first.wait_for(|status| status.subscribed == 1);
        tokio::time::timeout(Duration::from_secs(20), met).await.unwrap().unwrap();
        second.stop().await;
        first.wait_for(|status| status.connected == 0).await.unwrap();
    }
    first.stop().await;
}
