//! Putting a blob: hash and write in one pass, then name it, unless it is there already.

use std::io::{self, Read};

use serde::Serialize;

use super::cancel::Cancel;
use super::roots::Roots;
use super::temporary::Temporary;
use crate::{Digest, Error, Files, Hasher, Result, buffer};

/// What a put did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stored {
    /// The blob's name.
    pub digest: Digest,
    /// Its length.
    pub bytes: u64,
    /// Whether it was new; otherwise the store had it and kept its own.
    pub new: bool,
}

pub(super) fn put<F: Files>(
    roots: &Roots<F>,
    mut source: impl Read,
    cancel: &Cancel,
) -> Result<Stored> {
    let mut temporary = Temporary::create(&roots.files, &roots.hot)?;
    let mut buffer = buffer::io();
    let mut hasher = Hasher::default();
    let mut bytes = 0;
    loop {
        cancel.check()?;
        let chunk = match fill(&mut source, &mut buffer) {
            // A bridge that was cancelled fails too: its failure is the cancellation.
            Err(error) => return Err(cancel.check().err().unwrap_or(error)),
            Ok([]) => break,
            Ok(chunk) => chunk,
        };
        hasher.update(chunk);
        temporary.append(chunk)?;
        bytes += chunk.len() as u64;
    }
    let digest = hasher.finish();
    if has(roots, &digest, bytes)? {
        return Ok(Stored { digest, bytes, new: false });
    }
    cancel.check()?;
    temporary.publish(&digest, false, roots.options.durable)?;
    Ok(Stored { digest, bytes, new: true })
}

pub(super) fn put_bytes<F: Files>(
    roots: &Roots<F>,
    content: &[u8],
    cancel: &Cancel,
) -> Result<Stored> {
    let digest = Digest::of(content);
    let bytes = content.len() as u64;
    if has(roots, &digest, bytes)? {
        return Ok(Stored { digest, bytes, new: false });
    }
    let mut temporary = Temporary::create(&roots.files, &roots.hot)?;
    for chunk in content.chunks(buffer::IO_BYTES) {
        cancel.check()?;
        temporary.append(chunk)?;
    }
    cancel.check()?;
    temporary.publish(&digest, false, roots.options.durable)?;
    Ok(Stored { digest, bytes, new: true })
}

/// Whether the store has a blob of this name and length. One of another length is damaged, and the
/// put replaces it. In a durable store the existing blob is forced first: the put
/// that wrote it may not have forced it yet.
fn has<F: Files>(roots: &Roots<F>, digest: &Digest, bytes: u64) -> Result<bool> {
    let blob = match roots.find(digest) {
        Err(Error::Unknown { .. } | Error::Damaged { .. }) => return Ok(false),
        blob => blob?,
    };
    if blob.bytes != bytes {
        return Ok(false);
    }
    if roots.options.durable {
        roots.files.sync(blob.file()).map_err(Error::at("sync", &blob.path))?;
        roots.root(blob.tier).force_folder(&roots.files, digest)?;
        let folder = blob.path.parent().expect("a blob lies in a folder");
        roots.files.sync_folder(folder).map_err(Error::at("sync", folder))?;
    }
    Ok(true)
}

/// Fills the buffer as far as the source reaches: full chunks, whatever the source's own are.
fn fill<'a>(source: &mut impl Read, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::caller("source")(error)),
        }
    }
    Ok(&buffer[..filled])
}
