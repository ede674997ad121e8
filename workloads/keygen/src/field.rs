//! KoalaBear, the prime field of order 2^31 - 2^24 + 1 in which everything is hashed.

use std::fmt;
use std::ops::{Add, Mul, Sub};

use serde::{Serialize, Serializer};

/// The order of the field, 2^31 - 2^24 + 1.
pub(crate) const P: u32 = 0x7f00_0001;
/// The inverse of *p* modulo 2^32, with which a product is reduced.
pub(crate) const INVERSE: u32 = 0x8100_0001;
/// 2^64 modulo *p*, which brings a number into Montgomery form.
const SQUARE: u32 = ((1_u128 << 64) % P as u128) as u32;

const _: () = assert!(P.wrapping_mul(INVERSE) == 1);

/// An element of the field KoalaBear: an integer modulo *p* = 2^31 - 2^24 + 1.
///
/// It is kept as *x* · 2^32 mod *p* (Montgomery, Mathematics of Computation 44 (1985), 519–521), and
/// read and written as *x*: [`value`](Self::value), serde and the byte encodings are canonical.
///
/// ```
/// use keygen::FieldElement;
///
/// let largest = FieldElement::new(FieldElement::ORDER - 1).unwrap();
/// assert_eq!((largest * largest).value(), 1); // (-1)² = 1
/// assert!(FieldElement::new(FieldElement::ORDER).is_none());
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct FieldElement(u32);

impl FieldElement {
    /// How many elements there are: *p*, a prime.
    pub const ORDER: u32 = P;
    /// The neutral element of addition.
    pub const ZERO: Self = Self(0);

    /// The element of a canonical integer, or nothing if `value` is not below [`ORDER`](Self::ORDER).
    #[must_use]
    pub const fn new(value: u32) -> Option<Self> {
        if value < P { Some(Self::reduced(value)) } else { None }
    }

    /// The element of `value` modulo *p*.
    #[must_use]
    pub const fn reduced(value: u32) -> Self {
        Self(reduce((value % P) as u64 * SQUARE as u64))
    }

    /// The canonical integer, below [`ORDER`](Self::ORDER).
    #[must_use]
    pub const fn value(self) -> u32 {
        reduce(self.0 as u64)
    }

    /// The least `N` digits of `integer` to the base *p*, the lowest first.
    #[must_use]
    pub(crate) fn digits<const N: usize>(mut integer: u128) -> [Self; N] {
        std::array::from_fn(|_| {
            let digit = integer % u128::from(P);
            integer /= u128::from(P);
            Self::reduced(digit as u32)
        })
    }

    /// The Montgomery form, below *p*: what the lanes compute with.
    pub(crate) const fn word(self) -> u32 {
        self.0
    }

    /// The element of a Montgomery form, which the lanes keep below *p*.
    pub(crate) const fn from_word(word: u32) -> Self {
        debug_assert!(word < P);
        Self(word)
    }
}

/// `product` / 2^32 modulo *p*, for any `product` below 2^32 · *p*.
const fn reduce(product: u64) -> u32 {
    let multiple = (product as u32).wrapping_mul(INVERSE);
    let excess = (multiple as u64 * P as u64) >> 32;
    let (difference, below) = ((product >> 32) as u32).overflowing_sub(excess as u32);
    if below { difference.wrapping_add(P) } else { difference }
}

impl Add for FieldElement {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let sum = self.0 + other.0;
        Self(sum.min(sum.wrapping_sub(P)))
    }
}

impl Sub for FieldElement {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let difference = self.0.wrapping_sub(other.0);
        Self(difference.min(difference.wrapping_add(P)))
    }
}

impl Mul for FieldElement {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(reduce(u64::from(self.0) * u64::from(other.0)))
    }
}

impl fmt::Debug for FieldElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.value(), f)
    }
}

impl Serialize for FieldElement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.value())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn arithmetic_is_that_of_integers_modulo_p(a in 0..P, b in 0..P) {
            let (x, y) = (FieldElement::reduced(a), FieldElement::reduced(b));
            let (a, b, p) = (u64::from(a), u64::from(b), u64::from(P));
            prop_assert_eq!(u64::from((x + y).value()), (a + b) % p);
            prop_assert_eq!(u64::from((x - y).value()), (a + p - b) % p);
            prop_assert_eq!(u64::from((x * y).value()), a * b % p);
        }

        #[test]
        fn canonical_integers_come_back(value: u32) {
            prop_assert_eq!(FieldElement::reduced(value).value(), value % P);
            prop_assert_eq!(FieldElement::new(value).map(FieldElement::value), (value < P).then_some(value));
        }
    }

    #[test]
    fn digits_add_up() {
        // 5 + 7 p + 11 p^2
        let p = u128::from(P);
        let digits = FieldElement::digits::<4>(5 + 7 * p + 11 * p * p);
        assert_eq!(digits.map(FieldElement::value), [5, 7, 11, 0]);
    }
}
