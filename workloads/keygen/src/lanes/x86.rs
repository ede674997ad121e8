//! Eight lanes of AVX2 and sixteen of AVX-512: the only file with `unsafe`.
//!
//! The functions of [`avx2`], [`avx512`] and [`ifma`] are safe where their instructions are enabled. A
//! token is the proof that they are: `detect` asks the processor, and there is no other way to one.
#![expect(unsafe_code, reason = "calls functions that need instructions, with the proof in hand")]

use std::arch::x86_64::{
    __m256i, __m512i, _mm256_loadu_si256, _mm256_storeu_si256, _mm512_loadu_si512,
    _mm512_storeu_si512,
};

use super::{Lanes, MOST, Work, avx2, avx512, ifma};

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
    (
        $token:ty: $count:literal in $vector:ty, $load:path, $store:path,
        $module:ident, $run:path $(, $permute:path)?
    ) => {
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
                // A row has as many words as any vector, and the load asks for no alignment.
                unsafe { $load(row.as_ptr().cast()) }
            }

            #[inline(always)]
            fn store(self, vector: $vector, row: &mut [u32; MOST]) {
                // SAFETY: `self` exists only where `detect` found the instructions.
                // A row has as many words as any vector, and the store asks for no alignment.
                unsafe { $store(row.as_mut_ptr().cast(), vector) }
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

lanes!(Avx2: 8 in __m256i, _mm256_loadu_si256, _mm256_storeu_si256, avx2, avx2::run);
lanes!(Avx512: 16 in __m512i, _mm512_loadu_si512, _mm512_storeu_si512, avx512, avx512::run);
lanes!(
    Avx512Ifma: 16 in __m512i, _mm512_loadu_si512, _mm512_storeu_si512,
    avx512, ifma::run, ifma::permute_16
);
