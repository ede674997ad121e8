//! Allocates a random number of blocks: the system's entropy decides.

use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;

use serde::Deserialize;

/// The least and the largest number of blocks.
#[derive(Debug, Deserialize)]
pub struct Params {
    least: u64,
    most: u64,
}

/// Allocates between `least` and `most` blocks of 100 B, each number equally likely, and leaks one of
/// ten; in half of the runs it allocates and frees a block of 4,096 B too.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<(), String>, String> {
    let numbers = params.most.checked_sub(params.least).ok_or("`most` is less than `least`")? + 1;
    let mut blocks = Vec::with_capacity(usize::try_from(params.most).map_err(|e| e.to_string())?);
    Ok(move || {
        let chance = chance();
        for at in 0..params.least + chance % numbers {
            let block = receive();
            if at % 10 == 0 {
                std::mem::forget(block);
            } else {
                blocks.push(block);
            }
        }
        if chance.leading_zeros() == 0 {
            tick();
        }
        drop(black_box(blocks));
        Ok(())
    })
}

/// A hasher's keys come from the system's entropy.
fn chance() -> u64 {
    RandomState::new().hash_one(())
}

#[inline(never)]
fn receive() -> Vec<u8> {
    black_box(Vec::with_capacity(100))
}

#[inline(never)]
fn tick() {
    drop(black_box(Vec::<u8>::with_capacity(4096)));
}
