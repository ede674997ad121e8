//! That no value outgrows 52 bits and nothing is subtracted from less, for any input whatever.
//!
//! The permutation is gone through once more with the largest values instead of the values. The smallest
//! of anything is 0, so that what is subtracted must not exceed the constant it is subtracted from.

use super::{HALVES, IN, LARGE, NEXT, ODD_PART, ORDER, OUT};

type Bounds = [u64; 16];

/// A value that goes into a multiplication, of which only 52 bits count.
fn whole(a: u64) -> u64 {
    assert!(a < 1 << 52, "{a:#x} is cut to 52 bits");
    a
}

/// The constant, once it is known to be no less than what is subtracted.
fn from(constant: u64, subtracted: u64) -> u64 {
    assert!(subtracted <= constant, "{subtracted:#x} is subtracted from {constant:#x}");
    constant
}

fn product(a: u64, b: u64) -> u64 {
    ORDER + ((u128::from(whole(a)) * u128::from(whole(b))) >> 52) as u64
}

fn cube(a: u64) -> u64 {
    product(product(a, a), a)
}

/// The quotient *q* of *a* and *p* is short by less than *a* / 2^52 + 1.
fn reduced(a: u64) -> u64 {
    whole(a);
    2 * ORDER
}

fn mix(s: &mut Bounds) {
    let rows = [[2, 3, 1, 1], [1, 2, 3, 1], [1, 1, 2, 3], [3, 1, 1, 2]];
    let fours: Bounds = std::array::from_fn(|at| {
        (0..4).map(|column| rows[at % 4][column] * s[at / 4 * 4 + column]).sum()
    });
    *s = std::array::from_fn(|at| {
        fours[at] + (0..4).map(|four| fours[4 * four + at % 4]).sum::<u64>()
    });
}

fn external(s: &mut Bounds) {
    *s = s.map(|element| cube(element + ORDER));
    mix(s);
}

fn plus_halved(k: u32, sum: u64, a: u64) -> u64 {
    // The remainder is below 2^k, and its factor below p.
    sum + (a >> k) + (ORDER << k)
}

fn less_halved(k: u32, above: u64, a: u64) -> u64 {
    from(HALVES, a >> k);
    above + ORDER
}

fn internal(sign: i32, s: &mut Bounds, next: u64) {
    let cubed = cube(s[0]);
    let others: u64 = (1..16).filter(|at| ![7, 8].contains(at)).map(|at| s[at]).sum();
    let signed = s[7] + s[8];
    let rest = others + if sign == 1 { signed } else { from(LARGE, signed) };
    let sum = reduced(rest + cubed);
    let above = sum + HALVES;
    let turned = from(2 * ORDER, sum);
    from(next, cubed);
    from(HALVES, ODD_PART);
    *s = [
        rest + next,
        sum + s[1],
        sum + 2 * s[2],
        plus_halved(1, sum, s[3]),
        sum + 3 * whole(s[4]),
        sum + 4 * s[5],
        less_halved(1, above, s[6]),
        turned + 3 * whole(s[7]),
        turned + 4 * s[8],
        plus_halved(8, sum, s[9]),
        plus_halved(3, sum, s[10]),
        above + (s[11] >> 24),
        less_halved(8, above, s[12]),
        less_halved(3, above, s[13]),
        less_halved(4, above, s[14]),
        less_halved(24, above, s[15]),
    ];
}

#[test]
fn no_value_outgrows_its_room() {
    // Any 32 bits come in.
    let mut state = [product(u64::from(u32::MAX), IN); 16];
    mix(&mut state);
    (0..4).for_each(|_| external(&mut state));
    state[0] += ORDER;
    for nexts in NEXT.as_chunks::<4>().0 {
        for at in [2, 4, 5, 7, 8] {
            state[at] = reduced(state[at]);
        }
        for (&next, sign) in nexts.iter().zip([1, -1, 1, -1]) {
            internal(sign, &mut state, next);
        }
    }
    (0..4).for_each(|_| external(&mut state));
    // One subtraction takes what goes out below p, and 32 bits hold it before.
    let out = state.map(|element| product(element, OUT));
    assert!(out.iter().all(|&element| element < 2 * ORDER && element <= u64::from(u32::MAX)));
}

#[test]
fn large_constants_are_multiples_of_the_order() {
    assert_eq!([HALVES % ORDER, LARGE % ORDER, (ODD_PART + 1) % ORDER], [0, 0, 0]);
}
