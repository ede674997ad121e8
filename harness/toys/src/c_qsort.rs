//! Allocates in a callback of C's `qsort`: the callers of C code may be missing from a call stack.
#![expect(unsafe_code, reason = "qsort is a C function")]

use std::ffi::c_void;
use std::hint::black_box;

use serde::Deserialize;

/// The bytes that each comparison allocates and frees.
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

/// Compares the first numbers, and allocates as many bytes as the second.
unsafe extern "C" fn compare(left: *const c_void, right: *const c_void) -> i32 {
    // SAFETY: `qsort` passes elements of its array, which are pairs of numbers.
    let [left, right] = [left, right].map(|pair| unsafe { *pair.cast::<[i32; 2]>() });
    black_box(Vec::<u8>::with_capacity(left[1] as usize));
    left[0] - right[0]
}
