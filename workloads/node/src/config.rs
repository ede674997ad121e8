//! `node.toml`: every key has a default, and every flag of the command line overrides its key, within the
//! same [`range`].

mod place;
pub mod range;
mod wire;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::mempool::Limits;
use crate::{Error, Result, Rules, ledger, mempool, net, rpc};

/// A `node.toml` with every key at its default.
pub const EXAMPLE: &str = include_str!("../node.toml");

/// How a node is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the ledger lies.
    pub data: PathBuf,
    /// The peers.
    pub network: net::Options,
    /// The server; `None` is none.
    pub rpc: Option<rpc::Options>,
    /// The pool.
    pub mempool: mempool::Options,
    /// The chain on disk.
    pub ledger: ledger::Options,
    /// The beginning of the chain.
    pub genesis: Genesis,
    /// The rules of the chain.
    pub rules: Rules,
    /// Whether and how the node makes blocks.
    pub blocks: Option<Blocks>,
}

/// The beginning of a test chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The seed of the wallet that owns all coins.
    pub seed: u64,
    /// How many outputs there are.
    pub outputs: usize,
}

/// How blocks are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// The time between two.
    pub interval: Duration,
    /// How large they may be.
    pub limits: Limits,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read; [`Error::Config`] with the line and what to write instead.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Reads a text, which messages call `name`.
    ///
    /// # Errors
    /// [`Error::Config`] with the line and what to write instead.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        wire::parse(name, text)
    }
}

impl Default for Config {
    /// The configuration of an empty file.
    fn default() -> Self {
        wire::defaults()
    }
}
