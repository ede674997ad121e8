//! What is committed is there again, and one process at a time has it.

use std::process::{Command, Stdio};

use wire::{Error, Proving, Store};

use crate::world::{World, add, close, directory, key, open};

#[test]
fn reopened() {
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
fn twice_in_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).unwrap();
    assert!(matches!(open(folder.path()), Err(Error::Locked { .. })));
    first.close().unwrap();
    open(folder.path()).unwrap();
}

#[test]
fn twice_in_two_processes() {
    let folder = tempfile::tempdir().unwrap();
    let child = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "closed::second_child", "--ignored"])
            .env("WIRE_SECOND", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
    };
    let first = open(folder.path()).unwrap();
    assert!(child().success(), "the child was to be refused");
    drop(first);
    assert!(!child().success(), "the child was to open the store, and to complain about that");
}

#[test]
#[ignore = "the child of twice_in_two_processes"]
fn second_child() {
    let Some(folder) = std::env::var_os("WIRE_SECOND") else { return };
    assert!(matches!(open(folder.as_ref()), Err(Error::Locked { .. })));
}
