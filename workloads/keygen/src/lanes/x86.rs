//! Eight lanes of AVX2 and sixteen of AVX-512: the only file with `unsafe`.
//!
//! The functions of [`avx2`] and [`avx512`] are safe where their instructions are enabled. A token
//! is the proof that they are: [`Avx2::detect`] and [`Avx512::detect`] ask the processor, and there
//! is no other way to one.
//!
//! A product of two lanes of 32 bits has 64, so the even and the odd lanes are multiplied apart.
//! Montgomery's reduction is signed, which leaves out two corrections in three: with |*a*| ≤ *p*,
//! *a*² / 2^32 lies within ± *p* before, and *a*³ / 2^64 within ± *p* after the second one.
#![expect(unsafe_code, reason = "calls functions that need instructions, with the proof in hand")]

use std::arch::x86_64::{__m256i, __m512i};

use super::{Lanes, MOST, Work, ifma};

/// The token of AVX2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// The token, where the processor has the instructions.
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }
}

/// The token of AVX-512 F.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

impl Avx512 {
    /// The token, where the processor has the instructions.
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx512f").then_some(Self(()))
    }
}

/// The token of AVX-512 F and IFMA: [`Avx512`] with a permutation of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512Ifma(());

impl Avx512Ifma {
    /// The token, where the processor has the instructions.
    pub(crate) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma");
        found.then_some(Self(()))
    }
}

/// The backends hand every operation to their module in the same way, with the same proof.
macro_rules! lanes {
    ($token:ty, $run:path, $module:ident, $vector:ty, $count:literal $(, $permute:path)?) => {
        impl Lanes for $token {
            type Vector = $vector;
            const COUNT: usize = $count;

            #[inline(always)]
            fn run<W: Work>(self, work: W) -> W::Output {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $run(self, work) }
            }

            $(#[inline(always)]
            fn permute_16(self, state: &mut [$vector; 16]) {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $permute(state) }
            })?

            #[inline(always)]
            fn load(self, row: &[u32; MOST]) -> $vector {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::load(row) }
            }

            #[inline(always)]
            fn store(self, vector: $vector, row: &mut [u32; MOST]) {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::store(vector, row) }
            }

            #[inline(always)]
            fn splat(self, word: u32) -> $vector {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::splat(word) }
            }

            #[inline(always)]
            fn add(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::add(a, b) }
            }

            #[inline(always)]
            fn sub(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::sub(a, b) }
            }

            #[inline(always)]
            fn cube(self, a: $vector, shifted: u32) -> $vector {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::cube(a, shifted) }
            }

            #[inline(always)]
            fn add_halved<const K: u32, const L: u32>(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::add_halved::<K, L>(a, b) }
            }

            #[inline(always)]
            fn sub_halved<const K: u32, const L: u32>(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: `self` exists only where `detect` found the instructions.
                unsafe { $module::sub_halved::<K, L>(a, b) }
            }
        }
    };
}

lanes!(Avx2, avx2::run, avx2, __m256i, 8);
lanes!(Avx512, avx512::run, avx512, __m512i, 16);
lanes!(Avx512Ifma, ifma::run, avx512, __m512i, 16, ifma::permute_16);

mod avx2 {
    use std::arch::x86_64::*;

    use crate::field::{INVERSE, P};
    use crate::lanes::{MOST, Work};

    #[target_feature(enable = "avx2")]
    pub(super) fn run<W: Work>(lanes: super::Avx2, work: W) -> W::Output {
        work.run(lanes)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn load(row: &[u32; MOST]) -> __m256i {
        // SAFETY: a row is eight words or more, and the load asks for no alignment.
        unsafe { _mm256_loadu_si256(row.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn store(vector: __m256i, row: &mut [u32; MOST]) {
        // SAFETY: a row is eight words or more, and the store asks for no alignment.
        unsafe { _mm256_storeu_si256(row.as_mut_ptr().cast(), vector) }
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
}

mod avx512 {
    use std::arch::x86_64::*;

    use crate::field::{INVERSE, P};
    use crate::lanes::{MOST, Work};

    #[target_feature(enable = "avx512f")]
    pub(super) fn run<W: Work>(lanes: super::Avx512, work: W) -> W::Output {
        work.run(lanes)
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn load(row: &[u32; MOST]) -> __m512i {
        // SAFETY: a row is sixteen words, and the load asks for no alignment.
        unsafe { _mm512_loadu_si512(row.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn store(vector: __m512i, row: &mut [u32; MOST]) {
        // SAFETY: a row is sixteen words, and the store asks for no alignment.
        unsafe { _mm512_storeu_si512(row.as_mut_ptr().cast(), vector) }
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
}
