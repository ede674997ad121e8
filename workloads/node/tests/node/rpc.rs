//! JSON-RPC: what is answered, and what is refused.

use std::net::SocketAddr;

use node::config::Config;
use node::{Hex, Node};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::http::{answer, ask, call, post, raw, request};
use crate::test_chain::{config, forged, verified};

async fn node() -> (Node, SocketAddr, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(config(folder.path())).await.unwrap();
    let address = node.rpc_address().unwrap();
    (node, address, folder)
}

fn hex(bytes: &[u8]) -> Value {
    json!([hex::encode(bytes)])
}

#[tokio::test]
async fn getmempoolinfo_returns_the_figures_of_the_pool() {
    let (node, address, _folder) = node().await;
    assert_eq!(call(address, "getblockcount", json!([])).await, Ok(json!(0)));
    for transaction in &verified()[..3] {
        let id = call(address, "sendrawtransaction", hex(&transaction.encode())).await;
        assert_eq!(id, Ok(json!(transaction.id().to_string())));
    }
    let info = call(address, "getmempoolinfo", json!([])).await.unwrap();
    let bytes: usize = verified()[..3].iter().map(|one| one.estimate_size()).sum();
    assert_eq!((&info["size"], &info["bytes"]), (&json!(3), &json!(bytes)));
    assert_eq!(info["usage"], json!(node.state().pool().heap_size()));
    let memory = call(address, "getmemoryinfo", json!([])).await.unwrap();
    assert_eq!(memory["mempool"]["transactions"], json!(node.state().pool().usage().transactions));
    assert!(memory["resident"]["anonymous"].as_u64().unwrap() > 0);
    let id = verified()[1].id().to_string();
    let bytes = call(address, "getrawtransaction", json!([id])).await.unwrap();
    assert_eq!(json!([bytes]), hex(&verified()[1].encode()));
    node.stop().await.unwrap();
}

#[tokio::test]
async fn refused_transactions_have_error_codes() {
    let (node, address, _folder) = node().await;
    let bytes = verified()[0].encode();
    for (parameters, code) in [
        (hex(&forged(&verified()[0], 0)), -26),
        (hex(&bytes[..100]), -32602),
        (json!(["zz"]), -32602),
        (json!([7]), -32602),
        (json!([]), -32602),
        (json!({ "transaction": "00" }), -32602),
    ] {
        assert_eq!(call(address, "sendrawtransaction", parameters).await, Err(code));
    }
    assert!(call(address, "sendrawtransaction", hex(&bytes)).await.is_ok());
    assert_eq!(call(address, "sendrawtransaction", hex(&bytes)).await, Err(-26));
    let unknown = json!([Hex([7; 32]).to_string()]);
    assert_eq!(call(address, "getrawtransaction", unknown).await, Err(-5));
    assert_eq!(call(address, "nonsense", json!([])).await, Err(-32601));
    node.stop().await.unwrap();
}

#[tokio::test]
async fn envelopes_follow_the_specification() {
    let (node, address, _folder) = node().await;
    for (body, code) in [
        ("", -32700),
        ("{", -32700),
        ("{\"jsonrpc\": \"2.0\", \"method\": \"getblockcount\", \"id\": 1", -32700),
        ("[]", -32600),
        ("1", -32600),
        ("{\"method\": \"getblockcount\", \"id\": 1}", -32600),
        ("{\"jsonrpc\": \"2.0\", \"method\": 1, \"id\": 1}", -32600),
        ("{\"jsonrpc\": \"2.0\", \"method\": \"getblockcount\", \"params\": 1, \"id\": 1}", -32600),
        ("{\"jsonrpc\": \"2.0\", \"method\": \"getblockcount\", \"id\": [1]}", -32600),
    ] {
        let (status, answer) = post(address, body.as_bytes()).await;
        assert_eq!((status, answer["error"]["code"].as_i64()), (200, Some(code)), "{body}");
        assert_eq!(answer["id"], Value::Null);
    }
    let one = json!({ "jsonrpc": "2.0", "method": "getblockcount", "id": "a" });
    let silent = json!({ "jsonrpc": "2.0", "method": "getblockcount" });
    let (status, answer) = post(address, json!([one, silent, 1]).to_string().as_bytes()).await;
    assert_eq!((status, answer.as_array().unwrap().len()), (200, 2));
    assert_eq!(answer[0], json!({ "jsonrpc": "2.0", "result": 0, "id": "a" }));
    assert_eq!(answer[1]["error"]["code"], json!(-32600));
    assert_eq!(post(address, silent.to_string().as_bytes()).await, (204, Value::Null));
    let many = vec![one; 33];
    let (_, answer) = post(address, json!(many).to_string().as_bytes()).await;
    assert_eq!(answer["error"]["code"], json!(-32600));
    node.stop().await.unwrap();
}

#[tokio::test]
async fn too_long_requests_are_not_read() {
    let (node, address, _folder) = node().await;
    let (status, answer) = post(address, &vec![b' '; 1 << 20]).await;
    assert_eq!((status, &answer["error"]["code"]), (413, &json!(-32600)));
    // It declares a body of a terabyte: the answer comes before.
    let head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1099511627776\r\n\r\n";
    assert_eq!(raw(address, head).await.0, 413);
    // A body in chunks does not declare its length.
    let mut chunked = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..64 {
        chunked.extend(b"4000\r\n");
        chunked.extend(vec![b' '; 0x4000]);
        chunked.extend(b"\r\n");
    }
    assert_eq!(raw(address, &chunked).await.0, 413);
    assert_eq!(
        raw(address, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.0,
        405
    );
    // A head without an end is cut off at 8 KiB.
    let endless = [b"POST / HTTP/1.1\r\nx: ".as_slice(), &[b'y'; 64 << 10]].concat();
    assert!(matches!(raw(address, &endless).await.0, 0 | 431));
    node.stop().await.unwrap();
}

/// More clients than the server serves at once: a later client waits, and is answered when one of them
/// leaves. Its answer shows that it has waited: it counts a transaction that was only let in meanwhile.
#[tokio::test]
async fn connections_above_the_limit_wait() {
    let folder = tempfile::tempdir().unwrap();
    let mut config: Config = config(folder.path());
    config.rpc.as_mut().unwrap().connections = 4;
    let node = Node::start(config).await.unwrap();
    let address = node.rpc_address().unwrap();
    let mut flood = Vec::new();
    for _ in 0..4 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // Answered, so that it has a place, and keeps it.
        assert_eq!(ask(&mut stream, "getmempoolinfo").await["size"], json!(0));
        flood.push(stream);
    }
    let mut late = TcpStream::connect(address).await.unwrap();
    late.write_all(&request("getmempoolinfo")).await.unwrap();
    // There is one thread: a request that could be answered is answered before ten others are.
    for _ in 0..10 {
        assert_eq!(ask(&mut flood[0], "getmempoolinfo").await["size"], json!(0));
    }
    node.state().submit(verified()[0].transaction().as_ref().clone()).unwrap();
    flood.pop();
    assert_eq!(answer(&mut late).await["size"], json!(1));
    node.stop().await.unwrap();
}
