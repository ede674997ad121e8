//! The effect of operations on accounts, in both ways of proving.

use wire::{Compact, Keys as _};

use crate::world::{World, add, create, key, revoke, set};

fn keys(numbers: &[u8]) -> Vec<<Compact as wire::Keys>::Public> {
    numbers.iter().map(|&number| Compact::of(&key(number))).collect()
}

#[test]
fn every_operation_changes_its_account() {
    for World { mut directory } in World::both() {
        let batch = directory.enter(vec![
            add("bert", 1, &key(4), &key(3)),
            revoke("bert", 2, &key(3), &key(4)),
            create("cleo", &key(5)),
            set("cleo", 1, b"a sentence", &key(5)),
        ]);
        batch.unwrap().verify(directory.threads()).unwrap();
        let anna = directory.account("anna").unwrap().unwrap();
        assert_eq!((anna.nonce, anna.valid_keys), (2, keys(&[1, 2])));
        let bert = directory.account("bert").unwrap().unwrap();
        assert_eq!((bert.nonce, bert.valid_keys), (3, keys(&[4])));
        let cleo = directory.account("cleo").unwrap().unwrap();
        assert_eq!((cleo.nonce, &cleo.signed_data[0].data[..]), (2, &b"a sentence"[..]));
        assert!(directory.account("dora").unwrap().is_none());
    }
}

#[test]
fn both_ways_of_proving_reach_the_same_root() {
    let [each, together] = World::both();
    assert_eq!(each.directory.root(), together.directory.root());
}
