//! A stream that gathers little before it sends.
//!
//! The noise stream below gathers whatever is written until it is flushed or has 64 KiB, encrypts it
//! at once, and never gives the three buffers back that it needs for that. A multiplexer flushes when
//! it has nothing left to write: under load, seldom.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use libp2p::futures::{AsyncRead, AsyncWrite};

/// The most bytes that are gathered before they are sent.
const GATHERED_BYTES: usize = 2048;

/// `inner`, flushed after every 2 KiB.
pub(super) struct Bounded<T> {
    inner: T,
    gathered: usize,
    /// Without a limit, this is `inner` and nothing else.
    limit: usize,
}

impl<T> Bounded<T> {
    pub(super) fn new(inner: T, bounded: bool) -> Self {
        Self { inner, gathered: 0, limit: if bounded { GATHERED_BYTES } else { usize::MAX } }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Bounded<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_read(context, to)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Bounded<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.gathered >= self.limit {
            ready!(Pin::new(&mut self.inner).poll_flush(context))?;
            self.gathered = 0;
        }
        let room = from.len().min(self.limit - self.gathered);
        let written = ready!(Pin::new(&mut self.inner).poll_write(context, &from[..room]))?;
        self.gathered = self.gathered.saturating_add(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(context))?;
        self.gathered = 0;
        Poll::Ready(Ok(()))
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(context)
    }
}

#[cfg(test)]
mod tests {
    use libp2p::futures::io::Cursor;
    use libp2p::futures::{AsyncWriteExt as _, executor::block_on};

    use super::*;

    /// The bytes that were written in a row.
    #[derive(Default)]
    struct Runs(Vec<usize>);

    impl AsyncWrite for Runs {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            from: &[u8],
        ) -> Poll<io::Result<usize>> {
            match self.0.last_mut() {
                Some(run) => *run += from.len(),
                None => self.0.push(from.len()),
            }
            Poll::Ready(Ok(from.len()))
        }

        fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.0.push(0);
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn stream_gathers_no_more_than_its_limit() {
        for (bounded, runs) in
            [(true, vec![2048, 2048, 2048, 2048, 1808, 0]), (false, vec![10_000, 0])]
        {
            let mut stream = Bounded::new(Runs::default(), bounded);
            block_on(stream.write_all(&[1; 10_000])).unwrap();
            block_on(stream.flush()).unwrap();
            assert_eq!(stream.inner.0, runs);
        }
    }

    #[test]
    fn written_bytes_arrive() {
        let mut stream = Bounded::new(Cursor::new(Vec::new()), true);
        let bytes: Vec<u8> = (0..20_000_u32).map(|at| at as u8).collect();
        bytes.chunks(700).for_each(|part| block_on(stream.write_all(part)).unwrap());
        assert_eq!(stream.inner.into_inner(), bytes);
    }
}
