//! The node as its users see it: each part by itself, and two of them on loopback.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[expect(dead_code, reason = "a test keeps its fixtures below the target folder, not in the cache")]
#[path = "../budgets/fixture/mod.rs"]
mod fixture;
#[path = "../budgets/hoard.rs"]
mod hoard;
#[path = "../budgets/order.rs"]
mod order;
#[path = "../budgets/peer_swarm.rs"]
mod peer_swarm;

mod counted;
mod http;
mod test_chain;

mod binary;
mod blocks;
mod chain;
mod configuration;
mod crypto;
mod encoding;
mod fixtures;
mod hostile;
mod nodes;
mod peers;
mod pool;
mod pool_model;
mod rpc;
mod rpc_limits;
mod shutdown;
