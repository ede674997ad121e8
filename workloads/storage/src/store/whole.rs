//! Reading a whole blob into one buffer.

use std::io::Read;

use super::roots::Roots;
use crate::{Digest, Files, Result};

pub(super) fn read<F: Files>(
    roots: &Roots<F>,
    digest: &Digest,
    room: impl FnOnce(u64) -> Vec<u8>,
) -> Result<Vec<u8>> {
    let mut blob = roots.find(digest)?;
    let mut buffer = room(blob.bytes);
    // One byte more than stated shows that there is more; a hostile frame gets no further.
    let most = blob.bytes.saturating_add(1);
    let read = (&mut blob.source).take(most).read_to_end(&mut buffer);
    read.map_err(|error| blob.failed(error))?;
    let hash = roots.options.verify.then(|| Digest::of(&buffer));
    blob.judge(buffer.len() as u64, hash)?;
    Ok(buffer)
}
