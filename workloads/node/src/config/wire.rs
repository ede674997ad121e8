//! The keys of the file, and how they become a [`Config`].

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::place::File;
use super::range::{self, Range};
use super::{Blocks, Config, Genesis};
use crate::mempool::{ImageIndex, Limits};
use crate::net::{Buffers, Multiaddr};
use crate::{Result, Rules, ledger, mempool, net, rpc};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigWire {
    data: Option<PathBuf>,
    network: NetworkWire,
    rpc: RpcWire,
    mempool: MempoolWire,
    ledger: LedgerWire,
    chain: ChainWire,
    blocks: BlocksWire,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NetworkWire {
    listen: Option<Spanned<String>>,
    dial: Vec<Spanned<String>>,
    max_peers: Option<Spanned<i64>>,
    buffers: Option<Buffers>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RpcWire {
    listen: Option<Spanned<String>>,
    max_connections: Option<Spanned<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MempoolWire {
    capacity: Option<Spanned<i64>>,
    max_age_seconds: Option<Spanned<i64>>,
    images: Option<ImageIndex>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LedgerWire {
    map_size: Option<Spanned<i64>>,
    grow_to: Option<Spanned<i64>>,
    finality_depth: Option<Spanned<i64>>,
    durable: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ChainWire {
    genesis_seed: Option<Spanned<i64>>,
    genesis_outputs: Option<Spanned<i64>>,
    ring: Option<Spanned<i64>>,
    difficulty_bits: Option<Spanned<i64>>,
    reward: Option<Spanned<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BlocksWire {
    produce: bool,
    interval_ms: Option<Spanned<i64>>,
    max_transactions: Option<Spanned<i64>>,
    max_bytes: Option<Spanned<i64>>,
}

pub(super) fn parse(name: &str, text: &str) -> Result<Config> {
    let file = File { name, text };
    let wire: ConfigWire = toml::from_str(text).map_err(|error| {
        let remedy = "`node --example` prints every key with its default";
        file.wrong(error.span(), error.message().trim().replace('\n', " "), remedy)
    })?;
    Ok(Config {
        data: wire.data.unwrap_or_else(|| "node-data".into()),
        network: network(file, wire.network)?,
        rpc: Some(server(file, wire.rpc)?),
        mempool: pool(file, wire.mempool)?,
        ledger: chain(file, wire.ledger)?,
        genesis: genesis(file, &wire.chain)?,
        rules: rules(file, &wire.chain)?,
        blocks: blocks(file, wire.blocks)?,
    })
}

pub(super) fn defaults() -> Config {
    Config {
        data: "node-data".into(),
        network: net::Options::default(),
        rpc: Some(rpc::Options::default()),
        mempool: mempool::Options::default(),
        ledger: ledger::Options::default(),
        genesis: Genesis { seed: 7, outputs: 10_000 },
        rules: Rules::default(),
        blocks: None,
    }
}

fn network(file: File<'_>, wire: NetworkWire) -> Result<net::Options> {
    let plain = net::Options::default();
    let address = |text: &Spanned<String>| -> Result<Multiaddr> {
        parsed(file, text, "an address such as \"/ip4/127.0.0.1/tcp/7100\"")
    };
    Ok(net::Options {
        listen: wire.listen.as_ref().map(address).transpose()?.or(plain.listen),
        dial: wire.dial.iter().map(address).collect::<Result<_>>()?,
        max_peers: number(file, wire.max_peers, range::MAX_PEERS, plain.max_peers.into())? as u32,
        buffers: wire.buffers.unwrap_or(plain.buffers),
        ..net::Options::default()
    })
}

fn server(file: File<'_>, wire: RpcWire) -> Result<rpc::Options> {
    let plain = rpc::Options::default();
    let listen = wire.listen.as_ref().map(|text| -> Result<SocketAddr> {
        parsed(file, text, "an address such as \"127.0.0.1:8332\"")
    });
    let connections =
        number(file, wire.max_connections, range::MAX_CONNECTIONS, plain.connections as u64)?;
    let listen = listen.transpose()?.unwrap_or(plain.listen);
    Ok(rpc::Options { listen, connections: connections as usize, ..plain })
}

fn pool(file: File<'_>, wire: MempoolWire) -> Result<mempool::Options> {
    let plain = mempool::Options::default();
    let capacity = number(file, wire.capacity, range::CAPACITY, plain.capacity as u64)?;
    let longest = plain.longest_wait_seconds;
    Ok(mempool::Options {
        capacity: capacity as usize,
        longest_wait_seconds: number(file, wire.max_age_seconds, range::MAX_AGE_SECONDS, longest)?,
        images: wire.images.unwrap_or(plain.images),
        ..plain
    })
}

fn chain(file: File<'_>, wire: LedgerWire) -> Result<ledger::Options> {
    let plain = ledger::Options::default();
    let map_bytes = number(file, wire.map_size, range::MAP_SIZE, plain.map_bytes as u64)?;
    let depth = wire.finality_depth.is_some();
    let finality_depth = number(file, wire.finality_depth, range::FINALITY_DEPTH, 1)?;
    Ok(ledger::Options {
        map_bytes: map_bytes as usize,
        grow_to_bytes: number(file, wire.grow_to, range::GROW_TO, 0)? as usize,
        finality_depth: depth.then_some(finality_depth),
        durable: wire.durable.unwrap_or(plain.durable),
    })
}

fn genesis(file: File<'_>, wire: &ChainWire) -> Result<Genesis> {
    let plain = defaults().genesis;
    let outputs =
        number(file, wire.genesis_outputs.clone(), range::GENESIS_OUTPUTS, plain.outputs as u64)?;
    let seed = number(file, wire.genesis_seed.clone(), range::GENESIS_SEED, plain.seed)?;
    Ok(Genesis { seed, outputs: outputs as usize })
}

fn rules(file: File<'_>, wire: &ChainWire) -> Result<Rules> {
    let plain = Rules::default();
    let bits = plain.difficulty_bits.into();
    Ok(Rules {
        ring: number(file, wire.ring.clone(), range::RING, plain.ring.into())? as u8,
        difficulty_bits: number(file, wire.difficulty_bits.clone(), range::DIFFICULTY_BITS, bits)?
            as u8,
        reward: number(file, wire.reward.clone(), range::REWARD, plain.reward)?,
    })
}

fn blocks(file: File<'_>, wire: BlocksWire) -> Result<Option<Blocks>> {
    let plain = Limits::default();
    let interval = number(file, wire.interval_ms, range::INTERVAL_MS, 1000)?;
    let transactions =
        number(file, wire.max_transactions, range::MAX_TRANSACTIONS, plain.transactions as u64)?;
    let bytes = number(file, wire.max_bytes, range::MAX_BYTES, plain.bytes as u64)?;
    let limits = Limits { transactions: transactions as usize, bytes: bytes as usize };
    let blocks = Blocks { interval: Duration::from_millis(interval), limits };
    Ok(wire.produce.then_some(blocks))
}

fn number(
    file: File<'_>,
    value: Option<Spanned<i64>>,
    allowed: Range,
    default: u64,
) -> Result<u64> {
    let Some(value) = value else { return Ok(default) };
    match u64::try_from(*value.get_ref()).ok().filter(|value| allowed.contains(*value)) {
        Some(value) => Ok(value),
        None => {
            let found = file.line(&value.span());
            Err(file.wrong(Some(value.span()), found, allowed.remedy()))
        }
    }
}

fn parsed<T: FromStr<Err: Display>>(
    file: File<'_>,
    text: &Spanned<String>,
    example: &str,
) -> Result<T> {
    text.get_ref().parse().map_err(|error| {
        let found = format!("{} ({error})", file.line(&text.span()));
        file.wrong(Some(text.span()), found, format!("write {example}"))
    })
}
