//! Whole nodes: two of them find each other, and one ends for good or for want of room.

use std::time::Duration;

use node::config::Blocks;
use node::mempool::Limits;
use node::net::{Judgement, Network, Options, Topic};
use node::state::State;
use node::{Chain as _, Error, Ledger, Mempool, Node};
use serde_json::json;

use crate::http::call;
use crate::test_chain::{GENESIS, RULES, config, forged, verified};

/// Looks again and again, since a node has no hook for what it has done; for a minute at most.
pub(crate) async fn until(mut done: impl FnMut() -> bool) {
    let look = async {
        while !done() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), look).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_gossip_and_agree_on_blocks() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut first = config(folders[0].path());
    let limits = Limits { transactions: 5, ..Limits::default() };
    first.blocks = Some(Blocks { interval: Duration::from_millis(100), limits });
    let first = Node::start(first).await.unwrap();
    let mut second = config(folders[1].path());
    second.network.dial = vec![first.address().unwrap().clone()];
    let second = Node::start(second).await.unwrap();
    for node in [&first, &second] {
        node.network().wait_for(|status| status.subscribed == 1).await.unwrap();
    }
    for transaction in &verified()[..12] {
        let hex = hex::encode(transaction.encode());
        let sent = call(second.rpc_address().unwrap(), "sendrawtransaction", json!([hex])).await;
        assert_eq!(sent, Ok(json!(transaction.id().to_string())));
    }
    // They go from the second to the first, into blocks, and back as such.
    until(|| {
        [&first, &second].iter().all(|node| {
            let ledger = node.state().ledger();
            verified()[..12].iter().all(|one| ledger.is_spent(one.inputs()[0].key_image()).unwrap())
        })
    })
    .await;
    assert_eq!(first.state().ledger().tip(), second.state().ledger().tip());
    assert!(
        first.state().ledger().height().unwrap() >= 3,
        "twelve transactions take three blocks of five"
    );
    until(|| second.state().pool().is_empty()).await;
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}

#[test]
fn concurrent_producers_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let ledger = Ledger::open(&config.data, &GENESIS, config.ledger).unwrap();
    let state = State::new(RULES, Mempool::new(config.mempool), ledger);
    for transaction in verified() {
        state.submit(transaction.transaction().as_ref().clone()).unwrap();
    }
    let limits = Limits { transactions: 1, ..Limits::default() };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| while state.produce(limits).unwrap().is_some() {});
        }
    });
    assert_eq!(state.ledger().height().unwrap(), verified().len() as u64);
    assert!(state.pool().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_transactions_are_neither_let_in_nor_relayed() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(config(folder.path())).await.unwrap();
    let dial = vec![node.address().unwrap().clone()];
    let peer = || Options { listen: None, dial: dial.clone(), ..Options::default() };
    let (sender, _unread) = Network::start(peer()).await.unwrap();
    let (other, mut heard) = Network::start(peer()).await.unwrap();
    for peer in [&sender, &other] {
        peer.wait_for(|status| status.subscribed == 1).await.unwrap();
    }
    node.network().wait_for(|status| status.subscribed == 2).await.unwrap();
    for bytes in [forged(&verified()[0], 0), vec![0; 100], verified()[1].encode()] {
        sender.publish(Topic::Transactions, bytes).await.unwrap();
    }
    let message = heard.recv().await.unwrap();
    assert_eq!(message.bytes, verified()[1].encode());
    other.judge(message.ticket, Judgement::Relay).unwrap();
    assert_eq!(node.state().pool().len(), 1);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_expires_old_transactions() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.mempool.longest_wait_seconds = 0;
    let node = Node::start(config).await.unwrap();
    for transaction in &verified()[..3] {
        node.state().submit(transaction.transaction().as_ref().clone()).unwrap();
    }
    until(|| node.state().pool().is_empty()).await;
    assert_eq!(node.state().pool().key_images(), 0);
    // What was forgotten may come again.
    node.state().submit(verified()[0].transaction().as_ref().clone()).unwrap();
    node.stop().await.unwrap();
}

/// A map in which the genesis fits, and no block.
fn full(folder: &std::path::Path) -> node::config::Config {
    let mut config = config(folder);
    let ledger = Ledger::open(&config.data, &GENESIS, config.ledger).unwrap();
    config.ledger.map_bytes = ledger.size().unwrap().used_bytes;
    config
}

#[tokio::test]
async fn producer_with_a_full_ledger_fails() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = full(folder.path());
    let map_bytes = config.ledger.map_bytes;
    config.blocks = Some(Blocks { interval: Duration::from_millis(1), limits: Limits::default() });
    let mut node = Node::start(config).await.unwrap();
    node.state().submit(verified()[0].transaction().as_ref().clone()).unwrap();
    let failed = tokio::time::timeout(Duration::from_secs(60), node.failed()).await.unwrap();
    assert!(matches!(failed, Error::MapFull { limit } if limit == map_bytes), "{failed}");
    // `stop` does not return the error again, and the transaction can still be mined.
    assert_eq!((node.state().pool().len(), node.state().ledger().tip().0), (1, 0));
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn follower_with_a_full_ledger_fails() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut first = config(folders[0].path());
    first.blocks = Some(Blocks { interval: Duration::from_millis(10), limits: Limits::default() });
    let first = Node::start(first).await.unwrap();
    let mut second = full(folders[1].path());
    second.network.dial = vec![first.address().unwrap().clone()];
    let mut second = Node::start(second).await.unwrap();
    for node in [&first, &second] {
        node.network().wait_for(|status| status.subscribed == 1).await.unwrap();
    }
    let transaction = verified()[0].transaction();
    second.state().submit(transaction.as_ref().clone()).unwrap();
    second.network().publish(Topic::Transactions, transaction.encode()).await.unwrap();
    let failed = tokio::time::timeout(Duration::from_secs(60), second.failed()).await.unwrap();
    assert!(matches!(failed, Error::MapFull { .. }), "{failed}");
    assert_eq!((second.state().pool().len(), second.state().ledger().tip().0), (1, 0));
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}
