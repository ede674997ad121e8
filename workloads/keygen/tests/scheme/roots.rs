//! One key, one root: whatever is kept, whichever instructions and however many threads.

use keygen::{Digest, Epoch, KeyGeneration, TreeRetention, simd_backend};

use crate::keys::{backends, key, lifetime, parameter, seed};
use crate::workers::Workers;
use crate::{batched, chains, collected, naive};

fn root(log2: u8) -> Digest {
    *key(log2, TreeRetention::RootOnly).0.root()
}

#[test]
fn all_retentions_have_one_root() {
    for log2 in [4, 6, 8] {
        for retention in TreeRetention::ALL {
            assert_eq!(*key(log2, retention).0.root(), root(log2), "2^{log2}, {retention}");
        }
    }
}

#[test]
fn all_backends_have_one_root() {
    for log2 in [4, 6, 8] {
        for backend in backends() {
            let generation = KeyGeneration { backend, ..KeyGeneration::new(lifetime(log2)) };
            let (public, _) = generation.run(seed(), parameter()).unwrap();
            assert_eq!(*public.root(), root(log2), "2^{log2}, {backend}");
        }
    }
}

#[test]
fn all_numbers_of_threads_have_one_root() {
    for threads in 1..=8 {
        let workers = Workers::start(threads).unwrap();
        assert_eq!(workers.run(|| root(6)), root(6), "{threads} threads");
    }
}

#[test]
fn all_variants_have_one_root() {
    let (seed, parameter, backend) = (seed(), parameter(), simd_backend());
    for log2 in [4, 6, 8] {
        let lifetime = lifetime(log2);
        let expected = root(log2);
        let collected = collected::collect(backend, &seed, &parameter, lifetime);
        assert_eq!(collected.root(), expected);
        assert_eq!(naive::root(backend, &seed, &parameter, lifetime), expected);
        assert_eq!(chains::root(backend, &seed, &parameter, lifetime), expected);
        for epochs in [1, 8, 64, batched::EPOCHS] {
            let found = batched::root(backend, &seed, &parameter, lifetime, epochs);
            assert_eq!(found, expected, "2^{log2} in batches of {epochs}");
        }
    }
}

#[test]
fn a_key_that_is_active_for_a_part_signs_there() {
    for retention in [TreeRetention::TopAndBottomTrees, TreeRetention::WholeTree] {
        // Epochs 20 … 27 of 64: bottom trees 2 and 3 of 8, so that both sides of the tree are padded.
        let generation = KeyGeneration { active: 20..28, ..KeyGeneration::new(lifetime(6)) };
        let generation = generation.retaining(retention);
        let (public, mut secret) = generation.run(seed(), parameter()).unwrap();
        assert_eq!(secret.active_epochs(), 16..32);
        for epoch in [16, 23, 24, 31].map(Epoch) {
            let signature = secret.sign(epoch, &[1; 32]).unwrap();
            assert_eq!(public.verify(epoch, &[1; 32], &signature), Ok(()), "{epoch}");
        }
        let (root_only, _) =
            generation.retaining(TreeRetention::RootOnly).run(seed(), parameter()).unwrap();
        assert_eq!(public, root_only);
        assert_ne!(*public.root(), root(6));
    }
}
