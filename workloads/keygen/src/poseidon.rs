//! Poseidon2 over KoalaBear at widths 16 and 24 (Grassi, Khovratovich, Schofnegger, eprint 2023/323).
//!
//! S-box *x*³, 4 + 4 external rounds, and 20 (width 16) or 23 (width 24) internal rounds. The diagonal
//! of the internal layer consists of small integers and powers of two, as in Plonky3's
//! `p3-koala-bear`, which is the oracle of the tests.

pub(crate) mod constants;

use self::constants::{FINAL_16, FINAL_24, INITIAL_16, INITIAL_24, INTERNAL_16, INTERNAL_24};
use crate::lanes::Lanes;

/// Permutes a state of 16 elements in each lane.
#[inline(always)]
pub(crate) fn permute_16<L: Lanes>(lanes: L, state: &mut [L::Vector; 16]) {
    mix(lanes, state);
    external(lanes, state, &INITIAL_16);
    for &constant in &INTERNAL_16 {
        state[0] = lanes.cube(state[0], constant);
        diffuse_16(lanes, state);
    }
    external(lanes, state, &FINAL_16);
}

/// Permutes a state of 24 elements in each lane.
#[inline(always)]
pub(crate) fn permute_24<L: Lanes>(lanes: L, state: &mut [L::Vector; 24]) {
    mix(lanes, state);
    external(lanes, state, &INITIAL_24);
    for &constant in &INTERNAL_24 {
        state[0] = lanes.cube(state[0], constant);
        diffuse_24(lanes, state);
    }
    external(lanes, state, &FINAL_24);
}

/// Four external rounds: constants and S-box everywhere, then the external layer.
#[inline(always)]
fn external<L: Lanes, const W: usize>(
    lanes: L,
    state: &mut [L::Vector; W],
    constants: &[[u32; W]; 4],
) {
    for round in constants {
        each!(AT in W => { state[AT] = lanes.cube(state[AT], round[AT]) });
        mix(lanes, state);
    }
}

/// The external layer: the circulant of 2 3 1 1 on each four, then to each the sum over all fours.
#[inline(always)]
fn mix<L: Lanes, const W: usize>(lanes: L, state: &mut [L::Vector; W]) {
    let mut sums = [state[0]; 4];
    each!(AT in W => {
        if AT.is_multiple_of(4) {
            let [a, b, c, d] = four(lanes, state[AT], state[AT + 1], state[AT + 2], state[AT + 3]);
            (state[AT], state[AT + 1], state[AT + 2], state[AT + 3]) = (a, b, c, d);
        }
        sums[AT % 4] = if AT < 4 { state[AT] } else { lanes.add(sums[AT % 4], state[AT]) };
    });
    each!(AT in W => { state[AT] = lanes.add(state[AT], sums[AT % 4]) });
}

/// The circulant of 2 3 1 1 on four elements.
#[inline(always)]
fn four<L: Lanes>(
    lanes: L,
    a: L::Vector,
    b: L::Vector,
    c: L::Vector,
    d: L::Vector,
) -> [L::Vector; 4] {
    let (ab, cd) = (lanes.add(a, b), lanes.add(c, d));
    let abcd = lanes.add(ab, cd);
    let (with_b, with_d) = (lanes.add(abcd, b), lanes.add(abcd, d));
    [
        lanes.add(with_b, ab),
        lanes.add(with_b, lanes.double(c)),
        lanes.add(with_d, cd),
        lanes.add(with_d, lanes.double(a)),
    ]
}

/// The sum of all elements but the first, with short chains of additions.
#[inline(always)]
fn rest<L: Lanes, const W: usize>(lanes: L, s: &[L::Vector; W]) -> L::Vector {
    let mut sums = [s[1], s[2], s[3], s[4]];
    each!(AT in W => {
        if (5..W).contains(&AT) {
            sums[AT % 4] = lanes.add(sums[AT % 4], s[AT]);
        }
    });
    lanes.add(lanes.add(sums[0], sums[1]), lanes.add(sums[2], sums[3]))
}

/// The internal layer at width 16: 1 + diag(-2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 2^-8, 1/8, 2^-24, -2^-8,
/// -1/8, -1/16, -2^-24).
#[inline(always)]
fn diffuse_16<L: Lanes>(lanes: L, s: &mut [L::Vector; 16]) {
    let sum = diffuse_first(lanes, s);
    s[9] = lanes.add_halved::<8, 24>(sum, s[9]);
    s[10] = lanes.add_halved::<3, 29>(sum, s[10]);
    s[11] = lanes.add_halved::<24, 8>(sum, s[11]);
    s[12] = lanes.sub_halved::<8, 24>(sum, s[12]);
    s[13] = lanes.sub_halved::<3, 29>(sum, s[13]);
    s[14] = lanes.sub_halved::<4, 28>(sum, s[14]);
    s[15] = lanes.sub_halved::<24, 8>(sum, s[15]);
}

/// The internal layer at width 24: 1 + diag(-2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 2^-8, 1/4, 1/8, 1/16, 1/32,
/// 1/64, 2^-24, -2^-8, -1/8, -1/16, -1/32, -1/64, -2^-7, -2^-9, -2^-24).
#[inline(always)]
fn diffuse_24<L: Lanes>(lanes: L, s: &mut [L::Vector; 24]) {
    let sum = diffuse_first(lanes, s);
    s[9] = lanes.add_halved::<8, 24>(sum, s[9]);
    s[10] = lanes.add_halved::<2, 30>(sum, s[10]);
    s[11] = lanes.add_halved::<3, 29>(sum, s[11]);
    s[12] = lanes.add_halved::<4, 28>(sum, s[12]);
    s[13] = lanes.add_halved::<5, 27>(sum, s[13]);
    s[14] = lanes.add_halved::<6, 26>(sum, s[14]);
    s[15] = lanes.add_halved::<24, 8>(sum, s[15]);
    s[16] = lanes.sub_halved::<8, 24>(sum, s[16]);
    s[17] = lanes.sub_halved::<3, 29>(sum, s[17]);
    s[18] = lanes.sub_halved::<4, 28>(sum, s[18]);
    s[19] = lanes.sub_halved::<5, 27>(sum, s[19]);
    s[20] = lanes.sub_halved::<6, 26>(sum, s[20]);
    s[21] = lanes.sub_halved::<7, 25>(sum, s[21]);
    s[22] = lanes.sub_halved::<9, 23>(sum, s[22]);
    s[23] = lanes.sub_halved::<24, 8>(sum, s[23]);
}

/// What the internal layers have in common: the first nine elements. Returns the sum of all.
#[inline(always)]
fn diffuse_first<L: Lanes, const W: usize>(lanes: L, s: &mut [L::Vector; W]) -> L::Vector {
    let rest = rest(lanes, s);
    let sum = lanes.add(rest, s[0]);
    s[0] = lanes.sub(rest, s[0]);
    s[1] = lanes.add(sum, s[1]);
    s[2] = lanes.add(sum, lanes.double(s[2]));
    s[3] = lanes.add_halved::<1, 31>(sum, s[3]);
    s[4] = lanes.add(lanes.add(sum, s[4]), lanes.double(s[4]));
    s[5] = lanes.add(sum, lanes.double(lanes.double(s[5])));
    s[6] = lanes.sub_halved::<1, 31>(sum, s[6]);
    s[7] = lanes.sub(lanes.sub(sum, s[7]), lanes.double(s[7]));
    s[8] = lanes.sub(sum, lanes.double(lanes.double(s[8])));
    sum
}
