//! Workload: a whole node, with its peers, its ledger and its server, takes transactions from gossip.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::client::Client;
use super::{Kind, gossip};
use crate::config::{Blocks, Config};
use crate::fixture::Spec;
use crate::mempool::Limits;
use crate::net::crowd::{Crowd, Order};
use crate::net::{Buffers, Multiaddr, Options};
use crate::node::Node;
use crate::{Fixture, Hex, arena, config, ledger, rpc};

/// What the node is up against.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Transactions that its peers send.
    pub transactions: usize,
    /// Its peers.
    pub peers: usize,
    /// Whether it makes blocks while they come, one every 200 ms; otherwise it makes them when the pool has
    /// all of them.
    pub blocks: bool,
    /// Whether node and peers are there before the work begins.
    #[serde(default)]
    pub started: bool,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Transactions that are in the ledger.
    pub mined: u64,
    /// Transactions that the server counted in the pool at its fullest; 0 if blocks were made all along.
    pub pooled: u64,
    /// Peers that the server counted then, or at the end.
    pub peers: u64,
    /// Transactions that are left in the pool.
    pub left: usize,
    /// Key images that are left in the pool.
    pub key_images: usize,
    /// Key images in the ledger.
    pub spent: usize,
    #[serde(skip)]
    _kept: (Running, Runtime),
}

#[derive(Debug)]
struct Running {
    node: Node,
    crowd: Crowd,
    _folder: TempDir,
}

/// Signs the transactions; the work starts the node and its peers, unless they have been, and takes what
/// they send.
///
/// # Errors
/// If the fixture cannot be made, or a port cannot be listened at.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
    let spec = Kind::Private.spec(params.transactions);
    // First of all, since whoever makes or checks a fixture may start threads.
    arena::share_one_arena();
    Fixture::open(spec)?;
    let runtime = super::runtime()?;
    let start = move |runtime: &Runtime| runtime.block_on(Running::start(params, spec));
    let started = if params.started { Some(start(&runtime)?) } else { None };
    Ok(move || {
        let mut running = match started {
            Some(running) => running,
            None => start(&runtime)?,
        };
        let answer = runtime.block_on(running.load(params, spec))?;
        Ok(answer(running, runtime))
    })
}

impl Running {
    async fn start(params: Params, spec: Spec) -> Result<Self> {
        let _span = tracing::info_span!("start").entered();
        let folder = tempfile::tempdir()?;
        let limits = Limits { transactions: 200, bytes: usize::MAX };
        let every = Blocks { interval: Duration::from_millis(200), limits };
        let network = Options { max_peers: params.peers.max(1) as u32, ..Options::default() };
        let genesis = config::Genesis { seed: spec.seed, outputs: spec.count as usize };
        let node = Node::start(Config {
            data: folder.path().join("ledger"),
            network,
            rpc: Some(rpc::Options::default()),
            genesis,
            ledger: ledger::Options { durable: false, ..ledger::Options::default() },
            blocks: params.blocks.then_some(every),
            ..Config::default()
        })
        .await?;
        let mut crowd = Crowd::start()?;
        let address = node.address().cloned().unwrap_or_else(Multiaddr::empty);
        let (peers, buffers) = (params.peers, Buffers::Bounded);
        gossip(&mut crowd, &Order::Dial { address, peers, buffers })?;
        node.network()
            .wait_for(|status| status.identified == peers && status.subscribed == peers)
            .await?;
        Ok(Self { node, crowd, _folder: folder })
    }

    async fn load(
        &mut self,
        params: Params,
        spec: Spec,
    ) -> Result<impl FnOnce(Self, Runtime) -> Answer + use<>> {
        let Self { node, crowd, .. } = self;
        let Some(server) = node.rpc_address() else { anyhow::bail!("it has no server") };
        let mut client = Client::new(server, 1);
        let all = params.transactions;
        {
            let _span = tracing::info_span!("load").entered();
            gossip(crowd, &Order::Send { spec, first: 0, count: all })?;
            let here = |node: &Node| match params.blocks {
                true => spent(node),
                false => Ok(node.state().pool().len()),
            };
            while here(node)? < all {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        let mut ask = |what: &str, field: &str| {
            let told = tokio::task::block_in_place(|| client.call(what))?;
            anyhow::Ok(told[field].as_u64().unwrap_or_default())
        };
        let pooled = if params.blocks { 0 } else { ask("getmempoolinfo", "size")? };
        let peers = ask("getpeerinfo", "connected")?;
        let _span = tracing::info_span!("drain").entered();
        let limits = Limits { transactions: 200, bytes: usize::MAX };
        tokio::task::block_in_place(|| {
            while node.state().produce(limits)?.is_some() {}
            anyhow::Ok(())
        })?;
        let spent = spent(node)?;
        let mined = mined(node)?;
        ensure!(mined == spent as u64, "{mined} mined, and {spent} key images");
        let left = node.state().pool().len();
        let key_images = node.state().pool().key_images();
        Ok(move |running, runtime| Answer {
            mined,
            pooled,
            peers,
            left,
            key_images,
            spent,
            _kept: (running, runtime),
        })
    }
}

fn spent(node: &Node) -> Result<usize> {
    Ok(node.state().ledger().size()?.key_images.records)
}

fn mined(node: &Node) -> Result<u64> {
    let ledger = node.state().ledger();
    let (last, _): (u64, Hex) = ledger.tip();
    let mut mined = 0;
    for height in 1..=last {
        let block = ledger.block(height)?;
        mined += block.map_or(0, |block| u64::from(block.header.transactions));
    }
    Ok(mined)
}
