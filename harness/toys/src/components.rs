//! A program with two components, and a function that allocates nothing.

use std::hint::black_box;

use serde::Deserialize;

/// The bytes of each component.
#[derive(Debug, Deserialize)]
pub struct Params {
    index: usize,
    cache: usize,
}

/// The index lives to the end; the cache is filled twice, one after the other.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<u32, String>, String> {
    Ok(move || {
        let index = index::build(params.index);
        let first = cache::fill(params.cache).len();
        let second = cache::fill(params.cache).len();
        Ok(check(black_box(&index)) + u32::from(first != second))
    })
}

/// Allocates nothing.
#[inline(always)]
fn check(index: &[u8]) -> u32 {
    u32::from(black_box(index.len()) == 0)
}

mod index {
    #[inline(never)]
    pub(super) fn build(bytes: usize) -> Vec<u8> {
        std::hint::black_box(super::block(bytes))
    }
}

mod cache {
    #[inline(never)]
    pub(super) fn fill(bytes: usize) -> Vec<u8> {
        std::hint::black_box(super::block(bytes))
    }
}

/// Allocates for both components.
#[inline(never)]
fn block(bytes: usize) -> Vec<u8> {
    vec![1; bytes]
}
