//! Proofs, and changed proofs, which are refused.

use jmt::RootHash;
use wire::batch::{Proofs, Shared};
use wire::proof::membership_bytes;
use wire::{Batch, Compact, Operation, Proving, Store, Threads, key_of};

use crate::world::{World, add, create, directory, key, register, revoke};

fn batch(world: &mut World) -> Batch<Compact> {
    let transactions = vec![
        create("cleo", &key(5)),
        add("anna", 2, &key(6), &key(1)),
        revoke("anna", 3, &key(1), &key(2)),
    ];
    world.directory.enter(transactions).unwrap()
}

#[test]
fn membership_and_absence_are_proven() {
    let [World { directory }, _] = World::both();
    let (anna, present) = directory.prove("anna").unwrap();
    let value = anna.unwrap().encode();
    present.verify_existence(directory.root(), key_of("anna"), &value).unwrap();
    assert!(present.verify_existence(RootHash([0; 32]), key_of("anna"), &value).is_err());
    assert!(present.verify_existence(directory.root(), key_of("bert"), &value).is_err());
    let (dora, absent) = directory.prove("dora").unwrap();
    assert!(dora.is_none());
    absent.verify_nonexistence(directory.root(), key_of("dora")).unwrap();
    assert!(absent.verify_nonexistence(directory.root(), key_of("anna")).is_err());
}

// A tree of one leaf: 1 byte for its presence, 32 + 32 for its key and the hash of its value, 4 for
// the number of siblings, which is 0.
#[test]
fn the_smallest_proof_has_69_bytes() {
    let mut alone = directory(Store::memory(), Proving::Together);
    alone.enter(vec![register("service")]).unwrap();
    assert_eq!(membership_bytes(&alone.prove("service").unwrap().1), 69);
}

/// The creation of a service needs no other account, so that each tree size from 0 on is covered,
/// with proofs for one, two and three new leaves.
#[test]
fn shared_proofs_on_the_smallest_trees() {
    for step in 1..=3 {
        let mut small = directory(Store::memory(), Proving::Together);
        let mut each = directory(Store::memory(), Proving::Each);
        for first in (0..90).step_by(step) {
            let some = || (first..first + step).map(|at| register(&format!("{at}"))).collect();
            small.enter(some()).unwrap().verify(small.threads()).unwrap();
            each.enter(some()).unwrap().verify(each.threads()).unwrap();
            assert_eq!(small.root(), each.root(), "{first} and {step}");
        }
    }
}

#[test]
fn one_thread_and_three_make_the_same_proof() {
    let sections_on = |threads| {
        let threads = Threads::start(threads).unwrap();
        let store = Store::memory();
        let mut directory = wire::Directory::open(store, Proving::Together, threads).unwrap();
        directory.enter((0..50).map(|at| register(&format!("{at}"))).collect()).unwrap();
        let batch = directory.enter((50..90).map(|at| register(&format!("{at}"))).collect());
        match batch.unwrap().proofs {
            Proofs::Shared(shared) => shared.sections,
            Proofs::Each(_) => Vec::new(),
        }
    };
    let sections = sections_on(1);
    assert_eq!(sections.len(), 16);
    assert_eq!(sections, sections_on(3));
}

#[test]
fn a_wrong_root_is_refused() {
    let threads = Threads::start(1).unwrap();
    let damage: [fn(&mut Batch<Compact>); 3] = [
        |batch| batch.old_root.0[0] ^= 1,
        |batch| batch.new_root.0[31] ^= 1,
        |batch| batch.service_proofs.clear(),
    ];
    for damage in damage {
        for mut world in World::both() {
            let mut batch = batch(&mut world);
            damage(&mut batch);
            assert!(batch.verify(&threads).is_err());
        }
    }
}

#[test]
fn a_changed_shared_proof_is_refused() {
    let threads = Threads::start(1).unwrap();
    let damage: [fn(&mut Shared<Compact>); 6] = [
        |shared| drop(shared.transactions.pop()),
        |shared| drop(shared.accounts.pop()),
        |shared| shared.accounts.push(None),
        |shared| shared.accounts.swap(0, 1),
        |shared| drop(shared.sections.pop()),
        |shared| {
            if let Operation::AddKey { key } = &mut shared.transactions[1].operation {
                *key = [7; 32].into();
            }
        },
    ];
    for (number, damage) in damage.into_iter().enumerate() {
        let [_, mut world] = World::both();
        let mut batch = batch(&mut world);
        if let Proofs::Shared(shared) = &mut batch.proofs {
            damage(shared);
        }
        assert!(batch.verify_changes(&threads).is_err(), "damage {number}");
    }
}

/// Every byte of the sections counts.
#[test]
fn every_flipped_byte_is_noticed() {
    let threads = Threads::start(1).unwrap();
    let [_, mut world] = World::both();
    let mut proven = batch(&mut world);
    let Proofs::Shared(shared) = &mut proven.proofs else { panic!("a shared proof") };
    let shared = Shared {
        transactions: shared.transactions.clone(),
        accounts: shared.accounts.clone(),
        sections: shared.sections.clone(),
    };
    let verify = |sections: Vec<Vec<u8>>| {
        let proofs = Proofs::Shared(Shared {
            transactions: shared.transactions.clone(),
            accounts: shared.accounts.clone(),
            sections,
        });
        let (old_root, new_root) = (proven.old_root, proven.new_root);
        let service_proofs = std::collections::BTreeMap::new();
        Batch { old_root, new_root, service_proofs, proofs }.verify_changes(&threads)
    };
    verify(shared.sections.clone()).unwrap();
    for number in 0..16 {
        for at in 0..shared.sections[number].len() {
            let mut sections = shared.sections.clone();
            sections[number][at] ^= 0x10;
            assert!(verify(sections).is_err(), "byte {at} of section {number}");
        }
    }
}

#[test]
fn proofs_in_another_order_are_refused() {
    let threads = Threads::start(1).unwrap();
    let [mut world, _] = World::both();
    let mut batch = batch(&mut world);
    if let Proofs::Each(proofs) = &mut batch.proofs {
        proofs.swap(0, 1);
    }
    assert!(batch.verify_changes(&threads).is_err());
}
