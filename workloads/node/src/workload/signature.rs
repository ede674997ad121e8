//! Workload: the signatures of a transaction, as they are sent, copied one after the other.

use serde::{Deserialize, Serialize};

use super::{Incoming, Kind};

/// Whose signatures.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The kind of transaction.
    pub kind: Kind,
}

/// What was copied.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The members of each ring.
    pub ring: usize,
    /// How many signatures.
    pub signatures: usize,
    #[serde(skip)]
    _kept: Vec<u8>,
}

/// Decodes one transaction; the work copies its signatures into a block of exactly their length.
///
/// # Errors
/// If the fixture cannot be made.
pub fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Answer>> {
    let transaction = Incoming::open(params.kind, 1)?.one(0)?;
    Ok(move || {
        let inputs = transaction.inputs();
        let bytes = inputs.iter().map(|input| input.signature().len()).sum();
        let mut copy = Vec::with_capacity(bytes);
        inputs.iter().for_each(|input| copy.extend_from_slice(input.signature()));
        let ring = inputs.first().map_or(0, |input| input.ring().len());
        Ok(Answer { ring, signatures: inputs.len(), _kept: copy })
    })
}
