//! Workload: a node is started with a `node.toml` and filled to its limits.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use node::config::Config;
use node::net::{Buffers, Multiaddr};
use node::{Error, Node};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::incoming::{Incoming, Kind};
use crate::order::Order;
use crate::peer_swarm::PeerSwarm;
use crate::runtime;

/// The keys of the file, and the load. A key without a value is left out, so that it has its default.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// `max_peers`.
    #[serde(default)]
    pub(crate) max_peers: Option<u32>,
    /// `map_size`.
    #[serde(default)]
    pub(crate) map_size: Option<u64>,
    /// `capacity` of the pool.
    #[serde(default)]
    pub(crate) capacity: Option<usize>,
    /// Peers that dial.
    pub(crate) peers: usize,
    /// Transactions that are submitted.
    pub(crate) transactions: usize,
}

/// What the node let in.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Connected peers.
    pub(crate) connected: usize,
    /// Transactions in the pool.
    pub(crate) transactions: usize,
    /// The ledger's map, in bytes.
    pub(crate) map_bytes: usize,
    /// The lines at which the four bad files are refused with a remedy.
    pub(crate) refused_at: [usize; 4],
    #[serde(skip)]
    _kept: (Node, PeerSwarm, Runtime, TempDir),
}

/// Four files, each with one mistake.
const BAD: [&str; 4] = [
    "[network]\nmax_peers = 0\n",
    "[mempool]\n\ncapacity = \"many\"\n",
    "[ledger]\nmap_size = 1073741824\n\ngrows_to = 5\n",
    "[rpc]\n\n\n\nlisten = \"here\"\n",
];

/// Writes the file; the work reads it, starts the node, and offers it peers and transactions.
///
/// # Errors
/// If the fixture cannot be made, or there is no temporary folder.
pub(crate) fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Output>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("node.toml");
    fs::write(&file, text(params, folder.path(), incoming.genesis.outputs().len()))?;
    let runtime = runtime::two_threads()?;
    let mut swarm = PeerSwarm::start()?;
    Ok(move || {
        let refused_at = refused_at()?;
        let config = Config::read(&file)?;
        let expected = params.peers.min(config.network.max_peers as usize);
        let node = runtime.block_on(async {
            let node = Node::start(config).await?;
            let address = node.address().cloned().unwrap_or_else(Multiaddr::empty);
            let (peers, buffers) = (params.peers, Buffers::Bounded);
            swarm.order_from_task(&Order::Dial { address, peers, buffers })?;
            let arrived = node
                .network()
                .wait_for(|status| status.identified == expected && status.subscribed == expected);
            arrived.await?;
            Result::<_>::Ok(node)
        })?;
        // The node expires transactions by this clock while they are let in.
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        for transaction in incoming.all() {
            let state = node.state();
            let admitted = state.pool().admit(transaction?, &*state.ledger(), now);
            if let Err(error) = admitted
                && !matches!(error, Error::PoolFull { .. })
            {
                return Err(error.into());
            }
        }
        let map_bytes = node.state().ledger().size()?.map_bytes;
        let transactions = node.state().pool().len();
        Ok(Output {
            connected: node.network().status().connected,
            transactions,
            map_bytes,
            refused_at,
            _kept: (node, swarm, runtime, folder),
        })
    })
}

fn text(params: Params, folder: &Path, outputs: usize) -> String {
    let key = |name, value: Option<u64>| {
        value.map_or_else(String::new, |value| format!("{name} = {value}\n"))
    };
    format!(
        "data = {:?}\n[network]\n{}[mempool]\n{}[ledger]\ndurable = false\n{}[chain]\ngenesis_outputs = {outputs}\n",
        folder.join("ledger"),
        key("max_peers", params.max_peers.map(u64::from)),
        key("capacity", params.capacity.map(|capacity| capacity as u64)),
        key("map_size", params.map_size),
    )
}

fn refused_at() -> Result<[usize; 4]> {
    let mut lines = [0; 4];
    for (at, bad) in lines.iter_mut().zip(BAD) {
        let error = Config::parse("bad.toml", bad).err().context("a bad file was accepted")?;
        if let Error::Config { line, remedy, .. } = error
            && !remedy.is_empty()
        {
            *at = line;
        }
    }
    Ok(lines)
}
