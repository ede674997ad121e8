//! Eight lanes of 32 bits in AVX2: safe wherever its instructions are enabled.
//!
//! A product of two lanes of 32 bits has 64, so the even and the odd lanes are multiplied apart.
//! Montgomery's reduction is signed, which leaves out two corrections in three: with |*a*| ≤ *p*,
//! *a*² / 2^32 lies within ± *p* after it, and so does *a*³ / 2^64 after the second.

use std::arch::x86_64::*;

use crate::field::{INVERSE, P};
use crate::lanes::Work;

#[target_feature(enable = "avx2")]
pub(super) fn run<W: Work>(lanes: super::x86::Avx2, work: W) -> W::Output {
    work.run(lanes)
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn splat(word: u32) -> __m256i {
    _mm256_set1_epi32(word as i32)
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn add(a: __m256i, b: __m256i) -> __m256i {
    let sum = _mm256_add_epi32(a, b);
    _mm256_min_epu32(sum, _mm256_sub_epi32(sum, splat(P)))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn sub(a: __m256i, b: __m256i) -> __m256i {
    raise(_mm256_sub_epi32(a, b))
}

/// Adds *p* to what is negative: as an unsigned number that is the larger of the two.
#[inline]
#[target_feature(enable = "avx2")]
fn raise(a: __m256i) -> __m256i {
    _mm256_min_epu32(a, _mm256_add_epi32(a, splat(P)))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn cube(a: __m256i, shifted: u32) -> __m256i {
    let even = _mm256_add_epi32(a, splat(shifted));
    let odd = high(even);
    raise(join(cube_even(even), cube_even(odd)))
}

/// The cubes of the even lanes, in the odd ones.
#[inline]
#[target_feature(enable = "avx2")]
fn cube_even(a: __m256i) -> __m256i {
    let square = high(reduce(_mm256_mul_epi32(a, a)));
    reduce(_mm256_mul_epi32(square, a))
}

/// Each product less the multiple of *p* that makes its lower 32 bits zero.
#[inline]
#[target_feature(enable = "avx2")]
fn reduce(product: __m256i) -> __m256i {
    let multiple = _mm256_mul_epi32(product, splat(INVERSE));
    _mm256_sub_epi64(product, _mm256_mul_epi32(multiple, splat(P)))
}

/// The odd lanes, in the even ones.
#[inline]
#[target_feature(enable = "avx2")]
fn high(a: __m256i) -> __m256i {
    _mm256_srli_epi64::<32>(a)
}

/// What the odd lanes hold, of `even` in the even lanes and of `odd` in the odd ones.
#[inline]
#[target_feature(enable = "avx2")]
fn join(even: __m256i, odd: __m256i) -> __m256i {
    _mm256_blend_epi32::<0b1010_1010>(high(even), odd)
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn add_halved<const K: u32, const L: u32>(a: __m256i, b: __m256i) -> __m256i {
    let (high, multiple) = split::<K, L>(b);
    change(a, _mm256_sub_epi32(high, multiple))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn sub_halved<const K: u32, const L: u32>(a: __m256i, b: __m256i) -> __m256i {
    let (high, multiple) = split::<K, L>(b);
    change(a, _mm256_sub_epi32(multiple, high))
}

/// Two numbers below *p* whose difference is *a* / 2^`K`: with *a* = high 2^*K* + low they are high,
/// and low (*p* - 1) / 2^*K* = low 127 2^(24 - *K*).
#[inline]
#[target_feature(enable = "avx2")]
fn split<const K: u32, const L: u32>(a: __m256i) -> (__m256i, __m256i) {
    let multiple = if K <= 8 {
        // The lowest byte times 127, the others times nothing.
        let low = _mm256_sll_epi32(a, _mm_cvtsi32_si128(8 - K as i32));
        _mm256_slli_epi32::<16>(_mm256_maddubs_epi16(low, splat(127)))
    } else {
        let low = _mm256_sll_epi32(a, _mm_cvtsi32_si128(L as i32));
        _mm256_sub_epi32(_mm256_srli_epi32::<1>(low), _mm256_srli_epi32::<8>(low))
    };
    (_mm256_srl_epi32(a, _mm_cvtsi32_si128(K as i32)), multiple)
}

/// *a* + `change`, which lies between -*p* and *p*.
#[inline]
#[target_feature(enable = "avx2")]
fn change(a: __m256i, change: __m256i) -> __m256i {
    let sum = _mm256_add_epi32(a, change);
    let order = _mm256_sign_epi32(splat(P), change);
    _mm256_min_epu32(sum, _mm256_sub_epi32(sum, order))
}
