//! Workload: clients ask a node about its pool, and some of them ask badly.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::client::Client;
use super::{Incoming, Kind, Pool};
use crate::ledger::Options;
use crate::{Ledger, Mempool, Network, Rules, State, net, rpc};

/// Who asks what.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Transactions in the pool.
    pub transactions: usize,
    /// How often each of the clients asks.
    pub rounds: usize,
    /// Clients that ask at once.
    pub clients: usize,
    /// What they ask.
    pub question: Question,
}

/// What a client sends.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// `getmempoolinfo`.
    Pool,
    /// No JSON.
    Malformed,
    /// A method that is none.
    Unknown,
    /// A body of 4 MiB.
    Oversized,
    /// A body as long as one may be, of nothing but numbers.
    Longest,
}

/// What was answered.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// Whether `getmempoolinfo` said count, bytes, heap, key images and fees as the pool does.
    pub as_the_pool: bool,
    /// Answers.
    pub answered: u64,
    /// Those with a result.
    pub results: u64,
    /// Those with the error of what was sent.
    pub errors: u64,
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

impl Question {
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

    /// The HTTP status, and what the body must contain.
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

/// Fills a pool and starts the server; in the work clients ask.
///
/// # Errors
/// If the fixture cannot be made, or a port cannot be listened at.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    let runtime = super::runtime()?;
    let served = runtime.block_on(serve(&incoming))?;
    drop(incoming);
    let body = params.question.body();
    let mut client = Client::new(served.server.address(), params.clients);
    let mut one = Client::new(served.server.address(), 1);
    one.call("getmempoolinfo")?;
    Ok(move || {
        let mut answer = Answer { as_the_pool: served.told(&mut one)?, ..Answer::default() };
        let (expected, has) = params.question.expected();
        for _ in 0..params.rounds {
            client.ask_all(&body, |status, body| {
                let as_expected =
                    status == expected && body.windows(has.len()).any(|some| some == has);
                answer.answered += 1;
                match params.question {
                    Question::Pool => answer.results += u64::from(as_expected),
                    _ => answer.errors += u64::from(as_expected),
                }
            })?;
        }
        answer.as_the_pool &= served.told(&mut one)?;
        answer.kept = Some((served, runtime));
        Ok(answer)
    })
}

async fn serve(incoming: &Incoming) -> anyhow::Result<Server> {
    let folder = tempfile::tempdir()?;
    let options = Options { durable: false, ..Options::default() };
    let ledger = Ledger::open(folder.path(), &incoming.genesis, options)?;
    let mut pool = Mempool::new(Pool::default().options());
    for one in incoming.all() {
        pool.admit(one?, &ledger, 0)?;
    }
    let state = Arc::new(State::new(Rules::default(), pool, ledger));
    let alone = net::Options { listen: None, ..net::Options::default() };
    let network = Arc::new(Network::start(alone).await?.0);
    let server =
        rpc::Server::start(rpc::Options::default(), state.clone(), network.clone()).await?;
    Ok(Server { state, server, _network: network, _folder: folder })
}

impl Server {
    /// Whether the answer has the pool's own figures.
    fn told(&self, client: &mut Client) -> anyhow::Result<bool> {
        let told = client.call("getmempoolinfo")?;
        let pool = self.state.pool();
        let own = [
            ("size", pool.len() as u64),
            ("bytes", pool.encoded_bytes() as u64),
            ("usage", pool.heap_size() as u64),
            ("capacity", pool.capacity() as u64),
            ("keyimages", pool.key_images() as u64),
            ("totalfees", pool.total_fees()),
        ];
        Ok(own.into_iter().all(|(name, own)| told[name].as_u64() == Some(own)))
    }
}
