//! A batch, whichever form its keys have.

use std::io;

use crate::batch::Batch;
use crate::{Compact, Expanded};

/// The batch of a [`Simulation`](crate::Simulation).
#[derive(Debug)]
pub enum AnyBatch {
    /// With keys ready for use.
    Expanded(Batch<Expanded>),
    /// With keys of 32 bytes.
    Compact(Batch<Compact>),
}

impl AnyBatch {
    /// How many transactions it proves.
    #[must_use]
    pub fn transactions(&self) -> usize {
        match self {
            Self::Expanded(batch) => batch.transactions(),
            Self::Compact(batch) => batch.transactions(),
        }
    }

    /// The bytes of the batch on the wire, as of [`Batch::encode`].
    ///
    /// # Errors
    /// Those of [`Batch::encode`].
    pub fn encode(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Expanded(batch) => batch.encode(),
            Self::Compact(batch) => batch.encode(),
        }
    }
}
