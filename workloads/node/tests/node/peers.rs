//! The network: a node and real peers, in another process and on loopback.

use node::block::MOST_TRANSACTIONS;
use node::net::{Buffers, Judgement, Multiaddr, Network, Options, Received, Topic};
use tokio::sync::mpsc::Receiver;

use crate::order::Order;
use crate::peer_swarm::PeerSwarm;

async fn hub(options: Options) -> (Network, Receiver<Received>, Multiaddr) {
    let (network, received) = Network::start(options).await.unwrap();
    let address = network.address().unwrap().clone();
    (network, received, address)
}

/// So many peers, each of which is identified and has subscribed.
async fn dial(swarm: &mut PeerSwarm, address: &Multiaddr, peers: usize, buffers: Buffers) -> usize {
    let address = address.clone();
    let order = Order::Dial { address, peers, buffers };
    swarm.order_from_task(&order).unwrap().connected
}

async fn relay_all(network: &Network, received: &mut Receiver<Received>, messages: usize) -> usize {
    let mut bytes = 0;
    for _ in 0..messages {
        let message = received.recv().await.unwrap();
        assert_eq!(message.topic, Topic::Transactions);
        bytes += message.bytes.len();
        network.judge(message.ticket, Judgement::Relay).unwrap();
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_arrive_gossip_and_leave() {
    for buffers in [Buffers::Plain, Buffers::Bounded] {
        let (network, mut received, address) = hub(Options { buffers, ..Options::default() }).await;
        let mut swarm = PeerSwarm::start().unwrap();
        assert_eq!(dial(&mut swarm, &address, 5, buffers).await, 5);
        network.wait_for(|status| status.identified + status.subscribed == 10).await.unwrap();
        network.publish(Topic::Transactions, b"hello".to_vec()).await.unwrap();
        assert_eq!(swarm.order_from_task(&Order::Deliver { messages: 1 }).unwrap().fewest, 1);
        swarm
            .order_from_task(&Order::Publish { messages: 20, bytes: 4096, per_second: None })
            .unwrap();
        assert_eq!(relay_all(&network, &mut received, 20).await, 20 * 4096);
        // Each of the five has published four and delivers the other sixteen.
        assert_eq!(swarm.order_from_task(&Order::Deliver { messages: 17 }).unwrap().delivered, 85);
        swarm.order_from_task(&Order::Leave { peers: 2 }).unwrap();
        let left = network.wait_for(|status| status.connected == 3).await.unwrap();
        assert_eq!((left.identified, left.subscribed), (3, 3));
        drop(swarm);
        network.wait_for(|status| status.connected == 0).await.unwrap();
        network.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unrelayed_messages_reach_no_peer() {
    let (network, mut received, address) = hub(Options::default()).await;
    let mut swarm = PeerSwarm::start().unwrap();
    dial(&mut swarm, &address, 3, Buffers::Bounded).await;
    network.wait_for(|status| status.subscribed == 3).await.unwrap();
    swarm.order_from_task(&Order::Publish { messages: 6, bytes: 100, per_second: None }).unwrap();
    for judgement in [Judgement::Reject, Judgement::Ignore].into_iter().cycle().take(6) {
        let message = received.recv().await.unwrap();
        network.judge(message.ticket, judgement).unwrap();
    }
    // What comes after is delivered, and nothing was before.
    network.publish(Topic::Transactions, b"after".to_vec()).await.unwrap();
    assert_eq!(swarm.order_from_task(&Order::Deliver { messages: 1 }).unwrap().delivered, 3);
    network.stop().await;
}

/// A header of 84 bytes and as many ids as a block may have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn largest_block_can_be_announced() {
    let (network, mut received, address) = hub(Options::default()).await;
    let (peer, _received, _) = hub(Options { dial: vec![address], ..Options::default() }).await;
    peer.wait_for(|status| status.subscribed == 1).await.unwrap();
    let bytes = vec![7; 84 + 32 * MOST_TRANSACTIONS];
    peer.publish(Topic::Blocks, bytes.clone()).await.unwrap();
    assert!(received.recv().await.unwrap().bytes == bytes);
    network.stop().await;
    peer.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_above_max_peers_are_refused() {
    let (network, _received, address) = hub(Options { max_peers: 3, ..Options::default() }).await;
    let mut swarm = PeerSwarm::start().unwrap();
    assert_eq!(dial(&mut swarm, &address, 5, Buffers::Bounded).await, 3);
    let status = network.wait_for(|status| status.subscribed == 3).await.unwrap();
    assert_eq!(status.connected, 3);
    // A place that is free is taken.
    swarm.order_from_task(&Order::Leave { peers: 5 }).unwrap();
    network.wait_for(|status| status.connected == 0).await.unwrap();
    assert_eq!(dial(&mut swarm, &address, 2, Buffers::Bounded).await, 2);
    network.stop().await;
}

#[tokio::test]
async fn listening_at_a_taken_port_fails() {
    let (network, _received, address) = hub(Options::default()).await;
    let again = Network::start(Options { listen: Some(address), ..Options::default() }).await;
    assert!(again.is_err());
    network.stop().await;
}
