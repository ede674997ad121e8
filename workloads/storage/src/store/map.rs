//! A blob without a copy: its file mapped into memory.
#![expect(unsafe_code, reason = "a memory map is sound only while no process shortens its file")]

use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::Mmap;

use super::blob::Source;
use super::roots::Roots;
use super::whole;
use crate::{Digest, Error, Files, Result, buffer};

/// A blob's bytes in memory: mapped if its file is plain, read if it is compressed.
///
/// The map outlives a deletion of the blob. If something other than the store shortens the file,
/// touching the missing pages kills the process (`SIGBUS`).
#[derive(Debug)]
pub struct Mapped(Bytes);

#[derive(Debug)]
enum Bytes {
    Map(Mmap),
    Read(Vec<u8>),
}

impl Mapped {
    /// Whether the bytes are the file's own pages.
    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self.0, Bytes::Map(_))
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Map(map) => map,
            Bytes::Read(buffer) => buffer,
        }
    }
}

pub(super) fn map<F: Files<File = File>>(roots: &Roots<F>, digest: &Digest) -> Result<Mapped> {
    let blob = roots.find(digest)?;
    let Source::Plain(file) = &blob.source else {
        return whole::read(roots, digest, buffer::presized).map(Bytes::Read).map(Mapped);
    };
    let map = pages(file).map_err(Error::at("map", &blob.path))?;
    let hash = roots.options.verify.then(|| Digest::of(&map));
    blob.judge(map.len() as u64, hash)?;
    Ok(Mapped(Bytes::Map(map)))
}

fn pages(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes under a map must not change while it lives. `file` is a blob under its
    // final name, and the store upholds that such a file is never written or shortened again: it is
    // renamed into place complete, replaced only by another rename and removed only by unlinking,
    // and both leave the mapped inode as it is. The root belongs to the store: documented above.
    unsafe { Mmap::map(file) }
}
