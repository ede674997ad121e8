//! Sixteen lanes of 32 bits in AVX-512 F: safe wherever its instructions are enabled.
//!
//! A product of two lanes of 32 bits has 64, so the even and the odd lanes are multiplied apart.
//! Montgomery's reduction is signed, which leaves out two corrections in three: with |*a*| ≤ *p*,
//! *a*² / 2^32 lies within ± *p* after it, and so does *a*³ / 2^64 after the second.

use std::arch::x86_64::*;

use crate::field::{INVERSE, P};
use crate::lanes::Work;

#[target_feature(enable = "avx512f")]
pub(super) fn run<W: Work>(lanes: super::x86::Avx512, work: W) -> W::Output {
    work.run(lanes)
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn splat(word: u32) -> __m512i {
    _mm512_set1_epi32(word as i32)
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn add(a: __m512i, b: __m512i) -> __m512i {
    let sum = _mm512_add_epi32(a, b);
    _mm512_min_epu32(sum, _mm512_sub_epi32(sum, splat(P)))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn sub(a: __m512i, b: __m512i) -> __m512i {
    raise(_mm512_sub_epi32(a, b))
}

/// Adds *p* to what is negative: as an unsigned number that is the larger of the two.
#[inline]
#[target_feature(enable = "avx512f")]
fn raise(a: __m512i) -> __m512i {
    _mm512_min_epu32(a, _mm512_add_epi32(a, splat(P)))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn cube(a: __m512i, shifted: u32) -> __m512i {
    let even = _mm512_add_epi32(a, splat(shifted));
    let odd = high(even);
    raise(join(cube_even(even), cube_even(odd)))
}

/// The cubes of the even lanes, in the odd ones.
#[inline]
#[target_feature(enable = "avx512f")]
fn cube_even(a: __m512i) -> __m512i {
    let square = high(reduce(_mm512_mul_epi32(a, a)));
    reduce(_mm512_mul_epi32(square, a))
}

/// Each product less the multiple of *p* that makes its lower 32 bits zero.
#[inline]
#[target_feature(enable = "avx512f")]
fn reduce(product: __m512i) -> __m512i {
    let multiple = _mm512_mul_epi32(product, splat(INVERSE));
    _mm512_sub_epi64(product, _mm512_mul_epi32(multiple, splat(P)))
}

/// The odd lanes, in the even ones.
#[inline]
#[target_feature(enable = "avx512f")]
fn high(a: __m512i) -> __m512i {
    _mm512_srli_epi64::<32>(a)
}

/// What the odd lanes hold, of `even` in the even lanes and of `odd` in the odd ones.
#[inline]
#[target_feature(enable = "avx512f")]
fn join(even: __m512i, odd: __m512i) -> __m512i {
    _mm512_mask_shuffle_epi32::<0b11_11_01_01>(odd, 0x5555, even)
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn add_halved<const K: u32, const L: u32>(a: __m512i, b: __m512i) -> __m512i {
    let (high, multiple) = split::<K, L>(b);
    change(a, _mm512_sub_epi32(high, multiple))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn sub_halved<const K: u32, const L: u32>(a: __m512i, b: __m512i) -> __m512i {
    let (high, multiple) = split::<K, L>(b);
    change(a, _mm512_sub_epi32(multiple, high))
}

/// Two numbers below *p* whose difference is *a* / 2^`K`: with *a* = high 2^*K* + low they are high,
/// and low (*p* - 1) / 2^*K* = low 127 2^(24 - *K*).
#[inline]
#[target_feature(enable = "avx512f")]
fn split<const K: u32, const L: u32>(a: __m512i) -> (__m512i, __m512i) {
    let low = _mm512_sll_epi32(a, _mm_cvtsi32_si128(L as i32));
    let multiple = _mm512_sub_epi32(_mm512_srli_epi32::<1>(low), _mm512_srli_epi32::<8>(low));
    (_mm512_srl_epi32(a, _mm_cvtsi32_si128(K as i32)), multiple)
}

/// *a* + `change`, which lies between -*p* and *p*.
#[inline]
#[target_feature(enable = "avx512f")]
fn change(a: __m512i, change: __m512i) -> __m512i {
    let sum = _mm512_add_epi32(a, change);
    let negative = _mm512_cmplt_epi32_mask(change, splat(0));
    let less = _mm512_sub_epi32(sum, splat(P));
    _mm512_min_epu32(sum, _mm512_mask_add_epi32(less, negative, sum, splat(P)))
}
