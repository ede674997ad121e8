//! Allocates memory, maps a file, or computes for a while, and exits when its input is closed.
#![expect(unsafe_code, reason = "to map a file is unsafe, since others may shorten it")]

use std::fs::File;
use std::io::Read as _;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

#[expect(clippy::print_stdout, reason = "its parent waits for this line")]
fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|word| word.parse::<u64>().ok());
    let file = std::env::args().nth(3).and_then(|path| File::open(path).ok());
    // SAFETY: the parent made the file, gave it no name, and never shortens it.
    let map = file.and_then(|file| unsafe { memmap2::Mmap::map(&file) }.ok());
    let read = map.iter().flat_map(|map| map.iter().step_by(4_096)).map(|byte| u64::from(*byte));
    std::hint::black_box(read.sum::<u64>());
    let live = vec![1u8; numbers.next().unwrap_or(0) as usize];
    let enough = Duration::from_millis(numbers.next().unwrap_or(0));
    while cpu_time() < enough {
        std::hint::spin_loop();
    }
    println!("ready");
    let _ = std::io::stdin().read(&mut [0]);
    drop(std::hint::black_box(live));
}

/// The processor time of this process.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
