//! Poseidon2 at width 16 in the 52-bit multiply-and-add of AVX-512 IFMA.
//!
//! Eight lanes of 64 bits leave so much room above an element that additions need no reduction: a
//! value is any number below 2^52 that is congruent to the element. Two registers stand in for one of
//! [`avx512`](super::avx512), and still it takes a fifth fewer instructions. That no value
//! outgrows its room is shown for any input by the tests in `bounds`:
//!
//! * a [`product`] is at most *p* + *ab* / 2^52, so that a cube of what an external layer gives
//!   (35 times a cube, below 2^37) is again just above *p*;
//! * in the internal rounds an element grows at most fourfold and by 2*p* a round, and every four
//!   rounds those that grow are [`reduced`]. Elements that are divided by a power of two shrink;
//! * what is subtracted is met by a multiple of *p* that is larger.
//!
//! Montgomery's factor is 2^52 here: *x* · 2^32 comes in, and is taken to *x* · 2^52 and back.

#[cfg(test)]
mod bounds;

use std::arch::x86_64::*;

use crate::field::P;
use crate::lanes::Work;
use crate::poseidon::constants::{FINAL_16, INITIAL_16, INTERNAL_16};

const ORDER: u64 = P as u64;
/// The inverse of *p* modulo 2^52. 1 is right in its lowest 24 bits, and each step of Newton's doubles
/// them.
const INVERSE: u64 = {
    let (mut inverse, mut step) = (1_u64, 0);
    while step < 2 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(ORDER.wrapping_mul(inverse)));
        step += 1;
    }
    inverse & ((1 << 52) - 1)
};
/// 2^72 and 2^32 modulo *p*, which take 2^32 to 2^52 and back in a [`product`].
const IN: u64 = ((1_u128 << 72) % P as u128) as u64;
const OUT: u64 = (1 << 32) % ORDER;
/// *p* - 1, of which 127 is the odd part: dividing by 2^*k* takes a multiple of 127 · 2^(24 - *k*).
const ODD_PART: u64 = 127 << 24;
/// More than half of any element that is subtracted after a division: 32*p*, near 2^36.
const HALVES: u64 = ORDER << 5;
/// More than a cube and than the elements of negative sign together: near 2^46.
const LARGE: u64 = ORDER << 15;

/// A round constant with the factor 2^52, from how [`constants`](crate::poseidon::constants) has it.
const fn lifted(shifted: u32) -> u64 {
    ((shifted.wrapping_add(P) as u64) << 20) % ORDER
}

const fn rounds(constants: &[[u32; 16]; 4]) -> [[u64; 16]; 4] {
    let (mut lifts, mut at) = ([[0; 16]; 4], 0);
    while at < 64 {
        lifts[at / 16][at % 16] = lifted(constants[at / 16][at % 16]);
        at += 1;
    }
    lifts
}

const FIRST: [[u64; 16]; 4] = rounds(&INITIAL_16);
const LAST: [[u64; 16]; 4] = rounds(&FINAL_16);
/// What is added to the first element at the end of each internal round: the constant of the next.
const NEXT: [u64; 20] = {
    let (mut next, mut at) = ([LARGE; 20], 1);
    while at < 20 {
        next[at - 1] += lifted(INTERNAL_16[at]);
        at += 1;
    }
    next
};

type Half = [__m512i; 16];

#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn run<W: Work>(lanes: super::x86::Avx512Ifma, work: W) -> W::Output {
    work.run(lanes)
}

/// Permutes sixteen states of elements below *p* in Montgomery form.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn permute_16(state: &mut [__m512i; 16]) {
    let (mut even, mut odd) = enter(state);
    mix(&mut even);
    mix(&mut odd);
    for constants in &FIRST {
        external(&mut even, constants);
        external(&mut odd, constants);
    }
    let first = splat(lifted(INTERNAL_16[0]));
    (even[0], odd[0]) = (add(even[0], first), add(odd[0], first));
    for nexts in NEXT.as_chunks().0 {
        four_internal(&mut even, &mut odd, nexts);
    }
    // The last internal round has left its multiple of p only.
    for constants in &LAST {
        external(&mut even, constants);
        external(&mut odd, constants);
    }
    leave(&even, &odd, state);
}

