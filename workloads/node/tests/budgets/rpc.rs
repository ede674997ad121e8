//! Workload: clients send requests to a node's server, good ones and bad ones.

use std::sync::Arc;

use node::ledger::Options;
use node::{Ledger, Network, Rules, State, net, rpc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::client::Client;
use crate::incoming::{Incoming, Kind};
use crate::pool::Pool;
use crate::runtime;

/// The clients and their requests.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Transactions in the pool.
    pub(crate) transactions: usize,
    /// The requests of each client.
    pub(crate) rounds: usize,
    /// Clients that send at once.
    pub(crate) clients: usize,
    /// Their request.
    pub(crate) request: Request,
}

/// The request of a client.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Request {
    /// `getmempoolinfo`.
    Pool,
    /// No JSON.
    Malformed,
    /// An unknown method.
    Unknown,
    /// A body of 4 MiB.
    Oversized,
    /// A body as long as one may be, of nothing but numbers.
    Longest,
}

/// The answers.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Output {
    /// Whether `getmempoolinfo` returned the pool's own count, bytes, heap, key images and fees.
    pub(crate) as_the_pool: bool,
    /// The number of answers.
    pub(crate) answered: u64,
    /// Answers with a result.
    pub(crate) results: u64,
    /// Answers with the error that belongs to the request.
    pub(crate) errors: u64,
    #[serde(skip)]
    kept: Option<(Server, Runtime)>,
}

struct Server {
    state: Arc<State>,
    server: rpc::Server,
    _network: Arc<Network>,
    _folder: TempDir,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_tuple("Server").field(&self.server.address()).finish()
    }
}

impl Request {
    fn body(self) -> Vec<u8> {
        let call = |method| {
            json!({ "jsonrpc": "2.0", "method": method, "params": [], "id": 1 }).to_string()
        };
        match self {
            Self::Pool => call("getmempoolinfo").into_bytes(),
            Self::Malformed => b"{\"jsonrpc\": \"2.0\", \"method\": ".to_vec(),
            Self::Unknown => call("getallthecoins").into_bytes(),
            Self::Oversized => vec![b' '; 4 << 20],
            Self::Longest => {
                let more = ",0".repeat(rpc::Options::default().longest_body_bytes / 2 - 2);
                format!("[0{more}]").into_bytes()
            }
        }
    }

    /// The HTTP status of the answer, and a part of its body.
    fn expected(self) -> (u16, &'static [u8]) {
        match self {
            Self::Pool => (200, b"\"result\""),
            Self::Malformed => (200, b"-32700"),
            Self::Unknown => (200, b"-32601"),
            Self::Oversized => (413, b"-32600"),
            Self::Longest => (200, b"-32600"),
        }
    }
}

/// Fills a pool and starts the server; in the work, clients send requests.
///
/// # Errors
/// If the fixture cannot be made, or a port cannot be listened at.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    let runtime = runtime::two_threads()?;
    let served = runtime.block_on(serve(&incoming))?;
    drop(incoming);
    let body = params.request.body();
    let mut client = Client::new(served.server.address(), params.clients);
    let mut single = Client::new(served.server.address(), 1);
    single.call("getmempoolinfo")?;
    Ok(move || {
        let mut answer = Output { as_the_pool: served.agrees(&mut single)?, ..Output::default() };
        let (expected, has) = params.request.expected();
        for _ in 0..params.rounds {
            client.post_all(&body, |status, body| {
                let as_expected =
                    status == expected && body.windows(has.len()).any(|some| some == has);
                answer.answered += 1;
                match params.request {
                    Request::Pool => answer.results += u64::from(as_expected),
                    _ => answer.errors += u64::from(as_expected),
                }
            })?;
        }
        answer.as_the_pool &= served.agrees(&mut single)?;
        answer.kept = Some((served, runtime));
        Ok(answer)
    })
}

async fn serve(incoming: &Incoming) -> anyhow::Result<Server> {
    let folder = tempfile::tempdir()?;
    let options = Options { durable: false, ..Options::default() };
    let ledger = Ledger::open(folder.path(), &incoming.genesis, options)?;
    let mut pool = Pool::default().open();
    for transaction in incoming.all() {
        pool.admit(transaction?, &ledger, 0)?;
    }
    let state = Arc::new(State::new(Rules::default(), pool, ledger));
    let alone = net::Options { listen: None, ..net::Options::default() };
    let network = Arc::new(Network::start(alone).await?.0);
    let server =
        rpc::Server::start(rpc::Options::default(), state.clone(), network.clone()).await?;
    Ok(Server { state, server, _network: network, _folder: folder })
}

impl Server {
    /// Whether `getmempoolinfo` returns the pool's own figures.
    fn agrees(&self, client: &mut Client) -> anyhow::Result<bool> {
        let info = client.call("getmempoolinfo")?;
        let pool = self.state.pool();
        let own = [
            ("size", pool.len() as u64),
            ("bytes", pool.encoded_bytes() as u64),
            ("usage", pool.heap_size() as u64),
            ("capacity", pool.capacity() as u64),
            ("keyimages", pool.key_images() as u64),
            ("totalfees", pool.total_fees()),
        ];
        Ok(own.into_iter().all(|(name, own)| info[name].as_u64() == Some(own)))
    }
}
