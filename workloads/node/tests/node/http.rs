//! A small HTTP client that sends any bytes.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What the server answers to these bytes, until it closes the connection.
pub(crate) async fn raw(address: SocketAddr, bytes: &[u8]) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may answer and close before it has read all of it.
    let _closed_early = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap_or("0").parse().unwrap();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

pub(crate) async fn post(address: SocketAddr, body: &[u8]) -> (u16, Value) {
    let length = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    raw(address, &[head.as_bytes(), body].concat()).await
}

/// The result of a call, or its error's code.
pub(crate) async fn call(address: SocketAddr, method: &str, params: Value) -> Result<Value, i64> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let (status, answer) = post(address, body.to_string().as_bytes()).await;
    assert_eq!((status, &answer["jsonrpc"], &answer["id"]), (200, &json!("2.0"), &json!(1)));
    match answer.get("error") {
        Some(error) => Err(error["code"].as_i64().unwrap()),
        None => Ok(answer["result"].clone()),
    }
}

/// A call whose connection stays open.
pub(crate) fn request(method: &str) -> Vec<u8> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": [] }).to_string();
    let length = body.len();
    format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

/// The result of the next answer that comes over a connection.
pub(crate) async fn answer(stream: &mut TcpStream) -> Value {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    body["result"].take()
}

pub(crate) async fn ask(stream: &mut TcpStream, method: &str) -> Value {
    stream.write_all(&request(method)).await.unwrap();
    answer(stream).await
}
