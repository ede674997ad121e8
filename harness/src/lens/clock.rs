//! The `clock` lens: wall and CPU time of the work alone.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How long the work took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Seconds that passed.
    pub wall_seconds: f64,
    /// Seconds of processor time, all threads of the process together; none where the system
    /// does not tell.
    pub cpu_seconds: Option<f64>,
}

/// A clock that is running.
pub(crate) struct Running {
    wall: Instant,
    cpu: Option<Duration>,
}

impl Running {
    pub(crate) fn start() -> Self {
        Self { cpu: process_cpu_time(), wall: Instant::now() }
    }

    pub(crate) fn stop(self) -> Clock {
        let wall = self.wall.elapsed();
        let cpu = process_cpu_time().zip(self.cpu).map(|(now, then)| now.saturating_sub(then));
        Clock { wall_seconds: wall.as_secs_f64(), cpu_seconds: cpu.map(|time| time.as_secs_f64()) }
    }
}

/// Processor time of this process since it began.
#[cfg(unix)]
pub(crate) fn process_cpu_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(Duration::new(time.tv_sec.try_into().ok()?, time.tv_nsec.try_into().ok()?))
}

/// Processor time is not read on this system.
#[cfg(not(unix))]
pub(crate) fn process_cpu_time() -> Option<Duration> {
    None
}
