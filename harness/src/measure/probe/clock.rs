//! The `clock` lens: wall and CPU time of the work alone.

#[cfg(unix)]
mod children;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How long the work took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Seconds that passed.
    pub wall_seconds: f64,
    /// Seconds of processor time, all threads of the process together, and the child processes
    /// that it waited for where the case says `children`; none where the system does not tell.
    pub cpu_seconds: Option<f64>,
}

/// A clock that is running.
pub(crate) struct Running {
    wall: Instant,
    cpu: Option<Duration>,
    children: bool,
}

impl Running {
    pub(crate) fn start(children: bool) -> Self {
        Self { cpu: cpu_time(children), wall: Instant::now(), children }
    }

    pub(crate) fn stop(self) -> Clock {
        let wall = self.wall.elapsed();
        let cpu = cpu_time(self.children).zip(self.cpu).map(|(now, then)| now.saturating_sub(then));
        Clock { wall_seconds: wall.as_secs_f64(), cpu_seconds: cpu.map(|time| time.as_secs_f64()) }
    }
}

fn cpu_time(children: bool) -> Option<Duration> {
    let own = process_cpu_time()?;
    if children { Some(own + children_cpu_time()?) } else { Some(own) }
}

#[cfg(unix)]
use children::cpu_time as children_cpu_time;

/// Processor time is not read on this system.
#[cfg(not(unix))]
fn children_cpu_time() -> Option<Duration> {
    None
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
