//! A node by hand.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use node::Node;
use node::config::{Config, EXAMPLE};
use node::net::Multiaddr;
use tokio::signal::unix::{SignalKind, signal};

/// A full node of a privacy coin's test chain. Every flag overrides its key in `node.toml`.
#[derive(Parser)]
struct Arguments {
    /// The configuration; without it, every key has its default.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Prints a configuration with every key, and ends.
    #[arg(long)]
    example: bool,
    /// Where the ledger lies.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where to listen for peers, such as /ip4/127.0.0.1/tcp/7100.
    #[arg(long)]
    listen: Option<Multiaddr>,
    /// A peer to connect to; may be given more than once.
    #[arg(long)]
    dial: Vec<Multiaddr>,
    /// Where to listen for JSON-RPC, such as 127.0.0.1:8332.
    #[arg(long)]
    rpc: Option<SocketAddr>,
    /// The most peers.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    max_peers: Option<u32>,
    /// The most waiting transactions.
    #[arg(long)]
    capacity: Option<usize>,
    /// The ledger's map, in bytes.
    #[arg(long)]
    map_size: Option<usize>,
}

impl Arguments {
    fn config(self) -> anyhow::Result<Config> {
        let mut config = self.config.as_deref().map_or(Ok(Config::default()), Config::read)?;
        config.data = self.data.unwrap_or(config.data);
        config.network.listen = self.listen.or(config.network.listen);
        config.network.max_peers = self.max_peers.unwrap_or(config.network.max_peers);
        if !self.dial.is_empty() {
            config.network.dial = self.dial;
        }
        if let (Some(rpc), Some(listen)) = (&mut config.rpc, self.rpc) {
            rpc.listen = listen;
        }
        config.mempool.capacity = self.capacity.unwrap_or(config.mempool.capacity);
        config.ledger.map_bytes = self.map_size.unwrap_or(config.ledger.map_bytes);
        Ok(config)
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.example {
        return say(EXAMPLE.trim_end());
    }
    let config = arguments.config()?;
    node::process::share_one_arena();
    run(config)
}

#[tokio::main]
async fn run(config: Config) -> anyhow::Result<()> {
    // Before anything is said, since whoever hears it may answer with a signal.
    let mut interrupt = signal(SignalKind::interrupt()).context("waiting for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("waiting for a signal")?;
    let node = Node::start(config).await?;
    if let Some(address) = node.address() {
        say(&format!("peers {address}"))?;
    }
    if let Some(address) = node.rpc_address() {
        say(&format!("rpc http://{address}"))?;
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    node.stop().await?;
    say("stopped")
}

/// A line on stdout, for people and for scripts that wait for it.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
