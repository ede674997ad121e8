//! Whole nodes: two of them find each other, and one is run by hand.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use node::config::{Blocks, Config, EXAMPLE};
use node::mempool::Limits;
use node::net::{Judgement, Network, Options, Topic};
use node::state::State;
use node::{Chain as _, Error, Ledger, Mempool, Node};
use serde_json::json;

use crate::http::call;
use crate::world::{GENESIS, RULES, config, verified};

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
        let bytes = transaction.encode();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
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
    assert!(first.state().ledger().height().unwrap() >= 3, "blocks of five were asked for");
    until(|| second.state().pool().is_empty()).await;
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}

#[test]
fn who_makes_blocks_at_once_makes_one_chain() {
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
async fn what_is_invalid_is_not_let_in_and_not_relayed() {
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
    let mut forged = verified()[0].encode();
    forged[1] ^= 1;
    for bytes in [forged, vec![0; 100], verified()[1].encode()] {
        sender.publish(Topic::Transactions, bytes).await.unwrap();
    }
    let message = heard.recv().await.unwrap();
    assert_eq!(message.bytes, verified()[1].encode());
    other.judge(message.ticket, Judgement::Relay).unwrap();
    assert_eq!(node.state().pool().len(), 1);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_forgets_what_is_too_old_by_itself() {
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

/// A node in a process of its own, until it has said where it listens.
fn by_hand(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, Vec<String>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_node"));
    let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let said = ["peers ", "rpc http://"].map(|what| {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        line.trim_end().strip_prefix(what).unwrap().to_owned()
    });
    (child, out, said.to_vec())
}

#[tokio::test]
async fn by_hand_until_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("node.toml");
    let mut text = std::fs::File::create(&file).unwrap();
    writeln!(text, "[chain]\ngenesis_outputs = 64\nring = 4\n[mempool]\ncapacity = 77").unwrap();
    let (file, data) = (file.to_str().unwrap(), folder.path().join("data"));
    let arguments = ["--config", file, "--data", data.to_str().unwrap(), "--max-peers", "3"];
    let (mut child, mut out, said) = by_hand(&arguments);
    let info = call(said[1].parse().unwrap(), "getmempoolinfo", json!([])).await.unwrap();
    assert_eq!((&info["capacity"], &info["size"]), (&json!(77), &json!(0)));
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    let mut last = String::new();
    out.read_line(&mut last).unwrap();
    assert_eq!(last, "stopped\n");
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_example_is_the_default() {
    assert_eq!(Config::parse("node.toml", EXAMPLE).unwrap(), Config::default());
    assert_eq!(Config::parse("node.toml", "").unwrap(), Config::default());
}

#[test]
fn a_bad_file_is_refused_with_its_line() {
    for (text, message) in [
        (
            "[network]\nmax_peers = 0\n",
            "node.toml:2: `max_peers = 0`; write a number from 1 to 10000",
        ),
        (
            "data = 'x'\n\n[ledger]\nmap_size = 4096",
            "node.toml:4: `map_size = 4096`; write a number from 1048576 to 70368744177664",
        ),
        (
            "[blocks]\nmax_transactions = 2728",
            "node.toml:2: `max_transactions = 2728`; write a number from 1 to 2727",
        ),
        (
            "[rpc]\nlisten = \"nowhere\"",
            "node.toml:2: `listen = \"nowhere\"` (invalid socket address syntax); write an address such as \
             \"127.0.0.1:8332\"",
        ),
    ] {
        assert_eq!(Config::parse("node.toml", text).unwrap_err().to_string(), message);
    }
    for (text, at, contains) in [
        ("[network]\n\nmax_pears = 50", 3, "unknown field `max_pears`, expected one of"),
        ("[mempool]\ncapacity = 'many'", 2, "invalid type"),
        ("[network]\ndial = [\n  \"/ip4/127.0.0.1/tcp/1\",\n  \"7100\",\n]", 4, "`\"7100\",`"),
        ("[network\n", 1, "unclosed"),
    ] {
        match Config::parse("node.toml", text) {
            Err(Error::Config { line, found, .. }) => {
                assert_eq!(line, at, "{text}");
                assert!(found.contains(contains), "{found}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_key_moves_its_option() {
    let text = "[network]\nmax_peers = 50\nbuffers = 'plain'\n[ledger]\nmap_size = 536870912\n\
                finality_depth = 9\n[mempool]\ncapacity = 5\nmax_age_seconds = 60\n\
                [blocks]\nproduce = true\ninterval_ms = 10";
    let config = Config::parse("node.toml", text).unwrap();
    assert_eq!((config.network.max_peers, config.ledger.map_bytes), (50, 512 << 20));
    assert_eq!((config.mempool.capacity, config.mempool.longest_wait_seconds), (5, 60));
    assert_eq!(config.ledger.finality_depth, Some(9));
    assert_eq!(config.blocks.unwrap().interval, Duration::from_millis(10));
}
