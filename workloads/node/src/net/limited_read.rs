//! A stream that is read in small parts, so that the buffer above it need not grow.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use libp2p::futures::{AsyncRead, AsyncWrite};

/// Reads no more of `inner` at once than a limit, in bytes. With a limit that is never reached, this
/// is `inner` and nothing else.
pub(super) struct LimitedRead<T> {
    inner: T,
    limit: usize,
}

impl<T> LimitedRead<T> {
    pub(super) fn new(inner: T, limit: usize) -> Self {
        Self { inner, limit }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for LimitedRead<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let room = to.len().min(self.limit);
        Pin::new(&mut self.inner).poll_read(context, &mut to[..room])
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for LimitedRead<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, from)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(context)
    }
}

#[cfg(test)]
mod tests {
    use libp2p::futures::io::Cursor;
    use libp2p::futures::{AsyncReadExt as _, executor::block_on};

    use super::*;

    #[test]
    fn read_returns_no_more_than_the_limit() {
        for (limit, read) in [(4060, 4060), (usize::MAX, 10_000)] {
            let mut stream = LimitedRead::new(Cursor::new(vec![1; 10_000]), limit);
            assert_eq!(block_on(stream.read(&mut [0; 16_384])).unwrap(), read);
        }
    }
}
