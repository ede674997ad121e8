//! Time: a thread's own, and that of a cache line on its way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The CPU time that `work` takes of the calling thread.
pub(crate) fn cpu_time_of(work: impl FnOnce()) -> Duration {
    let start = cpu_time();
    work();
    cpu_time() - start
}

fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// How long a cache line takes from one core to the other. On a virtual machine that changes
/// several times over within seconds, as the host moves the cores.
pub(crate) fn ping_pong() -> Duration {
    const ROUNDS: usize = 100_000;
    let ball = AtomicUsize::new(0);
    let wait = |mine: usize| while ball.load(Ordering::Acquire) != mine {};
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..ROUNDS {
                wait(2 * round + 1);
                ball.store(2 * round + 2, Ordering::Release);
            }
        });
        let start = Instant::now();
        for round in 0..ROUNDS {
            wait(2 * round);
            ball.store(2 * round + 1, Ordering::Release);
        }
        wait(2 * ROUNDS);
        start.elapsed() / (2 * ROUNDS as u32)
    })
}
