//! A full node of a privacy coin: transactions, mempool, ledger, peers and RPC.

pub mod block;
mod chain;
mod codec;
pub mod crypto;
mod curve;
mod error;
pub mod fixture;
pub mod genesis;
mod hex;
pub mod ledger;
pub mod mempool;
pub mod net;
mod random;
mod rules;
mod signing;
pub mod transaction;
mod wallet;

pub use block::Block;
pub use chain::Chain;
pub use error::{Error, Result};
pub use fixture::Fixture;
pub use genesis::Genesis;
pub use hex::Hex;
pub use ledger::Ledger;
pub use mempool::Mempool;
pub use net::Network;
pub use rules::Rules;
pub use signing::{Spend, sign};
pub use transaction::Transaction;
pub use wallet::{Address, Owned, Payment, Wallet};
