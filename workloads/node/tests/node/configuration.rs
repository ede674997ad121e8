//! `node.toml`: every key, its default, and the message for a bad one.

use std::collections::BTreeSet;
use std::time::Duration;

use node::Error;
use node::config::{Blocks, Config, EXAMPLE};
use node::mempool::{ImageIndex, Limits};
use node::net::Buffers;

#[test]
fn example_has_every_default() {
    assert_eq!(Config::parse("node.toml", EXAMPLE).unwrap(), Config::default());
    assert_eq!(Config::parse("node.toml", "").unwrap(), Config::default());
}

/// A key in its section, a value that is not its default, and what it changes.
type Key = (&'static str, &'static str, &'static str, fn(&mut Config));

const KEYS: [Key; 23] = [
    ("", "data", "'x'", |config| config.data = "x".into()),
    ("network", "listen", "'/ip4/127.0.0.1/tcp/7'", |config| {
        config.network.listen = Some("/ip4/127.0.0.1/tcp/7".parse().unwrap());
    }),
    ("network", "dial", "['/ip4/127.0.0.1/tcp/8']", |config| {
        config.network.dial = vec!["/ip4/127.0.0.1/tcp/8".parse().unwrap()];
    }),
    ("network", "max_peers", "50", |config| config.network.max_peers = 50),
    ("network", "buffers", "'plain'", |config| config.network.buffers = Buffers::Plain),
    ("rpc", "listen", "'127.0.0.1:9'", |config| {
        config.rpc.as_mut().unwrap().listen = "127.0.0.1:9".parse().unwrap();
    }),
    ("rpc", "max_connections", "3", |config| config.rpc.as_mut().unwrap().connections = 3),
    ("mempool", "capacity", "5", |config| config.mempool.capacity = 5),
    ("mempool", "max_age_seconds", "60", |config| config.mempool.longest_wait_seconds = 60),
    ("mempool", "images", "'plain'", |config| config.mempool.images = ImageIndex::Plain),
    ("ledger", "map_size", "536870912", |config| config.ledger.map_bytes = 512 << 20),
    ("ledger", "grow_to", "4096", |config| config.ledger.grow_to_bytes = 4096),
    ("ledger", "finality_depth", "9", |config| config.ledger.finality_depth = Some(9)),
    ("ledger", "durable", "false", |config| config.ledger.durable = false),
    ("chain", "genesis_seed", "8", |config| config.genesis.seed = 8),
    ("chain", "genesis_outputs", "64", |config| config.genesis.outputs = 64),
    ("chain", "ring", "4", |config| config.rules.ring = 4),
    ("chain", "difficulty_bits", "9", |config| config.rules.difficulty_bits = 9),
    ("chain", "reward", "5", |config| config.rules.reward = 5),
    ("blocks", "produce", "true", |config| config.blocks = Some(blocks())),
    ("blocks", "produce = true\ninterval_ms", "10", |config| {
        config.blocks = Some(Blocks { interval: Duration::from_millis(10), ..blocks() });
    }),
    ("blocks", "produce = true\nmax_transactions", "11", |config| {
        let limits = Limits { transactions: 11, ..blocks().limits };
        config.blocks = Some(Blocks { limits, ..blocks() });
    }),
    ("blocks", "produce = true\nmax_bytes", "12", |config| {
        let limits = Limits { bytes: 12, ..blocks().limits };
        config.blocks = Some(Blocks { limits, ..blocks() });
    }),
];

fn blocks() -> Blocks {
    let limits = Limits { transactions: 200, bytes: 4 << 20 };
    Blocks { interval: Duration::from_secs(1), limits }
}

fn text(section: &str, key: &str, value: &str) -> String {
    let section = if section.is_empty() { String::new() } else { format!("[{section}]\n") };
    format!("{section}{key} = {value}\n")
}

#[test]
fn every_key_sets_its_option() {
    for (section, key, value, change) in KEYS {
        let text = text(section, key, value);
        let mut expected = Config::default();
        change(&mut expected);
        assert_ne!(expected, Config::default(), "{text}");
        assert_eq!(Config::parse("node.toml", &text).unwrap(), expected, "{text}");
    }
    // And these are all, as the example has them, one of which is commented out.
    let mut section = "";
    let mut all = BTreeSet::new();
    for line in EXAMPLE.lines() {
        let line = line.trim_start_matches("# ");
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
        } else if let Some((key, _)) = line.split_once(" = ") {
            all.insert((section, key));
        }
    }
    let key = |key: &'static str| key.rsplit('\n').next().unwrap();
    let tested: BTreeSet<_> = KEYS.map(|(section, name, ..)| (section, key(name))).into();
    assert_eq!(tested, all);
}

