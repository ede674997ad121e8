//! A full node of a privacy coin: transactions, mempool, ledger, peers and RPC.
//!
//! A [`Transaction`] is decoded from bytes that nobody vouches for; [`crypto::Verified`] is one whose
//! ring signatures, work and amounts hold, and what the [`Mempool`] lets in, a [`Block`] is made of and
//! the [`Ledger`] stores. None of these knows the network: [`Node`] connects them with
//! [`net`] and [`rpc`]. Coins are those of a test chain, that a [`Genesis`] makes from a seed, and a
//! [`Fixture`] keeps thousands of transactions that spend them.
//!
//! ```
//! use std::sync::Arc;
//!
//! use node::crypto::Verified;
//! use node::fixture::Spec;
//! use node::mempool::{Limits, Options, Sharing};
//! use node::{Block, Chain as _, Fixture, Ledger, Mempool, Rules, ledger};
//!
//! # let folder = tempfile::tempdir()?;
//! let spec = Spec { count: 3, ring: 4, ..Spec::default() };
//! let (genesis, rules) = (spec.genesis(), Rules { ring: 4, ..Rules::default() });
//! let mut ledger = Ledger::open(folder.path(), &genesis, ledger::Options::default())?;
//! let mut pool = Mempool::new(Options::default());
//! for transaction in Fixture::open_in(spec, folder.path())?.transactions()? {
//!     let verified = Verified::check(Arc::new(transaction?), &rules)?;
//!     pool.admit(verified, &ledger, 0)?;
//! }
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
pub mod fixture;
pub mod genesis;
mod hex;
pub mod ledger;
pub mod mempool;
pub mod net;
mod node;
pub mod process;
mod random;
pub mod rpc;
mod rules;
mod signing;
pub mod state;
pub mod transaction;
mod wallet;
pub mod workload;

pub use block::Block;
pub use chain::Chain;
pub use error::{Error, Result};
pub use fixture::Fixture;
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
