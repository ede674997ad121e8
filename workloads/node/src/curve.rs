//! Arithmetic on the curve that the signatures' library keeps for itself.

use monero_ed25519::{Commitment, CompressedPoint, Point, Scalar};
use rand_chacha::ChaCha20Rng;

use crate::random;

/// A uniform scalar.
pub(crate) fn scalar(source: &mut ChaCha20Rng) -> Scalar {
    Scalar::hash(random::bytes::<64>(source))
}

/// The scalar of a small number.
pub(crate) fn small(number: u64) -> Scalar {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Scalar::read(&mut &bytes[..]).unwrap_or(Scalar::ZERO)
}

/// `secret` times the generator.
pub(crate) fn public(secret: Scalar) -> Point {
    Commitment::new(secret, 0).commit()
}

pub(crate) fn times(point: Point, by: Scalar) -> Point {
    Point::from(point.into() * by.into())
}

pub(crate) fn plus(one: Point, other: Point) -> Point {
    Point::from(one.into() + other.into())
}

pub(crate) fn add(one: Scalar, other: Scalar) -> Scalar {
    Scalar::from(one.into() + other.into())
}

/// The open commitment to `amount`: its mask is one, which hides nothing.
pub(crate) fn open_commitment(amount: u64) -> Commitment {
    Commitment::new(Scalar::ONE, amount)
}

pub(crate) fn decompress(bytes: &[u8; 32]) -> Option<Point> {
    CompressedPoint::from(*bytes).decompress()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_scalars_are_their_numbers() {
        assert_eq!(small(1), Scalar::ONE);
        assert_eq!(add(small(2), small(3)), small(5));
        assert_eq!(small(u64::MAX), add(small(u64::MAX - 1), Scalar::ONE));
    }

    #[test]
    fn sum_of_points_is_the_point_of_the_sum() {
        assert_eq!(plus(public(small(2)), public(small(3))), public(small(5)));
        assert_eq!(times(public(small(2)), small(3)), public(small(6)));
    }
}
