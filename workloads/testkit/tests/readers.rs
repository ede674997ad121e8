//! The heap counter and the readers of `/proc`, on memory of a known size.
#![cfg(target_os = "linux")]

use std::hint::black_box;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use testkit::{PageTables, Resident, cpu_time, heap};

#[global_allocator]
static ALLOCATOR: heap::Counted = heap::Counted;

const MIB: usize = 1 << 20;
/// The test runner's own threads allocate and free far less meanwhile.
const OTHERS: usize = MIB;

/// All figures are the whole process's: under `cargo test` these tests wait for each other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Whether `found` lies `expected` bytes above `before`.
fn has_grown(before: usize, found: usize, expected: usize) -> bool {
    found.abs_diff(before + expected) < OTHERS
}

#[test]
fn the_heap_counts_live_bytes_the_peak_and_blocks() {
    let _alone = alone();
    heap::take_peak_bytes();
    let (before, blocks) = (heap::live_bytes(), heap::blocks());
    let mut buffer: Vec<u8> = black_box(Vec::with_capacity(8 * MIB));
    assert!(has_grown(before, heap::live_bytes(), 8 * MIB));
    buffer.reserve_exact(16 * MIB);
    assert!(has_grown(before, heap::live_bytes(), 16 * MIB));
    assert!(heap::blocks() - blocks >= 2);
    drop(buffer);
    assert!(has_grown(before, heap::live_bytes(), 0));
    // Both blocks are live while the content is copied: 8 + 16 MiB. Later there is only what is live.
    assert!(has_grown(before, heap::take_peak_bytes(), 24 * MIB));
    assert!(has_grown(before, heap::take_peak_bytes(), 0));
}

#[test]
fn resident_memory_grows_by_what_is_written_and_the_peak_stays() {
    let _alone = alone();
    let before = (Resident::now().unwrap(), PageTables::now().unwrap());
    let block = black_box(vec![1_u8; 64 * MIB]);
    let during = (Resident::now().unwrap(), PageTables::now().unwrap());
    drop(block);
    let after = (Resident::now().unwrap(), PageTables::now().unwrap());
    let grown = |from: u64, to: u64| has_grown(from as usize, to as usize, 64 * MIB);
    assert!(grown(before.0.total, during.0.total), "{before:?} {during:?}");
    assert!(grown(before.0.anonymous, during.0.anonymous), "{before:?} {during:?}");
    assert!(grown(before.1.resident, during.1.resident), "{before:?} {during:?}");
    assert!(grown(before.1.anonymous, during.1.anonymous), "{before:?} {during:?}");
    assert!(grown(before.1.proportional, during.1.proportional), "{before:?} {during:?}");
    assert!(grown(after.0.total, during.0.total), "{during:?} {after:?}");
    assert!(after.0.peak + OTHERS as u64 >= during.0.total, "{during:?} {after:?}");
    assert!(during.0.file < during.0.total, "{during:?}");
}

#[test]
fn cpu_time_grows_by_the_time_that_is_spent() {
    let _alone = alone();
    let (from, before) = (Instant::now(), cpu_time().unwrap());
    // A busy machine gives a thread less time than passes, so this ends by the time that is spent.
    let mut number = 0_u64;
    while cpu_time().unwrap() - before < Duration::from_millis(100) {
        (0..100_000).for_each(|step| number = black_box(number).wrapping_add(step));
        assert!(from.elapsed() < Duration::from_secs(60), "no time was spent in a minute");
    }
    // One thread spends no more time than passes. Rounding to ticks of 10 ms can add two of them.
    assert!(from.elapsed() >= Duration::from_millis(80));
}