/// The lanes of even and of odd number apart, with the factor 2^52.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn enter<const W: usize>(state: &[__m512i; W]) -> ([__m512i; W], [__m512i; W]) {
    let (mut even, mut odd) = (*state, *state);
    each!(AT in W => {
        even[AT] = product(_mm512_and_si512(state[AT], splat(0xffff_ffff)), splat(IN));
        odd[AT] = product(_mm512_srli_epi64::<32>(state[AT]), splat(IN));
    });
    (even, odd)
}

/// Undoes [`enter`], and takes every element below *p*.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn leave<const W: usize>(even: &[__m512i; W], odd: &[__m512i; W], state: &mut [__m512i; W]) {
    each!(AT in W => {
        let (low, high) = (product(even[AT], splat(OUT)), product(odd[AT], splat(OUT)));
        let word = _mm512_or_si512(low, _mm512_slli_epi64::<32>(high));
        state[AT] = _mm512_min_epu32(word, _mm512_sub_epi32(word, _mm512_set1_epi32(P as i32)));
    });
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn external<const W: usize>(half: &mut [__m512i; W], constants: &[u64; W]) {
    each!(AT in W => {
        let sum = add(half[AT], splat(constants[AT]));
        half[AT] = cube(sum);
    });
    mix(half);
}

/// The external layer, as in [`poseidon`](crate::poseidon).
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn mix<const W: usize>(half: &mut [__m512i; W]) {
    let mut sums = [half[0]; 4];
    each!(AT in W => {
        if AT.is_multiple_of(4) {
            let (a, b, c, d) = (half[AT], half[AT + 1], half[AT + 2], half[AT + 3]);
            let (ab, cd) = (add(a, b), add(c, d));
            let abcd = add(ab, cd);
            let (with_b, with_d) = (add(abcd, b), add(abcd, d));
            (half[AT], half[AT + 1]) = (add(with_b, ab), add(with_b, add(c, c)));
            (half[AT + 2], half[AT + 3]) = (add(with_d, cd), add(with_d, add(a, a)));
        }
        sums[AT % 4] = if AT < 4 { half[AT] } else { add(sums[AT % 4], half[AT]) };
    });
    each!(AT in W => { half[AT] = add(half[AT], sums[AT % 4]) });
}

/// Four internal rounds. Each is a long chain of dependent instructions: the halves take turns, so that
/// the processor has two such chains at any moment.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn four_internal(even: &mut Half, odd: &mut Half, [a, b, c, d]: &[u64; 4]) {
    for half in [&mut *even, &mut *odd] {
        for at in [2, 4, 5, 7, 8] {
            half[at] = reduced(half[at]);
        }
    }
    internal::<1>(even, *a);
    internal::<1>(odd, *a);
    internal::<-1>(even, *b);
    internal::<-1>(odd, *b);
    internal::<1>(even, *c);
    internal::<1>(odd, *c);
    internal::<-1>(even, *d);
    internal::<-1>(odd, *d);
}

