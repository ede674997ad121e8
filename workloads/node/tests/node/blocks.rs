//! Blocks as peers announce them: in any order, incomplete, invalid, and meant to be in the way.

use node::crypto::Verified;
use node::net::{Judgement, Network, Options, Received, Topic};
use node::{Block, Chain as _, Hex, Node};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;

use crate::nodes::until;
use crate::test_chain::{GENESIS, config, minting, verified};

/// The bytes of a header, which an announcement begins with.
const HEADER_BYTES: usize = 84;

struct Peer {
    network: Network,
    heard: Receiver<Received>,
}

impl Peer {
    async fn of(node: &Node) -> Self {
        let options = Options { listen: None, ..Options::default() };
        let (network, heard) = Network::start(options).await.unwrap();
        network.dial(node.address().unwrap().clone()).unwrap();
        network.wait_for(|status| status.subscribed == 1).await.unwrap();
        Self { network, heard }
    }

    async fn announce(&self, bytes: Vec<u8>) {
        self.network.publish(Topic::Blocks, bytes).await.unwrap();
    }

    async fn send(&self, transaction: &Verified) {
        self.network.publish(Topic::Transactions, transaction.encode()).await.unwrap();
    }

    /// The next block that it hears of.
    async fn hears(&mut self) -> Vec<u8> {
        loop {
            let message = self.heard.recv().await.unwrap();
            self.network.judge(message.ticket, Judgement::Relay).unwrap();
            if message.topic == Topic::Blocks {
                return message.bytes;
            }
        }
    }
}

/// A node and so many peers of it, none of which knows another.
async fn node(peers: usize) -> (Node, Vec<Peer>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(config(folder.path())).await.unwrap();
    let mut all = Vec::new();
    for _ in 0..peers {
        all.push(Peer::of(&node).await);
    }
    node.network().wait_for(|status| status.subscribed == peers).await.unwrap();
    (node, all, folder)
}

fn announcement(block: &Block) -> Vec<u8> {
    let mut bytes = block.encode()[..HEADER_BYTES].to_vec();
    block.transactions().iter().for_each(|one| bytes.extend(one.id().0));
    bytes
}

/// A block of unknown transactions.
fn junk(height: u64, parent: Hex, id: u8) -> Vec<u8> {
    let mut bytes = Block::new(height, parent, 0, Vec::new()).encode();
    let ids = [[id; 32], [id; 32]].concat();
    bytes[48..80].copy_from_slice(&Sha256::digest(&ids));
    bytes[80..84].copy_from_slice(&2_u32.to_le_bytes());
    [bytes, ids].concat()
}

fn first(transactions: &[Verified]) -> Block {
    Block::new(1, GENESIS.id(), 0, transactions.to_vec())
}

fn has(node: &Node, transactions: &[Verified]) {
    for one in transactions {
        node.state().submit(one.transaction().as_ref().clone()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_block_is_not_relayed() {
    let (node, mut peers, _folder) = node(2).await;
    let mut other = peers.pop().unwrap();
    let some = &verified()[..2];
    let strange = minting(1, Hex([9; 32]), 5);
    has(&node, some);
    has(&node, std::slice::from_ref(&strange));
    let mut swapped = announcement(&first(some));
    swapped[HEADER_BYTES..].rotate_left(32);
    let twice = announcement(&first(&[some[0].clone(), some[0].clone()]));
    let minted = announcement(&first(&[some[0].clone(), strange]));
    let valid = announcement(&first(some));
    for bytes in [swapped, twice, minted, valid.clone()] {
        peers[0].announce(bytes).await;
    }
    assert!(other.hears().await == valid, "something else was relayed before");
    assert_eq!(node.state().ledger().tip(), (1, first(some).header().hash()));
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_out_of_order_are_added_in_order() {
    let (node, mut peers, _folder) = node(2).await;
    let mut other = peers.pop().unwrap();
    let blocks = chain(3);
    // The last one is announced first, and its transactions are not there before all the others are.
    for block in blocks.iter().rev() {
        peers[0].announce(announcement(block)).await;
    }
    for block in &blocks {
        peers[0].send(&block.transactions()[0]).await;
    }
    for block in &blocks {
        assert!(other.hears().await == announcement(block));
    }
    assert_eq!(node.state().ledger().height().unwrap(), 3);
    node.stop().await.unwrap();
}

/// So many blocks of a transaction each.
fn chain(blocks: usize) -> Vec<Block> {
    let mut parent = GENESIS.id();
    let each = (1..).zip(&verified()[..blocks]).map(|(height, one)| {
        let block = Block::new(height, parent, 0, vec![one.clone()]);
        parent = block.header().hash();
        block
    });
    each.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn junk_blocks_displace_no_valid_block() {
    let (node, peers, _folder) = node(2).await;
    let genuine = &first(&verified()[..1]);
    peers[0].announce(announcement(genuine)).await;
    // What comes after it on the same connection is there, and so is the announcement.
    peers[0].send(&verified()[1]).await;
    until(|| node.state().pool().len() == 1).await;
    // More than one peer's places, and fewer than its queue holds.
    for id in 0..20 {
        peers[1].announce(junk(1 + u64::from(id) % 5, GENESIS.id(), id)).await;
    }
    peers[1].send(&verified()[2]).await;
    until(|| node.state().pool().len() == 2).await;
    // The transaction comes by another way than the announcement.
    has(&node, &verified()[..1]);
    until(|| node.state().ledger().tip().1 == genuine.header().hash()).await;
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unusable_minting_does_not_stop_a_producer() {
    let (node, _, _folder) = node(0).await;
    has(&node, &verified()[..1]);
    has(&node, &[minting(1, Hex([9; 32]), 5), minting(1, GENESIS.id(), 6)]);
    let block = node.state().produce(node::mempool::Limits::default()).unwrap().unwrap();
    let ids: Vec<Hex> = block.transactions().iter().map(|one| one.id()).collect();
    assert_eq!(ids, [verified()[0].id(), minting(1, GENESIS.id(), 6).id()]);
    node.stop().await.unwrap();
}
