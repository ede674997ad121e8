//! The binary, as an operator uses it: processes, flags, signals, exit codes and messages on stderr.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use node::net::{Network, Options};
use serde_json::{Value, json};

use crate::http::call;
use crate::test_chain::verified;

const CHAIN: &str = "[chain]\ngenesis_outputs = 64\nring = 4\n";

/// A node in a process of its own, which does not outlive the test.
struct Hand {
    child: Child,
    out: BufReader<ChildStdout>,
    peers: String,
    rpc: SocketAddr,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_node"));
    command.args(arguments);
    command
}

impl Hand {
    /// Returns once it has printed where it listens.
    fn start(arguments: &[&str]) -> Self {
        let mut command = command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let [peers, rpc] = ["peers ", "rpc http://"].map(|what| {
            let line = line(&mut out);
            let address = line.strip_prefix(what).map(str::to_owned);
            address.unwrap_or_else(|| panic!("`{line}`, and {}", stderr_of(&mut child)))
        });
        Self { child, out, peers, rpc: rpc.parse().unwrap() }
    }

    async fn ask(&self, method: &str) -> Value {
        call(self.rpc, method, json!([])).await.unwrap()
    }

    async fn until(&self, method: &str, done: impl Fn(&Value) -> bool) -> Value {
        let look = async {
            loop {
                let answer = self.ask(method).await;
                if done(&answer) {
                    return answer;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), look).await.unwrap()
    }

    /// Ctrl-C, or another signal.
    fn end(mut self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        assert_eq!(line(&mut self.out), "stopped");
        let status = self.child.wait().unwrap();
        let errors = stderr_of(&mut self.child);
        assert_eq!(status.code(), Some(0), "{errors}");
        assert!(!errors.contains("ERROR"), "{errors}");
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        let _has_ended = self.child.kill();
        let _has_ended = self.child.wait();
    }
}

fn line(out: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn stderr_of(child: &mut Child) -> String {
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    errors
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Waits until each knows the subscriptions of the other.
async fn meet(nodes: [&Hand; 2]) {
    for node in nodes {
        node.until("getpeerinfo", |answer| answer["subscribed"] == 1).await;
    }
}

async fn send(node: &Hand, at: usize) -> String {
    let hex = hex::encode(verified()[at].encode());
    let id = call(node.rpc, "sendrawtransaction", json!([hex])).await.unwrap();
    assert_eq!(id, json!(verified()[at].id().to_string()));
    id.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn transaction_sent_to_a_node_reaches_its_peer() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "node.toml", CHAIN);
    let data = ["first", "second"].map(|name| folder.path().join(name).display().to_string());
    let first = Hand::start(&["--config", &file, "--data", &data[0]]);
    let second = Hand::start(&["--config", &file, "--data", &data[1], "--dial", &first.peers]);
    meet([&first, &second]).await;
    let id = send(&second, 0).await;
    first.until("getmempoolinfo", |answer| answer["size"] == 1).await;
    let hex = hex::encode(verified()[0].encode());
    assert_eq!(call(first.rpc, "getrawtransaction", json!([id])).await, Ok(json!(hex)));
    first.end("-INT");
    second.end("-TERM");
}

#[tokio::test]
async fn blocks_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let makes = format!("{CHAIN}[blocks]\nproduce = true\ninterval_ms = 20\nmax_transactions = 1");
    let makes = write(folder.path(), "makes.toml", &makes);
    let file = write(folder.path(), "node.toml", CHAIN);
    let data = ["first", "second"].map(|name| folder.path().join(name).display().to_string());
    let first = Hand::start(&["--config", &makes, "--data", &data[0]]);
    let second = Hand::start(&["--config", &file, "--data", &data[1], "--dial", &first.peers]);
    meet([&first, &second]).await;
    for at in 0..3 {
        send(&second, at).await;
    }
    // One transaction a block, so that there are no more than three.
    for node in [&first, &second] {
        node.until("getblockcount", |answer| *answer == 3).await;
    }
    first.end("-INT");
    second.end("-INT");
    for data in data {
        let again = Hand::start(&["--config", &file, "--data", &data]);
        assert_eq!(again.ask("getblockcount").await, json!(3));
        again.end("-INT");
    }
}

#[tokio::test]
async fn every_flag_overrides_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "plain.toml", CHAIN);
    let data = |name: &str| folder.path().join(name).display().to_string();
    let wrong = Hand::start(&["--config", &file, "--data", &data("wrong")]);
    let right = Hand::start(&["--config", &file, "--data", &data("right")]);
    let text = format!(
        "data = {:?}\n{CHAIN}[network]\nlisten = '/ip4/127.0.0.1/tcp/0'\ndial = ['{}']\nmax_peers = 5\n\
         [rpc]\nlisten = '127.0.0.1:0'\n[mempool]\ncapacity = 77\n[ledger]\nmap_size = 16777216\n",
        data("file"),
        wrong.peers
    );
    let file = write(folder.path(), "node.toml", &text);
    let as_the_file = Hand::start(&["--config", &file]);
    assert!(as_the_file.peers.starts_with("/ip4/127.0.0.1/"));
    assert_eq!(as_the_file.rpc.ip().to_string(), "127.0.0.1");
    assert_eq!(as_the_file.ask("getmempoolinfo").await["capacity"], json!(77));
    assert_eq!(as_the_file.ask("getmemoryinfo").await["ledger"]["map_bytes"], json!(16 << 20));
    wrong.until("getpeerinfo", |answer| answer["connected"] == 1).await;
    as_the_file.end("-INT");
    wrong.until("getpeerinfo", |answer| answer["connected"] == 0).await;
    fs::remove_dir_all(folder.path().join("file")).unwrap();

    let flags = [
        ("--data", data("flag")),
        ("--listen", "/ip4/127.0.0.2/tcp/0".into()),
        ("--dial", right.peers.clone()),
        ("--rpc", "127.0.0.2:0".into()),
        ("--max-peers", "2".into()),
        ("--capacity", "78".into()),
        ("--map-size", "33554432".into()),
    ];
    let mut arguments = vec!["--config", &file];
    flags.iter().for_each(|(flag, value)| arguments.extend([*flag, value.as_str()]));
    let node = Hand::start(&arguments);
    assert!(node.peers.starts_with("/ip4/127.0.0.2/"), "{}", node.peers);
    assert_eq!(node.rpc.ip().to_string(), "127.0.0.2");
    assert_eq!(node.ask("getmempoolinfo").await["capacity"], json!(78));
    assert_eq!(node.ask("getmemoryinfo").await["ledger"]["map_bytes"], json!(32 << 20));
    right.until("getpeerinfo", |answer| answer["subscribed"] == 1).await;
    assert_eq!(wrong.ask("getpeerinfo").await["connected"], json!(0));
    assert!(folder.path().join("flag").exists() && !folder.path().join("file").exists());
    // Of two more, one is let in: it has dialled one itself.
    let dial =
        || Options { listen: None, dial: vec![node.peers.parse().unwrap()], ..Options::default() };
    let (third, _received) = Network::start(dial()).await.unwrap();
    third.wait_for(|status| status.subscribed == 1).await.unwrap();
    let (fourth, _received) = Network::start(dial()).await.unwrap();
    let status = fourth.wait_for(|status| status.ended > 0 || status.subscribed == 1).await;
    assert_eq!(status.unwrap().ended, 1);
    node.end("-INT");
}

fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command(arguments).output().unwrap();
    assert!(stdout.is_empty());
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn bad_file_is_refused_with_its_place_and_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "bad.toml", "[network]\nmax_peers = 0\n");
    let (code, errors) = refused(&["--config", &file]);
    let expected = format!("{file}:2: `max_peers = 0`; write a number from 1 to 10000");
    assert!(code == Some(1) && errors.contains(&expected), "{code:?}: {errors}");
    let (code, errors) = refused(&["--config", "nowhere.toml"]);
    assert!(
        code == Some(1) && errors.contains("could not read nowhere.toml"),
        "{code:?}: {errors}"
    );
}

#[test]
fn bad_flags_are_refused_with_the_ranges_of_their_keys() {
    let (peers, capacity) = ("from 1 to 10000", "from 1 to 100000000");
    let map = "from 1048576 to 70368744177664";
    for (flag, value, remedy) in [
        ("--max-peers", "0", peers),
        ("--max-peers", "10001", peers),
        ("--capacity", "0", capacity),
        ("--capacity", "many", capacity),
        // 2^28, of which four bits would be lost.
        ("--capacity", "268435456", capacity),
        ("--map-size", "1", map),
        ("--map-size", "18446744073709551615", map),
        ("--listen", "nowhere", "invalid multiaddr"),
        ("--rpc", "nowhere", "invalid socket address syntax"),
        ("--log", "node=loud", "write a level, such as `debug`"),
        ("--loud", "", "unexpected argument '--loud' found"),
    ] {
        // Where no folder can be, so that a node which takes the flag does not stay.
        let (code, errors) = refused(&["--data=/dev/null/data", &format!("{flag}={value}")]);
        assert!(code == Some(2) && errors.contains(remedy), "{flag} {value} {code:?}: {errors}");
    }
}

/// The map is as large as the genesis has filled it, so that the first block does not fit.
#[tokio::test]
async fn node_with_a_full_ledger_exits_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    // Larger than a map may be at least.
    let text =
        "[chain]\ngenesis_outputs = 6000\nring = 4\n[blocks]\nproduce = true\ninterval_ms = 1\n";
    let file = write(folder.path(), "node.toml", text);
    let data = folder.path().join("data").display().to_string();
    let node = Hand::start(&["--config", &file, "--data", &data]);
    let used = node.ask("getmemoryinfo").await["ledger"]["used_bytes"].as_u64().unwrap();
    assert!(used > 1 << 20, "{used}");
    node.end("-INT");
    let mut full =
        Hand::start(&["--config", &file, "--data", &data, "--map-size", &used.to_string()]);
    send(&full, 0).await;
    assert_eq!(line(&mut full.out), "", "it prints no other line, and not that it has stopped");
    assert_eq!(full.child.wait().unwrap().code(), Some(1));
    let errors = stderr_of(&mut full.child);
    let why = format!("the ledger's map of {used} bytes is full; open it with a larger `map_size`");
    assert!(errors.contains("ERROR node::node::alarm: the node cannot go on"), "{errors}");
    assert!(errors.contains(&format!("Error: {why}")), "{errors}");
}
