//! A blob as an `AsyncRead`: tokio's `File` behind a buffer of 8 KiB.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::fs::File;
use tokio::io::{AsyncRead, BufReader, ReadBuf};

use super::blob::{Blob, Source};
use crate::{Digest, Error, Hasher, Result};

/// tokio's own default.
const BUFFER_BYTES: usize = 8 << 10;

/// A blob's bytes in order. If the store verifies, the end of a blob that is not what its name says
/// is an error of kind [`io::ErrorKind::InvalidData`] that holds an [`Error`].
#[derive(Debug)]
pub struct Reader {
    inner: BufReader<File>,
    digest: Digest,
    bytes: u64,
    found: u64,
    hasher: Option<Hasher>,
}

impl Reader {
    pub(super) fn new(digest: Digest, blob: Blob<std::fs::File>, verify: bool) -> Result<Self> {
        let bytes = blob.bytes;
        let Source::Plain(file) = blob.source else { return Err(Error::Compressed { digest }) };
        let inner = BufReader::with_capacity(BUFFER_BYTES, File::from_std(file));
        let hasher = verify.then(Hasher::default);
        Ok(Self { inner, digest, bytes, found: 0, hasher })
    }

    /// The blob's length, for `Vec::with_capacity`.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn judge(&mut self) -> Result<()> {
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
            let judged = self.judge();
            judged.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
        Poll::Ready(Ok(()))
    }
}
