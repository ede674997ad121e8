//! A process killed at any moment leaves the last version that was committed.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wire::store::Options;
use wire::{Compact, Directory, Disk, Proving, Store};

use crate::world::{close, directory, open, recover, register};

const KILLS: u64 = 25;

/// Batch `number` is the same in the child and in the parent.
fn enter(directory: &mut Directory<Compact>, number: u64) {
    let some = (0..20).map(|at| register(&format!("{number} and {at}"))).collect();
    directory.enter(some).unwrap();
}

fn batches(directory: &Directory<Compact>) -> u64 {
    let versions = directory.version().map_or(0, |version| version + 1);
    assert_eq!(versions % 20, 0, "half a batch was committed");
    versions / 20
}

/// This test binary again, as a directory that grows for ever.
fn writer(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::endless_child", "--ignored", "--nocapture"])
        .env("WIRE_ENDLESS", folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// How many batches the children have reported as entered.
fn reported(folder: &Path) -> u64 {
    fs::metadata(folder.join("reported")).map_or(0, |file| file.len())
}

fn wait_for(folder: &Path, batches: u64, then: Duration) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while reported(folder) < batches {
        assert!(Instant::now() < deadline, "the writer does not write");
        std::thread::yield_now();
    }
    let seen = Instant::now();
    while seen.elapsed() < then {
        std::hint::spin_loop();
    }
}

#[test]
fn kill_nine_in_a_loop() {
    let folder = tempfile::tempdir().unwrap();
    let mut roots = Vec::new();
    let mut memory = directory(Store::memory(), Proving::Together);
    let mut entered = 0;
    for kill in 0..KILLS {
        let mut child = writer(folder.path());
        wait_for(folder.path(), entered + 1, Duration::from_micros(kill * 97));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = folder.path().join("store");
        recover(&store).unwrap();
        let store = directory(Store::Disk(open(&store).unwrap()), Proving::Together);
        // Each of the 20 accounts of a batch is a version, the first of which is 0. A batch may be entered and not yet reported, never the
        // other way round.
        entered = batches(&store);
        let reported = reported(folder.path());
        assert!((reported..=reported + 1).contains(&entered), "{entered}, and {reported} reported");
        while (roots.len() as u64) < entered {
            enter(&mut memory, roots.len() as u64);
            roots.push(memory.root());
        }
        assert_eq!(store.root(), roots[entered as usize - 1], "after kill {kill}");
        let (last, proof) = store.prove(&format!("{} and 19", entered - 1)).unwrap();
        let (last, id) = (last.unwrap(), format!("{} and 19", entered - 1));
        proof.verify_existence(store.root(), wire::key_of(&id), last.encode()).unwrap();
        close(store).unwrap();
        // What was entered counts as reported, so that the next child goes on from there.
        fs::write(folder.path().join("reported"), vec![b'.'; entered as usize]).unwrap();
    }
    assert!(entered >= KILLS, "the writers wrote nothing");
}

#[test]
#[ignore = "the child of kill_nine_in_a_loop"]
fn endless_child() {
    let Some(folder) = std::env::var_os("WIRE_ENDLESS") else { return };
    let folder = Path::new(&folder);
    // Durable, so that most of the time goes by in commits.
    let store = Disk::open(&folder.join("store"), Options::default()).unwrap();
    let mut directory = directory(Store::Disk(store), Proving::Together);
    let report = OpenOptions::new().create(true).append(true).open(folder.join("reported"));
    let mut report = report.unwrap();
    for number in batches(&directory).. {
        enter(&mut directory, number);
        report.write_all(b".").unwrap();
    }
}
