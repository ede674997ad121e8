//! Allocates in a function that C's `qsort` calls: what lies beyond C on the stack may be unknown.
#![expect(unsafe_code, reason = "qsort is C's")]

use std::ffi::c_void;
use std::hint::black_box;

use serde::Deserialize;

/// How much each comparison takes, and for a moment.
#[derive(Debug, Deserialize)]
pub struct Params {
    each: usize,
}

/// Sorts two numbers with one comparison, beside a block of 64 B.
pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<i32, String>, String> {
    Ok(move || Ok(sort(params.each)))
}

#[inline(never)]
fn sort(each: usize) -> i32 {
    let beside = black_box(Vec::<u8>::with_capacity(64));
    let mut pairs = [[2, each as i32], [1, each as i32]];
    let (count, size) = (pairs.len(), size_of_val(&pairs[0]));
    // SAFETY: there are two elements of that size, and `compare` reads two numbers of each.
    unsafe { libc::qsort(pairs.as_mut_ptr().cast(), count, size, Some(compare)) };
    black_box(beside);
    pairs[0][0]
}

/// By the first number; the second says how much to take.
unsafe extern "C" fn compare(one: *const c_void, other: *const c_void) -> i32 {
    // SAFETY: `qsort` hands over elements of its array, which are pairs of numbers.
    let [one, other] = [one, other].map(|pair| unsafe { *pair.cast::<[i32; 2]>() });
    black_box(Vec::<u8>::with_capacity(one[1] as usize));
    one[0] - other[0]
}
