//! Transactions as they come from a peer.

use std::sync::Arc;

use node::crypto::Verified;
use node::{Genesis, Result, Transaction};
use serde::Deserialize;

use crate::fixture::{Fixture, Spec};

/// The kind of transactions that come.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// One input among 20, and two outputs.
    #[default]
    Private,
    /// The same, with memos.
    Memo,
    /// The same, with memos and ML-KEM ciphertexts.
    Quantum,
    /// Two inputs.
    TwoInputs,
    /// Sixteen inputs.
    SixteenInputs,
    /// No input, one output, and work.
    Minting,
}

/// The common fixture: 1,000 private transactions, of which each case takes the first.
const COMMON: u32 = 1000;
/// The fixture for cases that need more private transactions. Signing them takes a minute and a half of
/// processor time.
const FULL: u32 = 15_001;

impl Kind {
    /// The fixture that has at least this many transactions.
    pub(crate) fn spec(self, transactions: usize) -> Spec {
        let plain = Spec { count: 250.max(transactions as u32), ..Spec::default() };
        match self {
            Self::Private if transactions > COMMON as usize => Spec { count: FULL, ..plain },
            Self::Private => Spec { count: COMMON, ..plain },
            Self::Memo => Spec { memo: true, ..plain },
            Self::Quantum => Spec { memo: true, quantum: true, ..plain },
            Self::TwoInputs => Spec { inputs: 2, ..plain },
            Self::SixteenInputs => Spec { count: 48, inputs: 16, ..plain },
            Self::Minting => Spec { inputs: 0, ..plain },
        }
    }
}

/// Encoded transactions, and the chain on which they are valid.
pub(crate) struct Incoming {
    pub(crate) genesis: Genesis,
    encoded: Vec<Vec<u8>>,
}

impl Incoming {
    /// Reads the first transactions of a fixture.
    ///
    /// # Errors
    /// If the fixture cannot be made, or has fewer.
    pub(crate) fn open(kind: Kind, transactions: usize) -> anyhow::Result<Self> {
        let spec = kind.spec(transactions);
        let read = Fixture::open(spec)?.transactions()?.take(transactions);
        let encoded: Vec<_> =
            read.map(|transaction| Ok(transaction?.encode())).collect::<anyhow::Result<_>>()?;
        anyhow::ensure!(
            encoded.len() == transactions,
            "{transactions} transactions were requested; a fixture of this kind has {}",
            encoded.len()
        );
        Ok(Self { genesis: spec.genesis(), encoded })
    }

    /// Decodes the transaction at this index, in memory of its own. The fixture has verified it.
    ///
    /// # Errors
    /// If the fixture is damaged.
    pub(crate) fn decode(&self, at: usize) -> Result<Verified> {
        Ok(Verified::assume(Arc::new(Transaction::decode(&self.encoded[at])?)))
    }

    /// Decodes each transaction.
    pub(crate) fn all(&self) -> impl Iterator<Item = Result<Verified>> + '_ {
        (0..self.encoded.len()).map(|at| self.decode(at))
    }
}
