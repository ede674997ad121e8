//! Workload: reading a whole blob, with the buffers that `docs/storage.md` compares.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use serde::{Deserialize, Serialize};
use storage::{Digest, Error, Mapped, Pool, Pooled, Result, Store};
use tokio::io::AsyncReadExt;

use crate::content::bytes;
use crate::reader::Reader;
use crate::setup::{Finished, Setup, blob_path};

/// What to read, and how.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The blob's length.
    pub(crate) bytes: u64,
    /// Where its bytes go.
    pub(crate) buffer: Buffer,
    /// How often it is read.
    #[serde(default = "default_reads")]
    pub(crate) reads: u32,
    /// Whether each read is compared with the blob's name.
    #[serde(default = "default_verify")]
    pub(crate) verify: bool,
}

fn default_reads() -> u32 {
    1
}

fn default_verify() -> bool {
    true
}

/// Where the bytes of a whole read go.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Buffer {
    /// One hop to a thread, a buffer of the blob's length.
    Presized,
    /// One hop to a thread, an empty buffer that grows.
    Growing,
    /// tokio's `File` behind 8 KiB, a buffer of the blob's length.
    ReaderPresized,
    /// tokio's `File` behind 8 KiB, an empty buffer that grows.
    ReaderGrowing,
    /// One hop, a buffer that has been used before.
    Pooled,
    /// No buffer: the file's own pages.
    Mapped,
}

/// What was read.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The blob's name.
    pub(crate) digest: Digest,
    /// Bytes read, all reads together.
    pub(crate) bytes: u64,
    /// How many reads gave the blob's very bytes.
    pub(crate) same: u32,
    #[serde(skip)]
    _kept: (Finished, PathBuf, Vec<u8>, Pool),
}

/// Puts one blob and reads it once; the work reads it `reads` times.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let setup = Setup::new(1, |options| options.verify = params.verify)?;
    let content = bytes(1, params.bytes);
    let stored = setup.block_on(setup.store.put_bytes(content.clone()))?;
    let pool = Pool::new(1);
    let path = blob_path(&setup.hot(), &stored.digest);
    let reading = Reading { digest: stored.digest, path, content, pool, params };
    ensure!(setup.block_on(reading.once(&setup.store))?, "the blob reads back otherwise");
    Ok(move || {
        let mut same = 0;
        for _ in 0..params.reads {
            // A turn of the runtime each: one long turn would use up its task's budget at a moment
            // that depends on the threads, and the yield that follows allocates.
            same += u32::from(setup.block_on(reading.once(&setup.store))?);
        }
        let Reading { digest, path, content, pool, .. } = reading;
        let bytes = params.bytes * u64::from(params.reads);
        Ok(Output { digest, bytes, same, _kept: (setup.finished(), path, content, pool) })
    })
}

struct Reading {
    digest: Digest,
    path: PathBuf,
    content: Vec<u8>,
    pool: Pool,
    params: Params,
}

impl Reading {
    async fn once(&self, store: &Store) -> Result<bool> {
        let (digest, path, verify) = (&self.digest, &self.path, self.params.verify);
        Ok(match self.params.buffer {
            Buffer::Presized => presized(store, digest).await? == self.content,
            Buffer::Growing => growing(store, digest).await? == self.content,
            Buffer::ReaderPresized => reader_presized(path, digest, verify).await? == self.content,
            Buffer::ReaderGrowing => reader_growing(path, digest, verify).await? == self.content,
            Buffer::Pooled => *pooled(store, digest, &self.pool).await? == *self.content,
            Buffer::Mapped => *mapped(store, digest).await? == *self.content,
        })
    }
}

/// One hop to a blocking thread; the buffer has room for the whole blob at once.
pub(crate) async fn presized(store: &Store, digest: &Digest) -> Result<Vec<u8>> {
    store.read(digest).await
}

/// One hop to a blocking thread; the buffer grows as it fills.
pub(crate) async fn growing(store: &Store, digest: &Digest) -> Result<Vec<u8>> {
    store.read_with(digest, empty).await
}

/// `read_to_end` over tokio's `File`; the buffer has room for the whole blob at once.
pub(crate) async fn reader_presized(path: &Path, digest: &Digest, verify: bool) -> Result<Vec<u8>> {
    read_to_end(path, digest, verify, room).await
}

/// `read_to_end` over tokio's `File`; the buffer grows as it fills.
pub(crate) async fn reader_growing(path: &Path, digest: &Digest, verify: bool) -> Result<Vec<u8>> {
    read_to_end(path, digest, verify, empty).await
}

/// Room for a blob of so many bytes.
fn room(bytes: u64) -> Vec<u8> {
    Vec::with_capacity(bytes as usize)
}

/// No room: the length of the blob is ignored.
fn empty(_: u64) -> Vec<u8> {
    Vec::new()
}

async fn read_to_end(
    path: &Path,
    digest: &Digest,
    verify: bool,
    buffer: fn(u64) -> Vec<u8>,
) -> Result<Vec<u8>> {
    // Boxed, as a store behind a trait hands out its readers.
    let mut reader = Box::new(Reader::open(path, digest, verify).await?);
    let mut buffer = buffer(reader.bytes());
    reader
        .read_to_end(&mut buffer)
        .await
        .map_err(|source| Error::Caller { end: "reader", source })?;
    Ok(buffer)
}

/// One hop to a blocking thread; the buffer comes from `pool` and returns to it.
pub(crate) async fn pooled(store: &Store, digest: &Digest, pool: &Pool) -> Result<Pooled> {
    store.read_pooled(digest, pool).await
}

/// No buffer: the file is mapped.
pub(crate) async fn mapped(store: &Store, digest: &Digest) -> Result<Mapped> {
    store.map(digest).await
}
