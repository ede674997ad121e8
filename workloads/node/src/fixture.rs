//! Thousands of signed transactions, made once and kept in the user's cache.
//!
//! Signing takes some 6 ms an input. What is kept is named after everything that it depends on, and a
//! random sample of it is verified again whenever it is opened.

mod cache;
mod make;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use self::cache::Transactions;
use crate::{Genesis, Result};

/// The libraries that sign, and the format. A fixture of others is another fixture.
pub const MADE_BY: &str = "monero-clsag 0.1.0, monero-ed25519 0.1.0, ml-kem 0.3.4, format 1";

/// Which transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spec {
    /// Where all of it comes from.
    pub seed: u64,
    /// How many transactions.
    pub count: u32,
    /// The members of every ring, 2 to 32.
    pub ring: u8,
    /// The inputs of each, 1 to 16; with 0, they are minting transactions of one output.
    pub inputs: u8,
    /// The outputs of each, 2 to 16.
    pub outputs: u8,
    /// Whether outputs have memos.
    pub memo: bool,
    /// Whether outputs have ML-KEM ciphertexts.
    pub quantum: bool,
}

impl Default for Spec {
    /// 1,000 transactions of one input among 20, and two outputs without memo.
    fn default() -> Self {
        Self { seed: 7, count: 1000, ring: 20, inputs: 1, outputs: 2, memo: false, quantum: false }
    }
}

/// A file of transactions.
#[derive(Clone, Debug)]
pub struct Fixture {
    spec: Spec,
    path: PathBuf,
}

impl Fixture {
    /// Finds the transactions in the user's cache, or makes them there: in parallel, once, whoever
    /// else asks meanwhile waits.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the cache cannot be written; [`Error::Invalid`](crate::Error)
    /// if `spec` describes no transactions.
    pub fn open(spec: Spec) -> Result<Self> {
        cache::open(spec, &cache::folder())
    }

    /// The same in another folder.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_in(spec: Spec, folder: &std::path::Path) -> Result<Self> {
        cache::open(spec, folder)
    }

    /// What is in it.
    pub fn spec(&self) -> Spec {
        self.spec
    }

    /// Reads the transactions, one at a time.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be opened.
    pub fn transactions(&self) -> Result<Transactions> {
        Transactions::open(&self.path, self.spec)
    }
}

impl Spec {
    /// The chain on which the transactions are valid.
    pub fn genesis(&self) -> Genesis {
        let spent = self.count as usize * usize::from(self.inputs);
        Genesis::new(self.seed, spent.max(2 * usize::from(self.ring)))
    }
}
