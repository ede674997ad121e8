//! How a node ends: open requests are answered, and no task is left.

use std::sync::Arc;

use node::Node;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use crate::http::ask;
use crate::nodes::until;
use crate::test_chain::{config, verified};

fn submissions() -> Vec<u8> {
    let calls = verified()[..32].iter().enumerate().map(|(id, transaction)| {
        let params = [hex::encode(transaction.encode())];
        json!({ "jsonrpc": "2.0", "id": id, "method": "sendrawtransaction", "params": params })
    });
    let body = Value::from(calls.collect::<Vec<_>>()).to_string();
    let length = body.len();
    format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_requests_are_answered_and_no_task_is_left() {
    let body = submissions();
    let folder = tempfile::tempdir().unwrap();
    let before = Handle::current().metrics().num_alive_tasks();
    let node = Node::start(config(folder.path())).await.unwrap();
    let (address, state) = (node.rpc_address().unwrap(), node.state().clone());
    let peers = node.address().unwrap().to_string();
    let peers: u16 = peers.rsplit('/').next().unwrap().parse().unwrap();
    // One client was answered and stays, one is silent, and one waits for its answer.
    let mut idle = TcpStream::connect(address).await.unwrap();
    assert_eq!(ask(&mut idle, "getblockcount").await, json!(0));
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut busy = TcpStream::connect(address).await.unwrap();
    busy.write_all(&body).await.unwrap();
    until(|| !state.pool().is_empty()).await;
    node.stop().await.unwrap();

    let mut answer = String::new();
    busy.read_to_string(&mut answer).await.unwrap();
    let (_, answer) = answer.split_once("\r\n\r\n").unwrap();
    let answer: Vec<Value> = serde_json::from_str(answer).unwrap();
    let ids: Vec<_> = answer.iter().map(|answer| answer["result"].as_str().unwrap()).collect();
    assert_eq!(ids, verified()[..32].iter().map(|one| one.id().to_string()).collect::<Vec<_>>());
    for stream in [&mut idle, &mut silent] {
        assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
    }
    std::net::TcpListener::bind(address).unwrap();
    std::net::TcpListener::bind(("127.0.0.1", peers)).unwrap();
    assert_eq!((Arc::strong_count(&state), state.pool().len()), (1, 32));
    assert_eq!(Handle::current().metrics().num_alive_tasks(), before);
}
