//! Workload: a node is started as its `node.toml` says, and filled to its limits.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{Incoming, Kind, order};
use crate::Error;
use crate::config::Config;
use crate::net::crowd::{Crowd, Order};
use crate::net::{Buffers, Multiaddr};
use crate::node::Node;

/// What the file says. What is left out of it has its default.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// `max_peers`.
    #[serde(default)]
    pub max_peers: Option<u32>,
    /// `map_size`.
    #[serde(default)]
    pub map_size: Option<u64>,
    /// `capacity` of the pool.
    #[serde(default)]
    pub capacity: Option<usize>,
    /// Peers that dial, and transactions that come.
    pub peers: usize,
    /// Transactions that come.
    pub transactions: usize,
}

/// What was let in.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Peers.
    pub connected: usize,
    /// Transactions.
    pub transactions: usize,
    /// The ledger's map, in bytes.
    pub map_bytes: usize,
    /// The lines at which bad files are refused, each with a remedy.
    pub refused_at: [usize; 4],
    #[serde(skip)]
    _kept: (Node, Crowd, Runtime, TempDir),
}

/// Four files, each with one mistake.
const BAD: [&str; 4] = [
    "[network]\nmax_peers = 0\n",
    "[mempool]\n\ncapacity = \"many\"\n",
    "[ledger]\nmap_size = 1073741824\n\ngrows_to = 5\n",
    "[rpc]\n\n\n\nlisten = \"here\"\n",
];

/// Writes the file; the work reads it, starts the node, and lets in what it lets in.
///
/// # Errors
/// If the fixture cannot be made, or there is no temporary folder.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<Answer>> {
    let incoming = Incoming::open(Kind::Private, params.transactions)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("node.toml");
    fs::write(&file, text(params, folder.path(), incoming.genesis.outputs().len()))?;
    let runtime = super::runtime()?;
    let mut crowd = Crowd::start()?;
    Ok(move || {
        let refused_at = refused_at()?;
        let config = Config::read(&file)?;
        let expected = params.peers.min(config.network.max_peers as usize);
        let node = runtime.block_on(async {
            let node = Node::start(config).await?;
            let address = node.address().cloned().unwrap_or_else(Multiaddr::empty);
            let (peers, buffers) = (params.peers, Buffers::Bounded);
            order(&mut crowd, &Order::Dial { address, peers, buffers })?;
            let arrived = node
                .network()
                .wait_for(|status| status.identified == expected && status.subscribed == expected);
            arrived.await?;
            Result::<_>::Ok(node)
        })?;
        for one in incoming.all() {
            let state = node.state();
            let admitted = state.pool().admit(one?, &*state.ledger(), 0);
            if let Err(error) = admitted
                && !matches!(error, Error::PoolFull { .. })
            {
                return Err(error.into());
            }
        }
        let map_bytes = node.state().ledger().size()?.map_bytes;
        let transactions = node.state().pool().len();
        Ok(Answer {
            connected: node.network().status().connected,
            transactions,
            map_bytes,
            refused_at,
            _kept: (node, crowd, runtime, folder),
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
        let error = Config::parse("bad.toml", bad).err().context("a bad file is taken")?;
        if let Error::Config { line, remedy, .. } = error
            && !remedy.is_empty()
        {
            *at = line;
        }
    }
    Ok(lines)
}
