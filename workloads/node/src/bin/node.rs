//! The binary `node`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use node::Node;
use node::config::{Config, EXAMPLE, range};
use node::net::Multiaddr;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// A full node of a privacy coin's test chain. Every flag overrides its key in `node.toml`.
#[derive(Parser)]
#[command(after_help = AFTER)]
struct Arguments {
    /// The configuration; without it, every key has its default.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Prints a configuration with every key, and ends.
    #[arg(long)]
    example: bool,
    /// The log on stderr: a level (off, error, warn, info, debug, trace), or one for each part.
    #[arg(long, value_name = "FILTER", default_value = "warn,node=info", value_parser = filter)]
    log: Targets,
    /// Where the ledger lies.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where to listen for peers, such as /ip4/127.0.0.1/tcp/7100.
    #[arg(long)]
    listen: Option<Multiaddr>,
    /// A peer to connect to; may be given more than once, and then replaces all of the file's.
    #[arg(long)]
    dial: Vec<Multiaddr>,
    /// Where to listen for JSON-RPC, such as 127.0.0.1:8332.
    #[arg(long)]
    rpc: Option<SocketAddr>,
    /// The most peers.
    #[arg(long, value_parser = |text: &str| range::MAX_PEERS.parse(text))]
    max_peers: Option<u64>,
    /// The most waiting transactions.
    #[arg(long, value_parser = |text: &str| range::CAPACITY.parse(text))]
    capacity: Option<u64>,
    /// The ledger's map, in bytes.
    #[arg(long, value_parser = |text: &str| range::MAP_SIZE.parse(text))]
    map_size: Option<u64>,
}

const AFTER: &str = "\
The other keys have no flag: buffers, max_connections, max_age_seconds, images, grow_to, finality_depth, durable, \
and those of [chain] and [blocks].

Ctrl-C and SIGTERM end the node once everything is on disk, with exit code 0. With 1 ends a node that could not \
start or cannot go on, such as one whose ledger has filled its map and needs a larger `map_size`; with 2, one \
whose flags are wrong. The error is on stderr.";

impl Arguments {
    fn config(self) -> anyhow::Result<Config> {
        let mut config = self.config.as_deref().map_or(Ok(Config::default()), Config::read)?;
        config.data = self.data.unwrap_or(config.data);
        config.network.listen = self.listen.or(config.network.listen);
        if let Some(most) = self.max_peers {
            config.network.max_peers = most.try_into()?;
        }
        if !self.dial.is_empty() {
            config.network.dial = self.dial;
        }
        if let (Some(rpc), Some(listen)) = (&mut config.rpc, self.rpc) {
            rpc.listen = listen;
        }
        if let Some(most) = self.capacity {
            config.mempool.capacity = most.try_into()?;
        }
        if let Some(bytes) = self.map_size {
            config.ledger.map_bytes = bytes.try_into()?;
        }
        Ok(config)
    }
}

fn filter(text: &str) -> Result<Targets, String> {
    text.parse()
        .map_err(|error| format!("{error}; write a level, such as `debug` or `warn,node=debug`"))
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.example {
        return print(EXAMPLE.trim_end());
    }
    log(arguments.log.clone());
    let config = arguments.config()?;
    node::arena::share_one_arena();
    run(config)
}

/// Logs events alone; spans mark phases for a profiler.
fn log(targets: Targets) {
    let wanted = filter_fn(move |about| {
        about.is_event() && targets.would_enable(about.target(), about.level())
    });
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(lines).with(wanted).init();
}

#[tokio::main]
async fn run(config: Config) -> anyhow::Result<()> {
    // Before the first line is printed, since a script that reads it may send a signal.
    let mut interrupt = signal(SignalKind::interrupt()).context("waiting for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("waiting for a signal")?;
    let mut node = Node::start(config).await?;
    if let Some(address) = node.address() {
        print(&format!("peers {address}"))?;
    }
    if let Some(address) = node.rpc_address() {
        print(&format!("rpc http://{address}"))?;
    }
    let failed = tokio::select! {
        _ = interrupt.recv() => None,
        _ = terminate.recv() => None,
        error = node.failed() => Some(error),
    };
    let stopped = node.stop().await;
    if let Some(error) = failed {
        return Err(error.into());
    }
    stopped?;
    print("stopped")
}

/// Prints a line on stdout, for people and for scripts that wait for it.
fn print(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
