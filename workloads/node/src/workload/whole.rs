//! Workload: a whole node, with its peers, its ledger and its server, takes transactions from gossip.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::client::Client;
use super::{Kind, order};
use crate::config::{Blocks, Config};
use crate::fixture::Spec;
use crate::mempool::Limits;
use crate::net::crowd::{Crowd, Order};
use crate::net::{Buffers, Multiaddr, Options, Topic};
use crate::node::Node;
use crate::{Fixture, arena, config, ledger, rpc};

/// What the node is up against.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Its peers.
    pub peers: usize,
    /// Transactions that its peers send before the work begins, and that are in blocks by then. Without it,
    /// the work starts node and peers.
    #[serde(default)]
    pub before: Option<usize>,
    /// Transactions that they send while no blocks are made; not to be had with those before.
    #[serde(default)]
    pub pooled: usize,
    /// How many they send in a second; without it, as many as they can.
    #[serde(default)]
    pub per_second: Option<NonZeroU32>,
    /// Transactions that they send then, while a block of up to 200 is made every 200 ms.
    #[serde(default)]
    pub mined: usize,
}

/// A thousand transactions a second: more than two cores can verify, so that a pool does not stay full.
const EVERY: Blocks = Blocks {
    interval: Duration::from_millis(200),
    limits: Limits { transactions: 200, bytes: usize::MAX },
};

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Transactions that went from gossip into the ledger.
    pub mined: usize,
    /// Transactions that the server counted in the pool before the first block.
    pub pooled: u64,
    /// Peers that the server counted then.
    pub peers: u64,
    /// Transactions that are left in the pool.
    pub left: usize,
    /// Key images that are left in the pool.
    pub key_images: usize,
    /// How often the gauges were looked at: after each block, unless two came within 5 ms.
    pub looks: usize,
    /// At how many of these looks one was not what it has to be.
    pub broken: usize,
    #[serde(skip)]
    _kept: (Running, Runtime),
}

#[derive(Debug)]
struct Running {
    node: Node,
    crowd: Crowd,
    spec: Spec,
    per_second: Option<NonZeroU32>,
    sent: usize,
    gauges: Gauges,
    _folder: TempDir,
}

/// What holds of a node at any time, whatever it has been through.
#[derive(Debug, Default)]
struct Gauges {
    most_peers: usize,
    height: u64,
    mined: usize,
    looks: usize,
    broken: usize,
}

/// Signs the transactions; the work starts the node and its peers, unless they have been, and takes what
/// they send.
///
/// # Errors
/// If the fixture cannot be made, or a port cannot be listened at.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
    // First of all, since whoever makes or checks a fixture may start threads.
    arena::share_one_arena();
    let all = params.before.unwrap_or(0) + params.pooled + params.mined;
    let spec = Kind::Private.spec(all);
    Fixture::open(spec)?;
    let runtime = super::runtime()?;
    let start = move |runtime: &Runtime| runtime.block_on(Running::start(params, spec));
    let started = if params.before.is_some() { Some(start(&runtime)?) } else { None };
    Ok(move || {
        let mut running = match started {
            Some(running) => running,
            None => start(&runtime)?,
        };
        let (pooled, peers, mined) = runtime.block_on(running.load(params))?;
        let pool = running.node.state().pool();
        let (left, key_images) = (pool.len(), pool.key_images());
        drop(pool);
        let Gauges { looks, broken, .. } = running.gauges;
        Ok(Answer {
            mined,
            pooled,
            peers,
            left,
            key_images,
            looks,
            broken,
            _kept: (running, runtime),
        })
    })
}