/// An internal round, of which the constant was added before; adds that of the next.
///
/// Elements 7 and 8, whose factors are -3 and -4, change their sign instead: `SIGN` says whether they
/// come in as they are (1) or negated (-1).
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn internal<const SIGN: i32>(s: &mut Half, next: u64) {
    let cubed = cube(s[0]);
    let near = add(add(s[1], s[2]), add(s[3], s[4]));
    let far = add(add(s[9], s[10]), add(s[11], s[12]));
    let last = add(add(s[13], s[14]), add(s[15], add(s[5], s[6])));
    let others = add(add(near, far), last);
    let signed = add(s[7], s[8]);
    let rest = if SIGN == 1 {
        add(others, signed)
    } else {
        _mm512_sub_epi64(add(others, splat(LARGE)), signed)
    };
    let sum = reduced(add(rest, cubed));
    let above = add(sum, splat(HALVES));
    let turned = if SIGN == 1 { _mm512_sub_epi64(splat(2 * ORDER), sum) } else { sum };
    s[0] = _mm512_sub_epi64(add(rest, splat(next)), cubed);
    s[1] = add(sum, s[1]);
    s[2] = add(add(sum, s[2]), s[2]);
    s[3] = plus_halved::<1, 51>(sum, s[3]);
    s[4] = _mm512_madd52lo_epu64(sum, s[4], splat(3));
    s[5] = add(sum, _mm512_slli_epi64::<2>(s[5]));
    s[6] = less_halved::<1, 51>(above, s[6]);
    s[7] = _mm512_madd52lo_epu64(turned, s[7], splat(3));
    s[8] = add(turned, _mm512_slli_epi64::<2>(s[8]));
    s[9] = plus_halved::<8, 44>(sum, s[9]);
    s[10] = plus_halved::<3, 49>(sum, s[10]);
    // 24 bits times an element would be too long: here, too, the multiple is subtracted.
    let multiple = _mm512_madd52hi_epu64(splat(0), _mm512_slli_epi64::<28>(s[11]), splat(ODD_PART));
    s[11] = _mm512_sub_epi64(add(above, _mm512_srli_epi64::<24>(s[11])), multiple);
    s[12] = less_halved::<8, 44>(above, s[12]);
    s[13] = less_halved::<3, 49>(above, s[13]);
    s[14] = less_halved::<4, 48>(above, s[14]);
    s[15] = less_halved::<24, 28>(above, s[15]);
}

/// `sum` + *a* / 2^`K`, `L` being 52 - `K`. With *a* = high 2^*K* + low, and *p* = 1 + 127 2^24, that is
/// `sum` + high + low (*p* - 127 2^(24 - *K*)).
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn plus_halved<const K: u32, const L: u32>(sum: __m512i, a: __m512i) -> __m512i {
    let factor = splat((ORDER << K) - ODD_PART);
    let sum = add(sum, _mm512_srli_epi64::<K>(a));
    _mm512_madd52hi_epu64(sum, _mm512_slli_epi64::<L>(a), factor)
}

/// `sum` - *a* / 2^`K`, `L` being 52 - `K`: `sum` - high + low 127 2^(24 - *K*).
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn less_halved<const K: u32, const L: u32>(sum: __m512i, a: __m512i) -> __m512i {
    let sum = _mm512_sub_epi64(sum, _mm512_srli_epi64::<K>(a));
    _mm512_madd52hi_epu64(sum, _mm512_slli_epi64::<L>(a), splat(ODD_PART))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn splat(value: u64) -> __m512i {
    _mm512_set1_epi64(value as i64)
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn add(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi64(a, b)
}

/// *a*, below 2^52, less the multiple of *p* that leaves it below 2*p*.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn reduced(a: __m512i) -> __m512i {
    let quotient = _mm512_madd52hi_epu64(splat(0), a, splat((1 << 52) / ORDER));
    _mm512_sub_epi64(a, _mm512_madd52lo_epu64(splat(0), quotient, splat(ORDER)))
}

/// *ab* / 2^52 modulo *p*, at most *p* + *ab* / 2^52.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn product(a: __m512i, b: __m512i) -> __m512i {
    let high = _mm512_madd52hi_epu64(splat(ORDER), a, b);
    let low = _mm512_madd52lo_epu64(splat(0), a, b);
    let multiple = _mm512_madd52lo_epu64(splat(0), low, splat(INVERSE));
    _mm512_sub_epi64(high, _mm512_madd52hi_epu64(splat(0), multiple, splat(ORDER)))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn cube(a: __m512i) -> __m512i {
    product(product(a, a), a)
}
