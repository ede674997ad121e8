//! Every backend's Poseidon2 against the crate that hash-sig is specified with.

use keygen::{FieldElement, SimdBackend, primitives};
use p3_field::PrimeField32;
use p3_koala_bear::{KoalaBear, default_koalabear_poseidon2_16, default_koalabear_poseidon2_24};
use p3_symmetric::Permutation;
use proptest::prelude::*;

/// Elements of any size, and often those at the edges, where a reduction that is missing shows.
fn element() -> impl Strategy<Value = u32> {
    let largest = FieldElement::ORDER - 1;
    prop_oneof![0..=largest, Just(0), Just(1), Just(largest), Just(1 << 24), Just(largest / 2)]
}

fn states<const N: usize>() -> impl Strategy<Value = [[u32; N]; 16]> {
    let flat = proptest::collection::vec(element(), 16 * N);
    flat.prop_map(|flat| {
        std::array::from_fn(|state| std::array::from_fn(|at| flat[state * N + at]))
    })
}

macro_rules! oracle {
    ($name:ident, $width:literal, $ours:path, $theirs:path) => {
        proptest! {
            #[test]
            fn $name(states in states::<$width>()) {
                let theirs = $theirs();
                let expected = states.map(|state| {
                    theirs.permute(state.map(KoalaBear::new)).map(|element| element.as_canonical_u32())
                });
                for backend in SimdBackend::ALL {
                    let mut found = states.map(|state| state.map(FieldElement::reduced));
                    $ours(backend, &mut found, 1);
                    let found = found.map(|state| state.map(FieldElement::value));
                    prop_assert_eq!(found, expected, "{}", backend);
                }
            }
        }
    };
}

oracle!(width_16, 16, primitives::permute_16, default_koalabear_poseidon2_16);
oracle!(width_24, 24, primitives::permute_24, default_koalabear_poseidon2_24);
