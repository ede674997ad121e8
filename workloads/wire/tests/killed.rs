//! Other processes on one store: one is killed at any moment, one is kept out.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::time::Duration;

use testkit::{Reports, Victim, assert_success, child};
use wire::store::Options;
use wire::{Compact, Directory, Disk, Error, Proving, Store};

use crate::world::{close, directory, open, recover, register};

#[path = "directory/world.rs"]
#[expect(dead_code, reason = "half of it is for the tests of the directory")]
mod world;

testkit::main! {
    tests: [
        a_killed_writer_leaves_its_last_commit,
        a_second_process_is_refused_while_the_store_is_open,
    ],
    children: [enter_forever, expect_locked],
}

const KILLS: u64 = 25;
const BATCH: u64 = 20;

fn a_killed_writer_leaves_its_last_commit() {
    let folder = tempfile::tempdir().unwrap();
    let (reports, store) = (Reports::below(folder.path()), folder.path().join("store"));
    let mut roots = Vec::new();
    let mut memory = directory(Store::memory(), Proving::Together);
    let mut entered = 0;
    for kill in 0..KILLS {
        Victim::start(&mut child("enter_forever", folder.path()))
            .kill_after(|| reports.count() > entered, Duration::from_micros(kill * 97));
        assert!(matches!(open(&store), Err(Error::Unsealed { .. })), "kill {kill}");
        recover(&store).unwrap();
        let found = directory(Store::Disk(open(&store).unwrap()), Proving::Together);
        // A batch may be entered and not yet reported, never the other way round.
        let reported = reports.count();
        entered = batches(&found);
        assert!((reported..=reported + 1).contains(&entered), "{entered}, and {reported} reported");
        while (roots.len() as u64) < entered {
            enter(&mut memory, roots.len() as u64);
            roots.push(memory.root());
        }
        assert_eq!(found.root(), roots[entered as usize - 1], "after kill {kill}");
        let id = format!("{} and {}", entered - 1, BATCH - 1);
        let (last, proof) = found.prove(&id).unwrap();
        proof.verify_existence(found.root(), wire::key_of(&id), last.unwrap().encode()).unwrap();
        // The next child opens a sealed store, and goes on from there.
        close(found).unwrap();
        reports.set(entered);
    }
    assert!(entered >= KILLS, "the writers wrote nothing");
}

fn a_second_process_is_refused_while_the_store_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).unwrap();
    assert_success(&mut child("expect_locked", folder.path()));
    let error = recover(folder.path()).unwrap_err();
    assert!(error.contains("is open elsewhere"), "{error}");
    first.close().unwrap();
    recover(folder.path()).unwrap();
    let output = child("expect_locked", folder.path()).output().unwrap();
    assert!(!output.status.success(), "the store was locked although its owner had closed it");
}

fn enter_forever(folder: &Path) {
    // Durable, so that most of the time goes by in commits.
    let store = Disk::open(&folder.join("store"), Options::default()).unwrap();
    let mut directory = directory(Store::Disk(store), Proving::Together);
    for number in batches(&directory).. {
        enter(&mut directory, number);
        Reports::below(folder).add();
    }
}

fn expect_locked(folder: &Path) {
    let opened = open(folder);
    assert!(matches!(opened, Err(Error::Locked { .. })), "{opened:?}");
}

/// Batch `number` is the same in the child and in the parent.
fn enter(directory: &mut Directory<Compact>, number: u64) {
    let some = (0..BATCH).map(|at| register(&format!("{number} and {at}"))).collect();
    directory.enter(some).unwrap();
}

/// Each account of a batch is a version, the first of which is 0.
fn batches(directory: &Directory<Compact>) -> u64 {
    let versions = directory.version().map_or(0, |version| version + 1);
    assert_eq!(versions % BATCH, 0, "half a batch was committed");
    versions / BATCH
}
