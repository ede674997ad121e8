//! A process killed at any moment leaves every block that it has reported.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use node::ledger::Options;
use node::{Chain as _, Ledger};

use crate::chain::{SMALL, next, open};
use crate::test_chain::{GENESIS, verified};

const KILLS: u64 = 16;

/// Durable, so that most of the time goes by in commits.
const DURABLE: Options = Options { durable: true, map_bytes: 64 << 20, ..SMALL };

/// This test binary again, as a ledger that grows for ever: of its blocks, the first 64 spend something.
fn writer(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::endless_child", "--ignored", "--nocapture"])
        .env("NODE_ENDLESS", folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn reported(folder: &Path) -> u64 {
    fs::metadata(folder.join("reported")).map_or(0, |file| file.len())
}

fn wait_for(folder: &Path, blocks: u64, then: Duration) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while reported(folder) < blocks {
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
    let mut height = 0;
    for kill in 0..KILLS {
        let mut child = writer(folder.path());
        wait_for(folder.path(), height + 1, Duration::from_micros(kill * 97));
        child.kill().unwrap();
        child.wait().unwrap();
        let ledger = open(&folder.path().join("chain"), DURABLE);
        // A block may be committed and not yet reported, never the other way round.
        height = ledger.height().unwrap();
        let reported = reported(folder.path());
        assert!((reported..=reported + 1).contains(&height), "{height}, and {reported} reported");
        for at in 1..=height {
            let stored = ledger.block(at).unwrap().unwrap();
            assert_eq!(stored.header.height, at);
        }
        assert_eq!(ledger.block(height).unwrap().unwrap().header.hash(), ledger.tip().1);
        for (at, transaction) in (1..).zip(verified()) {
            let spent = ledger.is_spent(transaction.inputs()[0].key_image()).unwrap();
            assert_eq!(spent, at <= height, "transaction {at} at height {height}");
        }
        drop(ledger);
        // What was committed counts as reported, so that the next child goes on from there.
        fs::write(folder.path().join("reported"), vec![b'.'; height as usize]).unwrap();
    }
    assert!(height >= KILLS, "the writers wrote nothing");
}

#[test]
#[ignore = "the child of kill_nine_in_a_loop"]
fn endless_child() {
    let Some(folder) = std::env::var_os("NODE_ENDLESS") else { return };
    let folder = Path::new(&folder);
    let mut ledger = Ledger::open(&folder.join("chain"), &GENESIS, DURABLE).unwrap();
    let report = OpenOptions::new().create(true).append(true).open(folder.join("reported"));
    let mut report = report.unwrap();
    loop {
        let height = ledger.height().unwrap() as usize;
        let block = next(&ledger, verified().get(height..=height).unwrap_or_default());
        ledger.commit(&block).unwrap();
        report.write_all(b".").unwrap();
    }
}
