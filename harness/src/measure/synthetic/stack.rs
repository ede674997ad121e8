//! A stack that goes as deep as it is told.

use std::hint::black_box;

/// Of one call, at the least.
const STEP: usize = 256;

/// Goes so many bytes deeper than the caller.
pub(super) fn descend(bytes: usize) {
    let top = 0u8;
    deeper(address(&top).saturating_sub(bytes));
}

#[inline(never)]
fn deeper(bottom: usize) {
    let mut here = [0u8; STEP];
    black_box(&mut here);
    if address(&here[0]) > bottom.saturating_add(STEP) {
        deeper(bottom);
    }
    black_box(&mut here);
}

fn address(byte: &u8) -> usize {
    std::ptr::from_ref(black_box(byte)).addr()
}
