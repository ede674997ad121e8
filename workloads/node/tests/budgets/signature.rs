//! Workload: the encoded signatures of a transaction are copied into one block.

use serde::{Deserialize, Serialize};

use crate::incoming::{Incoming, Kind};

/// The transaction.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Its kind.
    pub(crate) kind: Kind,
}

/// The signatures that were copied.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The members of each ring.
    pub(crate) ring: usize,
    /// The number of signatures.
    pub(crate) signatures: usize,
    #[serde(skip)]
    _kept: Vec<u8>,
}

/// Decodes one transaction; the work copies its signatures into a block of exactly their length.
///
/// # Errors
/// If the fixture cannot be made.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let transaction = Incoming::open(params.kind, 1)?.decode(0)?;
    Ok(move || {
        let inputs = transaction.inputs();
        let bytes = inputs.iter().map(|input| input.signature().len()).sum();
        let mut copy = Vec::with_capacity(bytes);
        inputs.iter().for_each(|input| copy.extend_from_slice(input.signature()));
        let ring = inputs.first().map_or(0, |input| input.ring().len());
        Ok(Output { ring, signatures: inputs.len(), _kept: copy })
    })
}
