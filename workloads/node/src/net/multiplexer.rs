//! Yamux, whose streams are read in small parts.
//!
//! Gossip reads its messages through a buffer of 8 KiB, which is doubled, for good, when a message that is not whole
//! yet and what comes do not fit.

use std::future::{self, Ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use libp2p::core::UpgradeInfo;
use libp2p::core::muxing::{StreamMuxer, StreamMuxerEvent};
use libp2p::core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade};
use libp2p::futures::{AsyncRead, AsyncWrite};
use libp2p::yamux;

use super::limited_read::LimitedRead;

/// Yamux as libp2p has it; on the wire there is no difference.
#[derive(Clone)]
pub(super) struct Multiplexer {
    pub(super) yamux: yamux::Config,
    /// The most bytes of a stream that are read at once.
    pub(super) read_limit: usize,
}

/// The streams of one connection.
pub(super) struct Streams<C> {
    yamux: yamux::Muxer<C>,
    read_limit: usize,
}

impl UpgradeInfo for Multiplexer {
    type Info = <yamux::Config as UpgradeInfo>::Info;
    type InfoIter = <yamux::Config as UpgradeInfo>::InfoIter;

    fn protocol_info(&self) -> Self::InfoIter {
        self.yamux.protocol_info()
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> InboundConnectionUpgrade<C>
    for Multiplexer
{
    type Output = Streams<C>;
    type Error = std::io::Error;
    type Future = Ready<Result<Self::Output, Self::Error>>;

    fn upgrade_inbound(self, connection: C, info: Self::Info) -> Self::Future {
        let upgraded = self.yamux.upgrade_inbound(connection, info).into_inner();
        future::ready(upgraded.map(|yamux| Streams { yamux, read_limit: self.read_limit }))
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C>
    for Multiplexer
{
    type Output = Streams<C>;
    type Error = std::io::Error;
    type Future = Ready<Result<Self::Output, Self::Error>>;

    fn upgrade_outbound(self, connection: C, info: Self::Info) -> Self::Future {
        let upgraded = self.yamux.upgrade_outbound(connection, info).into_inner();
        future::ready(upgraded.map(|yamux| Streams { yamux, read_limit: self.read_limit }))
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin + 'static> Streams<C> {
    fn yamux(self: Pin<&mut Self>) -> Pin<&mut yamux::Muxer<C>> {
        Pin::new(&mut self.get_mut().yamux)
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin + 'static> StreamMuxer for Streams<C> {
    type Substream = LimitedRead<yamux::Stream>;
    type Error = yamux::Error;

    fn poll_inbound(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        let read_limit = self.read_limit;
        self.yamux().poll_inbound(context).map_ok(|stream| LimitedRead::new(stream, read_limit))
    }

    fn poll_outbound(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        let read_limit = self.read_limit;
        self.yamux().poll_outbound(context).map_ok(|stream| LimitedRead::new(stream, read_limit))
    }

    fn poll_close(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        self.yamux().poll_close(context)
    }

    fn poll(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<StreamMuxerEvent, Self::Error>> {
        self.yamux().poll(context)
    }
}
