//! A client of the node's RPC over plain HTTP. Its allocations do not depend on the answers.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The longest answer, in bytes, that the client reads.
const LONGEST: usize = 64 << 10;

pub(crate) struct Client {
    server: SocketAddr,
    open: Vec<TcpStream>,
    buffer: Vec<u8>,
}

impl Client {
    /// A client that opens this many connections at once.
    pub(crate) fn new(server: SocketAddr, connections: usize) -> Self {
        let open = Vec::with_capacity(connections);
        Self { server, open, buffer: Vec::with_capacity(LONGEST) }
    }

    /// Sends the same body over every connection, then reads every answer and passes its status and body to
    /// `each`.
    pub(crate) fn post_all(&mut self, body: &[u8], mut each: impl FnMut(u16, &[u8])) -> Result<()> {
        for _ in 0..self.open.capacity() {
            let mut stream = TcpStream::connect(self.server)?;
            write!(
                stream,
                "POST / HTTP/1.1\r\nHost: node\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            )?;
            // A server that refuses what is too long closes before it has read all of it.
            let _refused_early = stream.write_all(body);
            self.open.push(stream);
        }
        for mut stream in self.open.drain(..) {
            self.buffer.clear();
            let _reset_early = (&mut stream).take(LONGEST as u64).read_to_end(&mut self.buffer);
            let (status, body) = answer(&self.buffer).context("the answer is no HTTP")?;
            each(status, body);
        }
        Ok(())
    }

    /// Calls a method and returns its result.
    pub(crate) fn call(&mut self, method: &str) -> Result<Value> {
        let body =
            format!("{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\",\"params\":[],\"id\":1}}");
        let mut result = Value::Null;
        self.post_all(body.as_bytes(), |_, body| {
            let answer = serde_json::from_slice::<Value>(body);
            result = answer
                .ok()
                .and_then(|mut answer| Some(answer.get_mut("result")?.take()))
                .unwrap_or_default();
        })?;
        Ok(result)
    }
}

fn answer(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let status = std::str::from_utf8(bytes.get(9..12)?).ok()?.parse().ok()?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((status, &bytes[end + 4..]))
}
