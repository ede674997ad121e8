//! Lanes: the same arithmetic on many elements at once.
//!
//! A hash is written once, over [`Lanes`], and compiled for each instruction set. A value of an
//! implementing type is a token: it can be had only where the processor has the instructions, so
//! everything above this module is safe code.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod ifma;
mod scalar;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86;

pub(crate) use self::scalar::Scalar;

use crate::poseidon;

/// The most lanes any backend has; rows in memory are this wide, whatever the backend.
pub(crate) const MOST: usize = 16;

/// Elements in memory: row *i* holds element *i* of every lane, in Montgomery form.
pub(crate) type Rows<const N: usize> = [[u32; MOST]; N];

/// Work that is compiled once for each backend.
pub(crate) trait Work {
    type Output;

    /// Does the work. Implementations are `#[inline(always)]`, as all they call with `lanes`:
    /// only what is inlined is compiled for the backend's instructions.
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// Field arithmetic in lanes. Every [`Vector`](Self::Vector) that goes in or comes out holds elements
/// in Montgomery form, below *p*.
pub(crate) trait Lanes: Copy {
    /// One element for each lane.
    type Vector: Copy;
    /// How many lanes: a power of two, at most [`MOST`].
    const COUNT: usize;

    /// Does `work` where the compiler may use the backend's instructions.
    fn run<W: Work>(self, work: W) -> W::Output;

    /// The first [`COUNT`](Self::COUNT) elements of a row.
    fn load(self, row: &[u32; MOST]) -> Self::Vector;
    /// Writes the first [`COUNT`](Self::COUNT) elements of a row.
    fn store(self, vector: Self::Vector, row: &mut [u32; MOST]);
    /// The same word in all lanes.
    fn splat(self, word: u32) -> Self::Vector;
    /// *a* + *b*.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// *a* - *b*.
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// (*a* + *c*)³, where `shifted` is *c* - *p* as a two's complement.
    fn cube(self, a: Self::Vector, shifted: u32) -> Self::Vector;
    /// *a* + *b* / 2^`K`; `L` is 32 - `K`, and `K` is 1 … 24.
    fn add_halved<const K: u32, const L: u32>(
        self,
        a: Self::Vector,
        b: Self::Vector,
    ) -> Self::Vector;
    /// *a* - *b* / 2^`K`; `L` is 32 - `K`, and `K` is 1 … 24.
    fn sub_halved<const K: u32, const L: u32>(
        self,
        a: Self::Vector,
        b: Self::Vector,
    ) -> Self::Vector;

    /// Permutes a state of Poseidon2 at width 16, where nearly all time is spent.
    #[inline(always)]
    fn permute_16(self, state: &mut [Self::Vector; 16]) {
        poseidon::permute_16(self, state);
    }

    /// 2*a*.
    #[inline(always)]
    fn double(self, a: Self::Vector) -> Self::Vector {
        self.add(a, a)
    }
}
