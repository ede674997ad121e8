//! One lane, in plain integers: for machines without wider registers, and for single hashes.

use super::{Lanes, MOST, Work};
use crate::field::{INVERSE, P};

/// The token of the backend that every machine has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scalar;

/// `product` / 2^32 modulo *p*, between -*p* and *p*.
#[inline(always)]
fn reduce(product: i64) -> i32 {
    let multiple = (product as i32).wrapping_mul(INVERSE as i32);
    ((product - i64::from(multiple) * i64::from(P)) >> 32) as i32
}

impl Lanes for Scalar {
    type Vector = u32;
    const COUNT: usize = 1;

    #[inline(always)]
    fn run<W: Work>(self, work: W) -> W::Output {
        work.run(self)
    }

    #[inline(always)]
    fn load(self, row: &[u32; MOST]) -> u32 {
        row[0]
    }

    #[inline(always)]
    fn store(self, vector: u32, row: &mut [u32; MOST]) {
        row[0] = vector;
    }

    #[inline(always)]
    fn splat(self, word: u32) -> u32 {
        word
    }

    #[inline(always)]
    fn add(self, a: u32, b: u32) -> u32 {
        let sum = a.wrapping_add(b);
        sum.min(sum.wrapping_sub(P))
    }

    #[inline(always)]
    fn sub(self, a: u32, b: u32) -> u32 {
        let difference = a.wrapping_sub(b);
        difference.min(difference.wrapping_add(P))
    }

    #[inline(always)]
    fn cube(self, a: u32, shifted: u32) -> u32 {
        let sum = i64::from(a.wrapping_add(shifted) as i32);
        let square = i64::from(reduce(sum * sum));
        let cube = reduce(square * sum) as u32;
        cube.min(cube.wrapping_add(P))
    }

    #[inline(always)]
    fn add_halved<const K: u32, const L: u32>(self, a: u32, b: u32) -> u32 {
        self.add(a, halved::<K, L>(b))
    }

    #[inline(always)]
    fn sub_halved<const K: u32, const L: u32>(self, a: u32, b: u32) -> u32 {
        self.sub(a, halved::<K, L>(b))
    }
}

/// *a* / 2^`K`: with *a* = high 2^*K* + low, that is high - low (*p* - 1) / 2^*K*, where (*p* - 1) / 2^*K* is
/// 127 2^(24 - *K*).
#[inline(always)]
fn halved<const K: u32, const L: u32>(a: u32) -> u32 {
    let low = a << L;
    Scalar.sub(a >> K, (low >> 1) - (low >> 8))
}
