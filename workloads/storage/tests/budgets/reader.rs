//! The way of reading that `docs/storage.md` advises against: tokio's `File` behind a buffer of 8 KiB,
//! with one hop to a thread for each chunk.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use storage::{Digest, Error, Hasher, Result};
use tokio::fs::File;
use tokio::io::{AsyncRead, BufReader, ReadBuf};

/// tokio's own default.
const BUFFER_BYTES: usize = 8 << 10;

/// As in the store, so that no figure depends on the length of the folder's own path.
const PATH_BYTES: usize = 512;

/// The bytes of a hot blob in order, for a caller that gives the buffer.
///
/// If it verifies, the end of a blob that does not hash to its name is an error of kind
/// [`io::ErrorKind::InvalidData`] that wraps an [`Error`].
#[derive(Debug)]
pub(crate) struct Reader {
    inner: BufReader<File>,
    digest: Digest,
    bytes: u64,
    found: u64,
    hasher: Option<Hasher>,
}

impl Reader {
    /// Opens the blob's file on a blocking thread.
    pub(crate) async fn open(file: &Path, digest: &Digest, verify: bool) -> Result<Self> {
        let mut path = PathBuf::with_capacity(PATH_BYTES);
        path.push(file);
        let digest = *digest;
        let opened = tokio::task::spawn_blocking(move || open(path, digest)).await?;
        let (file, bytes) = opened?;
        let inner = BufReader::with_capacity(BUFFER_BYTES, File::from_std(file));
        let hasher = verify.then(Hasher::default);
        Ok(Self { inner, digest, bytes, found: 0, hasher })
    }

    /// The blob's length, for `Vec::with_capacity`.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    fn check(&mut self) -> Result<()> {
        if self.found < self.bytes {
            return Err(Error::Truncated { expected: self.bytes, found: self.found });
        }
        let (digest, bytes) = (self.digest, self.found);
        match self.hasher.take().map(Hasher::finish) {
            Some(found) if found != digest => Err(Error::Wrong { digest, found, bytes }),
            _ => Ok(()),
        }
    }
}

fn open(path: PathBuf, digest: Digest) -> Result<(std::fs::File, u64)> {
    let opened = std::fs::File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
    match opened {
        Ok((bytes, file)) => Ok((file, bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::Unknown { digest }),
        Err(source) => Err(Error::Io { doing: "open", path, source }),
    }
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let read = &buffer.filled()[before..];
        self.found += read.len() as u64;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(read);
        }
        if read.is_empty() && buffer.remaining() > 0 {
            let checked = self.check();
            checked.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
        Poll::Ready(Ok(()))
    }
}
