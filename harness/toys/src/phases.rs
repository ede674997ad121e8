//! A workload in phases, each a `tracing` span.

use std::hint::black_box;
use std::thread;

use serde::Deserialize;
use tracing::info_span;

/// No parameters.
#[derive(Debug, Deserialize)]
pub struct Params {}

/// First a block of 1,000 B, which stays. `load` allocates 8,192 B and 4,096 B, and frees the former;
/// within it, `parse` allocates and frees 512 B, twice. After it, 65,536 B are allocated and freed:
/// the peak of the whole, but of no phase. `serve` runs on two threads that meet while each has
/// 2,000 B. `idle` does nothing.
pub fn prepare(_params: Params) -> Result<impl FnOnce() -> Result<u32, String>, String> {
    Ok(|| {
        let first = block(1_000);
        let kept = info_span!("load").in_scope(load);
        drop(block(65_536));
        info_span!("idle").in_scope(|| ());
        let both = std::sync::Barrier::new(2);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| info_span!("serve").in_scope(|| serve(&both)));
            }
        });
        Ok(u32::from(first.len() + kept.len() == 0))
    })
}

#[inline(never)]
fn load() -> Vec<u8> {
    let read = block(8_192);
    for _ in 0..2 {
        info_span!("parse").in_scope(|| drop(block(512)));
    }
    let kept = block(4_096);
    drop(read);
    kept
}

fn serve(both: &std::sync::Barrier) {
    let live = block(2_000);
    both.wait();
    drop(live);
    both.wait();
}

#[inline(never)]
fn block(bytes: usize) -> Vec<u8> {
    black_box(vec![1; bytes])
}
