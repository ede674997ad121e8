//! Noise, above it a stream that gathers little, and below it one of which little is read at once.

use std::pin::Pin;

use libp2p::core::UpgradeInfo;
use libp2p::core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade};
use libp2p::futures::{AsyncRead, AsyncWrite, TryFutureExt as _};
use libp2p::{PeerId, noise};

use super::bounded::Bounded;
use super::limited_read::LimitedRead;

/// Noise as libp2p has it; on the wire there is no difference.
#[derive(Clone)]
pub(super) struct Security {
    pub(super) noise: noise::Config,
    pub(super) bounded: bool,
}

/// The most bytes that are read at once. The noise stream appends it to a buffer of 8 KiB, which is doubled, for good, if
/// what was used up before, a frame that is not whole yet and this do not fit; a peer that gathers no more than
/// 2 KiB sends frames of at most 2,066 B, and 8,192 less two of these are left.
const READ_LIMIT_BYTES: usize = 4060;

type Upgraded<T> = (PeerId, Bounded<noise::Output<LimitedRead<T>>>);
type Upgrading<T> = Pin<Box<dyn Future<Output = Result<Upgraded<T>, noise::Error>> + Send>>;

impl Security {
    fn read_limit(&self) -> usize {
        if self.bounded { READ_LIMIT_BYTES } else { usize::MAX }
    }
}

impl UpgradeInfo for Security {
    type Info = <noise::Config as UpgradeInfo>::Info;
    type InfoIter = <noise::Config as UpgradeInfo>::InfoIter;

    fn protocol_info(&self) -> Self::InfoIter {
        self.noise.protocol_info()
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> InboundConnectionUpgrade<T> for Security {
    type Output = Upgraded<T>;
    type Error = noise::Error;
    type Future = Upgrading<T>;

    fn upgrade_inbound(self, socket: T, info: Self::Info) -> Self::Future {
        let bounded = self.bounded;
        let socket = LimitedRead::new(socket, self.read_limit());
        let upgrade = self.noise.upgrade_inbound(socket, info);
        Box::pin(upgrade.map_ok(move |(peer, stream)| (peer, Bounded::new(stream, bounded))))
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> OutboundConnectionUpgrade<T> for Security {
    type Output = Upgraded<T>;
    type Error = noise::Error;
    type Future = Upgrading<T>;

    fn upgrade_outbound(self, socket: T, info: Self::Info) -> Self::Future {
        let bounded = self.bounded;
        let socket = LimitedRead::new(socket, self.read_limit());
        let upgrade = self.noise.upgrade_outbound(socket, info);
        Box::pin(upgrade.map_ok(move |(peer, stream)| (peer, Bounded::new(stream, bounded))))
    }
}