/// The least and the most of every number, by hand.
#[test]
fn values_outside_their_range_are_refused() {
    const LARGEST: u64 = i64::MAX as u64;
    for (section, key, least, most) in [
        ("network", "max_peers", 1, 10_000),
        ("rpc", "max_connections", 1, 10_000),
        ("mempool", "capacity", 1, 100_000_000),
        ("mempool", "max_age_seconds", 1, 365 * 24 * 3600),
        ("ledger", "map_size", 1_048_576, 70_368_744_177_664),
        ("ledger", "grow_to", 0, 70_368_744_177_664),
        ("ledger", "finality_depth", 1, LARGEST),
        ("chain", "genesis_seed", 0, LARGEST),
        ("chain", "genesis_outputs", 64, 10_000_000),
        ("chain", "ring", 2, 32),
        ("chain", "difficulty_bits", 1, 64),
        ("chain", "reward", 1, LARGEST),
        ("blocks", "interval_ms", 1, 3_600_000),
        ("blocks", "max_transactions", 1, 2727),
        ("blocks", "max_bytes", 1, 16_777_216),
    ] {
        let parse = |value: i128| Config::parse("f", &text(section, key, &value.to_string()));
        parse(least.into()).unwrap();
        parse(most.into()).unwrap();
        let remedy = format!("write a number from {least} to {most}");
        let beyond = [i128::from(least) - 1, i128::from(most) + 1];
        for value in beyond.into_iter().filter(|value| *value <= LARGEST.into()) {
            let refused = parse(value).unwrap_err().to_string();
            assert_eq!(refused, format!("f:2: `{key} = {value}`; {remedy}"));
        }
    }
}

#[test]
fn bad_file_is_refused_with_its_line() {
    for (text, message) in [
        (
            "[network]\nmax_peers = 0\n",
            "node.toml:2: `max_peers = 0`; write a number from 1 to 10000",
        ),
        (
            "data = 'x'\n\n[ledger]\nmap_size = 4096",
            "node.toml:4: `map_size = 4096`; write a number from 1048576 to 70368744177664",
        ),
        (
            "[rpc]\nlisten = \"nowhere\"",
            "node.toml:2: `listen = \"nowhere\"` (invalid socket address syntax); write an address such as \
             \"127.0.0.1:8332\"",
        ),
    ] {
        assert_eq!(Config::parse("node.toml", text).unwrap_err().to_string(), message);
    }
    for (text, at, contains) in [
        ("[network]\n\nmax_pears = 50", 3, "unknown field `max_pears`, expected one of"),
        ("[mempool]\ncapacity = 'many'", 2, "invalid type"),
        ("[network]\ndial = [\n  \"/ip4/127.0.0.1/tcp/1\",\n  \"7100\",\n]", 4, "`\"7100\",`"),
        ("[network\n", 1, "unclosed"),
    ] {
        match Config::parse("node.toml", text) {
            Err(Error::Config { line, found, .. }) => {
                assert_eq!(line, at, "{text}");
                assert!(found.contains(contains), "{found}");
            }
            other => panic!("{other:?}"),
        }
    }
}
