//! The memory and the time that clients can take from the server.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use node::{Node, rpc};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::counted::peak_of;
use crate::fixture::Spec;
use crate::http::{ask, call, post};
use crate::test_chain::{SPEC, config, signed};

/// The longest body of a request: 2 · 87,356 digits of hex, and 1,024.
const LONGEST: usize = 175_736;
/// What is only waited for if something is wrong; less than the thirty seconds of patience that hyper has by itself.
const LONG: Duration = Duration::from_secs(20);

async fn node(options: rpc::Options) -> (Node, SocketAddr, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.rpc = Some(options);
    let node = Node::start(config).await.unwrap();
    let address = node.rpc_address().unwrap();
    (node, address, folder)
}

/// Bodies of the longest length that are as bad as they can be: numbers, brackets, one escaped text.
fn bodies() -> [(Vec<u8>, i64); 3] {
    let zeros = format!("[ {}0]", "0,".repeat((LONGEST - 4) / 2)).into_bytes();
    let mut escaped =
        b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getrawtransaction\",\"params\":[\"\\n"
            .to_vec();
    escaped.resize(LONGEST - 3, b'x');
    escaped.extend(b"\"]}");
    [(zeros, -32600), (vec![b'['; LONGEST], -32700), (escaped, -32602)]
}

async fn send(address: SocketAddr, body: &[u8]) -> i64 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let answer: Value = serde_json::from_slice(&answer[at + 4..]).unwrap();
    answer["error"]["code"].as_i64().unwrap()
}

/// The server and its clients are on one thread, whose allocations are counted.
#[tokio::test]
async fn longest_bodies_stay_within_most_bytes() {
    let options = rpc::Options::default();
    assert_eq!(options.longest_body_bytes, LONGEST);
    let (node, address, _folder) = node(options).await;
    for (body, code) in bodies() {
        assert_eq!(body.len(), LONGEST);
        let (alone, answered) = peak_of(send(address, &body)).await;
        assert_eq!(answered, code);
        // Five times its length, and a connection.
        assert!(alone <= 5 * LONGEST as isize + (64 << 10), "{alone} for one");
        let all = futures::future::join_all((0..64).map(|_| send(address, &body)));
        let (together, answered) = peak_of(all).await;
        assert_eq!(answered, [code; 64]);
        assert!(together <= options.most_bytes() as isize, "{together} for 64");
    }
    assert!(options.most_bytes() < 4_000_000);
    node.stop().await.unwrap();
}

fn batch(id: &str) -> Vec<u8> {
    let one = json!({ "jsonrpc": "2.0", "id": 1, "method": "getrawtransaction", "params": [id] });
    json!(vec![one; 32]).to_string().into_bytes()
}

/// A node that has a transaction of sixteen inputs, and a batch that asks for it 32 times.
async fn with_a_long_one(options: rpc::Options) -> (Node, SocketAddr, Vec<u8>, usize, TempDir) {
    let (node, address, folder) = node(options).await;
    let long = signed(Spec { count: 2, inputs: 16, outputs: 2, ..SPEC }).remove(0);
    let id = node.state().submit(long.as_ref().clone()).unwrap();
    (node, address, batch(&id.to_string()), 2 * long.estimate_size(), folder)
}

#[tokio::test]
async fn batch_has_no_longer_answers_than_one_call() {
    let (node, address, batch, digits, _folder) = with_a_long_one(rpc::Options::default()).await;
    let (peak, (status, answers)) = peak_of(post(address, &batch)).await;
    assert_eq!(status, 200);
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), 32);
    let long =
        answers.iter().filter(|one| one["result"].as_str().is_some_and(|hex| hex.len() == digits));
    let most = LONGEST / (digits + 512);
    assert_eq!(long.count(), most);
    for refused in &answers[most..] {
        assert_eq!((&refused["error"]["code"], &refused["id"]), (&json!(-32603), &json!(1)));
    }
    // The client has the answer as bytes that doubled, as text and as JSON.
    assert!(peak <= 2 * 224_888 + 5 * 224_888, "{peak}");
    node.stop().await.unwrap();
}

/// Asks for long answers, one after the other, until it is cut off, and reads none.
async fn never_reads(address: SocketAddr, batch: &[u8]) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", batch.len());
    let request = [head.as_bytes(), batch].concat();
    while stream.write_all(&request).await.is_ok() {}
}

#[tokio::test]
async fn client_that_never_reads_is_cut_off_and_others_are_served() {
    let patience = Duration::from_millis(200);
    let options = rpc::Options { connections: 2, patience, ..rpc::Options::default() };
    let (node, address, batch, ..) = with_a_long_one(options).await;
    let stuck = futures::future::join_all([(); 4].map(|()| never_reads(address, &batch)));
    let others = async {
        for _ in 0..10 {
            assert_eq!(call(address, "getblockcount", json!([])).await, Ok(json!(0)));
        }
    };
    timeout(LONG, futures::future::join(stuck, others)).await.unwrap();
    node.stop().await.unwrap();
}

#[tokio::test]
async fn silent_client_is_cut_off() {
    let patience = Duration::from_millis(50);
    let (node, address, _folder) = node(rpc::Options { patience, ..rpc::Options::default() }).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    assert_eq!(ask(&mut idle, "getblockcount").await, json!(0));
    for stream in [&mut silent, &mut idle] {
        assert_eq!(timeout(LONG, stream.read(&mut [0])).await.unwrap().unwrap(), 0);
    }
    let mut endless = TcpStream::connect(address).await.unwrap();
    endless.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n[").await.unwrap();
    let mut answer = String::new();
    timeout(LONG, endless.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    node.stop().await.unwrap();
}

/// While other clients use all memory for bodies, a short request is answered, and a long one gets status 503.
#[tokio::test]
async fn short_request_does_not_wait_for_long_ones() {
    let patience = Duration::from_secs(2);
    let (node, address, _folder) = node(rpc::Options { patience, ..rpc::Options::default() }).await;
    let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {LONGEST}\r\n\r\n");
    let mut greedy = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        greedy.push(stream);
    }
    assert_eq!(call(address, "getblockcount", json!([])).await, Ok(json!(0)));
    // None of them had to be given up for that.
    for stream in &greedy {
        assert_eq!(stream.try_read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
    let mut statuses = Vec::new();
    for mut stream in greedy {
        let mut status = [0; 12];
        timeout(LONG, stream.read_exact(&mut status)).await.unwrap().unwrap();
        statuses.push(String::from_utf8_lossy(&status[9..]).into_owned());
    }
    // Two had a place and sent no body; the third waited for one of them, or for too long.
    assert_eq!(statuses[..2], ["408", "408"]);
    assert!(["408", "503"].contains(&statuses[2].as_str()), "{statuses:?}");
    node.stop().await.unwrap();
}
