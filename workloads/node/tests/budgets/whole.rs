//! Workload: a whole node, with its peers, its ledger and its server, takes transactions from gossip.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Result, bail};
use node::config::{Blocks, Config};
use node::mempool::Limits;
use node::net::{Buffers, Multiaddr, Options, Topic};
use node::{Node, arena, config, ledger, rpc};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::client::Client;
use crate::fixture::{Fixture, Spec};
use crate::incoming::Kind;
use crate::order::Order;
use crate::peer_swarm::PeerSwarm;
use crate::runtime;

/// The peers and the load of the node.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The number of its peers.
    pub(crate) peers: usize,
    /// Transactions that the peers send before the work, and that are in blocks when it begins. Without it, the
    /// work starts node and peers.
    #[serde(default)]
    pub(crate) before: Option<usize>,
    /// Transactions that they send while no blocks are made. It cannot be used with `before`.
    #[serde(default)]
    pub(crate) pooled: usize,
    /// The rate of all peers together; without it, they send as fast as they can.
    #[serde(default)]
    pub(crate) per_second: Option<NonZeroU32>,
    /// Transactions that they send afterwards, while the node makes a block of up to 200 every 200 ms.
    #[serde(default)]
    pub(crate) mined: usize,
}

/// A thousand transactions a second: more than two cores can verify, so that a pool does not stay full.
const EVERY: Blocks = Blocks {
    interval: Duration::from_millis(200),
    limits: Limits { transactions: 200, bytes: usize::MAX },
};

/// The node at the end.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Transactions that went from gossip into the ledger.
    pub(crate) mined: usize,
    /// Transactions in the pool before the first block, as the server counts them.
    pub(crate) pooled: u64,
    /// Peers at that time, as the server counts them.
    pub(crate) peers: u64,
    /// Transactions that are left in the pool.
    pub(crate) left: usize,
    /// Key images that are left in the pool.
    pub(crate) key_images: usize,
    /// The checks of the gauges: one after each block, unless two blocks come within 5 ms.
    pub(crate) checks: usize,
    /// The checks that found a gauge with an impossible value.
    pub(crate) violations: usize,
    #[serde(skip)]
    _kept: (Running, Runtime),
}

#[derive(Debug)]
struct Running {
    node: Node,
    swarm: PeerSwarm,
    spec: Spec,
    per_second: Option<NonZeroU32>,
    sent: usize,
    gauges: Gauges,
    _folder: TempDir,
}

/// Gauges of a node that have known bounds at any time.
#[derive(Debug, Default)]
struct Gauges {
    most_peers: usize,
    height: u64,
    mined: usize,
    checks: usize,
    violations: usize,
}

/// Signs the transactions; the work starts the node and its peers, unless they run already, and has the peers
/// send.
///
/// # Errors
/// If the fixture cannot be made, or a port cannot be listened at.
pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
    // Before the first thread starts: making and checking a fixture starts threads.
    arena::share_one_arena();
    let all = params.before.unwrap_or(0) + params.pooled + params.mined;
    let spec = Kind::Private.spec(all);
    Fixture::open(spec)?;
    let runtime = runtime::two_threads()?;
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
        let Gauges { checks, violations, .. } = running.gauges;
        Ok(Output {
            mined,
            pooled,
            peers,
            left,
            key_images,
            checks,
            violations,
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
        let mut swarm = PeerSwarm::start()?;
        let address = node.address().cloned().unwrap_or_else(Multiaddr::empty);
        let (peers, buffers) = (params.peers, Buffers::Bounded);
        swarm.order_from_task(&Order::Dial { address, peers, buffers })?;
        node.network()
            .wait_for(|status| status.identified == peers && status.subscribed == peers)
            .await?;
        // Each peer has delivered a message of the node's before it sends.
        node.network().publish(Topic::Transactions, vec![0; 64]).await?;
        swarm.order_from_task(&Order::Deliver { messages: 1 })?;
        let gauges = Gauges { most_peers: peers, ..Gauges::default() };
        let mut running = Self {
            node,
            swarm,
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

    /// Returns the transactions in the full pool and the peers, as the server counts them, and the mined transactions.
    async fn load(&mut self, params: Params) -> Result<(u64, u64, usize)> {
        let Some(server) = self.node.rpc_address() else { bail!("the node has no server") };
        let mut client = Client::new(server, 1);
        let before = self.gauges.mined;
        self.fill(params.pooled).await?;
        let mut count = |method: &str, field: &str| {
            let info = tokio::task::block_in_place(|| client.call(method))?;
            anyhow::Ok(info[field].as_u64().unwrap_or_default())
        };
        let pooled = count("getmempoolinfo", "size")?;
        let peers = count("getpeerinfo", "connected")?;
        if params.before.is_none() {
            self.node.make_blocks(EVERY);
        }
        self.mine(params.mined).await?;
        Ok((pooled, peers, self.gauges.mined - before))
    }

    fn send(&mut self, count: usize) -> Result<()> {
        let (spec, first, per_second) = (self.spec, self.sent, self.per_second);
        self.swarm.order_from_task(&Order::Send { spec, first, count, per_second })?;
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

    /// Sends transactions, and waits until all that were ever sent are in the ledger and the pool is empty.
    async fn mine(&mut self, transactions: usize) -> Result<()> {
        let _span = tracing::info_span!("mine").entered();
        self.send(transactions)?;
        while self.gauges.mined < self.sent || !self.node.state().pool().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            tokio::task::block_in_place(|| self.gauges.check(&self.node))?;
        }
        Ok(())
    }
}

impl Gauges {
    /// Checks the gauges if there is a new block.
    fn check(&mut self, node: &Node) -> Result<()> {
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
        self.height = height;
        self.checks += 1;
        let hold = pool.len() <= pool.capacity()
            && pool.key_images() == pool.inputs()
            && ledger.size()?.key_images.records == self.mined
            && node.network().status().connected <= self.most_peers;
        self.violations += usize::from(!hold);
        Ok(())
    }
}