impl Running {
    async fn start(params: Params, spec: Spec) -> Result<Self> {
        let _span = tracing::info_span!("start").entered();
        let folder = tempfile::tempdir()?;
        let network = Options { max_peers: params.peers.max(1) as u32, ..Options::default() };
        let genesis = config::Genesis { seed: spec.seed, outputs: spec.count as usize };
        let node = Node::start(Config {
            data: folder.path().join("ledger"),
            network,
            rpc: Some(rpc::Options::default()),
            genesis,
            ledger: ledger::Options { durable: false, ..ledger::Options::default() },
            ..Config::default()
        })
        .await?;
        let mut crowd = Crowd::start()?;
        let address = node.address().cloned().unwrap_or_else(Multiaddr::empty);
        let (peers, buffers) = (params.peers, Buffers::Bounded);
        order(&mut crowd, &Order::Dial { address, peers, buffers })?;
        node.network()
            .wait_for(|status| status.identified == peers && status.subscribed == peers)
            .await?;
        // Each has delivered a message of the node's before anything else is asked of it.
        node.network().publish(Topic::Transactions, vec![0; 64]).await?;
        order(&mut crowd, &Order::Deliver { messages: 1 })?;
        let gauges = Gauges { most_peers: peers, ..Gauges::default() };
        let mut running = Self {
            node,
            crowd,
            spec,
            per_second: params.per_second,
            sent: 0,
            gauges,
            _folder: folder,
        };
        if let Some(before) = params.before {
            running.node.make_blocks(EVERY);
            running.mine(before).await?;
        }
        Ok(running)
    }

    /// What the server counts in the pool at its fullest, and among the peers, and what was mined.
    async fn load(&mut self, params: Params) -> Result<(u64, u64, usize)> {
        let Some(server) = self.node.rpc_address() else { bail!("it has no server") };
        let mut client = Client::new(server, 1);
        let before = self.gauges.mined;
        self.fill(params.pooled).await?;
        let mut ask = |what: &str, field: &str| {
            let told = tokio::task::block_in_place(|| client.call(what))?;
            anyhow::Ok(told[field].as_u64().unwrap_or_default())
        };
        let pooled = ask("getmempoolinfo", "size")?;
        let peers = ask("getpeerinfo", "connected")?;
        if params.before.is_none() {
            self.node.make_blocks(EVERY);
        }
        self.mine(params.mined).await?;
        Ok((pooled, peers, self.gauges.mined - before))
    }

    fn send(&mut self, count: usize) -> Result<()> {
        let (spec, first, per_second) = (self.spec, self.sent, self.per_second);
        let some = Order::Send { spec, first, count, per_second };
        order(&mut self.crowd, &some)?;
        self.sent += count;
        Ok(())
    }

    async fn fill(&mut self, transactions: usize) -> Result<()> {
        let _span = tracing::info_span!("fill").entered();
        let full = self.node.state().pool().len() + transactions;
        self.send(transactions)?;
        while self.node.state().pool().len() < full {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Until all that was ever sent is in the ledger, and nothing of it in the pool.
    async fn mine(&mut self, transactions: usize) -> Result<()> {
        let _span = tracing::info_span!("mine").entered();
        self.send(transactions)?;
        while self.gauges.mined < self.sent || !self.node.state().pool().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            tokio::task::block_in_place(|| self.gauges.look(&self.node))?;
        }
        Ok(())
    }
}

impl Gauges {
    /// Looks if there is a new block.
    fn look(&mut self, node: &Node) -> Result<()> {
        let pool = node.state().pool();
        let ledger = node.state().ledger();
        let (height, _) = ledger.tip();
        if height == self.height {
            return Ok(());
        }
        for height in self.height + 1..=height {
            let block = ledger.block(height)?;
            self.mined += block.map_or(0, |block| block.header.transactions as usize);
        }
        (self.height, self.looks) = (height, self.looks + 1);
        let hold = pool.len() <= pool.capacity()
            && pool.key_images() == pool.inputs()
            && ledger.size()?.key_images.records == self.mined
            && node.network().status().connected <= self.most_peers;
        self.broken += usize::from(!hold);
        Ok(())
    }
}
