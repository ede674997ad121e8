//! The mempool against a list that is searched: the same comes in, and the same goes.

use node::crypto::Verified;
use node::mempool::{Bloom, ImageIndex, Mempool, Options};
use proptest::prelude::*;

use crate::test_chain::{GENESIS, verified};

const CAPACITY: usize = 12;
const LONGEST: u64 = 100;

#[derive(Clone, Debug)]
enum Step {
    Admit(usize),
    Expire,
    Confirm(Vec<usize>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0_usize..64).prop_map(Step::Admit),
        1 => Just(Step::Expire),
        2 => proptest::collection::vec(0_usize..64, 0..6).prop_map(Step::Confirm),
    ]
}

/// What is in the pool, and since when.
#[derive(Default)]
struct Model(Vec<(usize, u64)>);

fn rate(index: usize) -> u64 {
    verified()[index].fee_rate()
}

impl Model {
    fn admit(&mut self, index: usize, now: u64) -> bool {
        let lowest =
            self.0.iter().min_by_key(|(index, now)| (rate(*index), std::cmp::Reverse(*now)));
        let lowest = lowest.map(|(index, _)| *index);
        if self.0.iter().any(|(known, _)| *known == index) {
            return false;
        }
        if self.0.len() == CAPACITY {
            let lowest = lowest.unwrap();
            if rate(index) <= rate(lowest) {
                return false;
            }
            self.0.retain(|(known, _)| *known != lowest);
        }
        self.0.push((index, now));
        true
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pool_behaves_like_a_list(
        steps in proptest::collection::vec(step(), 0..150),
        images in prop::sample::select(vec![ImageIndex::Compact, ImageIndex::Plain]),
        filter_bits in prop::sample::select(vec![0_u8, 4]),
        hash_seed: Option<u64>,
    ) {
        let (capacity, longest_wait_seconds) = (CAPACITY, LONGEST);
        let expand = false;
        let options = Options { capacity, longest_wait_seconds, images, filter_bits, expand, hash_seed };
        let (mut pool, mut model) = (Mempool::new(options), Model::default());
        for (now, step) in (0..).step_by(7).zip(steps) {
            match step {
                Step::Admit(index) => {
                    let admitted = pool.admit(verified()[index].clone(), &*GENESIS, now);
                    prop_assert_eq!(admitted.is_ok(), model.admit(index, now));
                }
                Step::Expire => {
                    pool.expire(now);
                    model.0.retain(|(_, arrived)| now - arrived <= LONGEST);
                }
                Step::Confirm(mined) => {
                    let block: Vec<Verified> = mined.iter().map(|at| verified()[*at].clone()).collect();
                    pool.confirm(1, &block);
                    model.0.retain(|(index, _)| !mined.contains(index));
                }
            }
            prop_assert_eq!((pool.len(), pool.key_images()), (model.0.len(), model.0.len()));
            let fees: u64 = model.0.iter().map(|(index, _)| verified()[*index].fee()).sum();
            prop_assert_eq!(pool.total_fees(), fees);
            let lowest = model.0.iter().map(|(index, _)| rate(*index)).min();
            prop_assert_eq!(pool.lowest_rate(), lowest);
            for (index, transaction) in verified().iter().enumerate() {
                let inside = model.0.iter().any(|(known, _)| *known == index);
                prop_assert_eq!(pool.spends(transaction.inputs()[0].key_image()), inside);
            }
        }
    }
}

fn image(number: u64, side: u8) -> [u8; 32] {
    let mut image = [side; 32];
    image[..8].copy_from_slice(&number.to_le_bytes());
    image
}

/// With 10 bits and 7 hashes, (1 - e^(-7/10))^7 = 0.8 % of those that are not there are "maybe".
#[test]
fn filter_has_no_false_negative_and_few_false_positives() {
    const IMAGES: u64 = 1_000_000;
    let mut bloom = Bloom::new(IMAGES as usize, 10, 5);
    (0..IMAGES).for_each(|number| bloom.insert(&image(number, 1)));
    assert!((0..IMAGES).all(|number| bloom.may_contain(&image(number, 1))));
    let wrong = (0..IMAGES).filter(|number| bloom.may_contain(&image(*number, 2))).count();
    assert!((7_000..10_000).contains(&wrong), "{wrong} of a million, and 8,200 are expected");
    assert_eq!(bloom.heap_size(), 1_250_000);
}
