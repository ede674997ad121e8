//! Measures the memory of one part of the node and prints the figures. No budget judges them.
//!
//! ```text
//! cargo run --release -p node --example footprint -- pool --count 1000
//! cargo run --release -p node --example footprint -- peers --peers 100 --messages 2000
//! ```

#[path = "../../tests/budgets/fixture/mod.rs"]
mod fixture;
#[path = "../../tests/budgets/order.rs"]
mod order;
#[path = "../../tests/budgets/peer_swarm.rs"]
mod peer_swarm;

mod load;
mod peers;
mod pool;

use clap::{Parser, Subcommand};

#[global_allocator]
static COUNTED: testkit::heap::Counted = testkit::heap::Counted;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// A mempool of real transactions, with each index, and a template of all of them.
    Pool(pool::Pool),
    /// A whole node: a full pool and all peers, and then transactions from gossip to blocks.
    Load(load::Load),
    /// Peers in another process: idle, after traffic, and after they have left.
    Peers(peers::Peers),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().part {
        Part::Pool(pool) => pool.measure(),
        Part::Load(load) => load.measure(),
        Part::Peers(peers) => peers.measure(),
    }
}

#[expect(clippy::print_stdout, reason = "what was measured is what this is run for")]
fn show(what: &str, value: impl std::fmt::Display) {
    println!("{what:<48} {value}");
}
