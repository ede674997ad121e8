//! Holds memory, or computes for a while, and lives as long as its input is open.

use std::io::Read as _;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

#[expect(clippy::print_stdout, reason = "it tells its parent that it is ready")]
fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|word| word.parse::<u64>().ok());
    let held = vec![1u8; numbers.next().unwrap_or(0) as usize];
    let enough = Duration::from_millis(numbers.next().unwrap_or(0));
    while spent() < enough {
        std::hint::spin_loop();
    }
    println!("ready");
    let _ = std::io::stdin().read(&mut [0]);
    drop(std::hint::black_box(held));
}

/// Processor time of this process.
fn spent() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
