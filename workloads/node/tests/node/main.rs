//! The node as its users see it: each part by itself, and two of them on loopback.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

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
mod killed;
mod nodes;
mod peers;
mod pool;
mod pool_model;
mod rpc;
mod rpc_limits;
mod shutdown;
