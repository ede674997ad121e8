//! A full node of a privacy coin: transactions, mempool, ledger, peers and RPC.
//!
//! A [`Transaction`] is decoded from untrusted bytes; [`crypto::Verified`] is one whose
//! ring signatures, work and amounts hold, and what the [`Mempool`] lets in, a [`Block`] is made of and
//! the [`Ledger`] stores. None of these knows the network: [`Node`] connects them with
//! [`net`] and [`rpc`]. Coins are those of a test chain, which a [`Genesis`] makes from a seed.
//!
//! ```
//! use std::sync::Arc;
//!
//! use node::crypto::Verified;
//! use node::mempool::{Limits, Options, Sharing};
//! use node::{Block, Chain as _, Genesis, Ledger, Mempool, Payment, Rules, ledger, random, sign};
//!
//! # let folder = tempfile::tempdir()?;
//! let (genesis, rules) = (Genesis::new(7, 16), Rules { ring: 4, ..Rules::default() });
//! let mut ledger = Ledger::open(folder.path(), &genesis, ledger::Options::default())?;
//! let mut pool = Mempool::new(Options::default());
//!
//! // The owner of the genesis pays itself in two outputs, and 1,000 coins to the miner.
//! let mut source = random::source("example", 7, 0);
//! let spend = genesis.spend(0, rules.ring, &mut source).ok_or("no such output")?;
//! let (fee, address) = (1_000, genesis.wallet().address());
//! let outputs = [500, spend.owned.amount - 500 - fee].map(|amount| {
//!     address.pay(Payment { amount, cluster: 0, memo: None, quantum: false }, &mut source)
//! });
//! let transaction = sign(vec![spend], outputs.into(), fee, &mut source)?;
//!
//! pool.admit(Verified::check(Arc::new(transaction.into()), &rules)?, &ledger, 0)?;
//! let (height, parent) = ledger.tip();
//! let mined = pool.template(height + 1, &parent, Limits::default(), Sharing::Shared);
//! let block = Block::new(height + 1, parent, 0, mined);
//! ledger.commit(&block)?;
//! pool.confirm(height + 1, block.transactions());
//! assert_eq!((ledger.height()?, pool.len(), pool.heap_size()), (1, 0, 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod announcement;
pub mod arena;
pub mod block;
mod chain;
mod clock;
mod codec;
pub mod config;
pub mod crypto;
mod curve;
mod error;
pub mod genesis;
mod hex;
pub mod ledger;
pub mod mempool;
pub mod net;
mod node;
pub mod process;
pub mod random;
pub mod rpc;
mod rules;
mod signing;
pub mod state;
pub mod transaction;
mod wallet;

pub use block::Block;
pub use chain::Chain;
pub use error::{Error, Result};
pub use genesis::Genesis;
pub use hex::Hex;
pub use ledger::Ledger;
pub use mempool::Mempool;
pub use net::Network;
pub use node::Node;
pub use rules::Rules;
pub use signing::{Spend, sign};
pub use state::State;
pub use transaction::Transaction;
pub use wallet::{Address, Owned, Payment, Wallet};
