//! Hash chains, walked in place: seven elements in each lane, on the stack.

use crate::Parameter;
use crate::backend::SimdBackend;
use crate::field::P;
use crate::lanes::{Lanes, Rows, Work};
use crate::scheme::{DIGEST, PARAMETER, TWEAK};
use crate::tweak::{self, Places, STRIDE};

/// Walks one chain in each lane from position `from` to position `to`, and leaves its value there.
///
/// No step allocates: the value of a step takes the place of the one before.
// Not inlined, so that processor profiles name it.
#[inline(never)]
pub(crate) fn walk(
    backend: SimdBackend,
    parameter: &Parameter,
    places: &Places,
    from: u8,
    to: u8,
    values: &mut Rows<DIGEST>,
) {
    backend.run(Walk { parameter, places, from, to, values });
}

struct Walk<'a> {
    parameter: &'a Parameter,
    places: &'a Places,
    from: u8,
    to: u8,
    values: &'a mut Rows<DIGEST>,
}

impl Work for Walk<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let parameter = self.parameter.elements().map(|element| lanes.splat(element.word()));
        let mut values = self.values.each_ref().map(|row| lanes.load(row));
        let even = tweak::is_even(self.places);
        let stride = lanes.splat(STRIDE);
        let mut digits = tweak::chain(self.places, self.from).each_ref().map(|row| lanes.load(row));
        for position in self.from..self.to {
            if even {
                digits[0] = lanes.add(digits[0], stride);
            } else {
                let rows = tweak::chain(self.places, position + 1);
                digits = rows.each_ref().map(|row| lanes.load(row));
            }
            values = step(lanes, &parameter, &digits, &values);
        }
        for (value, row) in values.into_iter().zip(self.values) {
            lanes.store(value, row);
        }
    }
}

/// One step: Poseidon2 at width 16 of parameter, tweak and value, to which the input is added.
#[inline(always)]
fn step<L: Lanes>(
    lanes: L,
    parameter: &[L::Vector; PARAMETER],
    tweak: &[L::Vector; TWEAK],
    value: &[L::Vector; DIGEST],
) -> [L::Vector; DIGEST] {
    let zero = lanes.splat(0);
    let [p, q, r, s, t] = *parameter;
    let [low, high] = *tweak;
    let [a, b, c, d, e, f, g] = *value;
    let mut state = [p, q, r, s, t, low, high, a, b, c, d, e, f, g, zero, zero];
    lanes.permute_16(&mut state);
    let sum = |index: usize, input| lanes.add(state[index], input);
    [sum(0, p), sum(1, q), sum(2, r), sum(3, s), sum(4, t), sum(5, low), sum(6, high)]
}

const _: () = assert!(STRIDE < P);
