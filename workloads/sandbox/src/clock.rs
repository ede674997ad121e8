//! A clock that stands still, for guests without the grant of a clock.

use std::time::Duration;

use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

/// Always the first second of 1970.
pub(crate) struct Stopped;

impl HostWallClock for Stopped {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

impl HostMonotonicClock for Stopped {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        0
    }
}
