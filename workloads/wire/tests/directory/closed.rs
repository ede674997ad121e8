//! A closed store holds what was committed, and has one owner at a time.

use wire::{Error, Proving, Store};

use crate::world::{World, add, close, directory, key, open};

#[test]
fn a_closed_store_is_opened_with_its_last_root() {
    let folder = tempfile::tempdir().unwrap();
    for proving in [Proving::Each, Proving::Together] {
        let folder = folder.path().join(format!("{proving:?}"));
        let world = World::new(Store::Disk(open(&folder).unwrap()), proving);
        let root = world.directory.root();
        close(world.directory).unwrap();
        let mut again = directory(Store::Disk(open(&folder).unwrap()), proving);
        assert_eq!(again.root(), root);
        assert_eq!(again.account("anna").unwrap().unwrap().nonce, 2);
        let batch = again.enter(vec![add("anna", 2, &key(9), &key(1))]).unwrap();
        batch.verify(again.threads()).unwrap();
    }
}

#[test]
fn a_second_owner_in_one_process_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).unwrap();
    assert!(matches!(open(folder.path()), Err(Error::Locked { .. })));
    first.close().unwrap();
    open(folder.path()).unwrap();
}
