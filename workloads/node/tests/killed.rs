//! A process that is killed at any moment leaves every block that it has reported.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[expect(dead_code, reason = "a test keeps its fixtures below the target folder, not in the cache")]
#[path = "budgets/fixture/mod.rs"]
mod fixture;
#[expect(dead_code, reason = "the ledger needs the transactions of the test chain, and no node")]
#[path = "node/test_chain.rs"]
mod test_chain;

use std::path::Path;
use std::time::Duration;

use node::ledger::Options;
use node::{Chain as _, Ledger};
use testkit::{Reports, Victim, child};

use crate::test_chain::{GENESIS, SMALL, next, open, verified};

const KILLS: u64 = 16;

/// Durable, so that most of the time goes by in commits.
const DURABLE: Options = Options { durable: true, map_bytes: 64 << 20, ..SMALL };

testkit::main! {
    tests: [killed_writer_loses_no_reported_block],
    children: [write_forever],
}

fn killed_writer_loses_no_reported_block() {
    let folder = tempfile::tempdir().unwrap();
    let reports = Reports::below(folder.path());
    let mut height = 0;
    for kill in 0..KILLS {
        let delay = Duration::from_micros(kill * 97);
        Victim::start(&mut child("write_forever", folder.path()))
            .kill_after(|| reports.count() > height, delay);
        let ledger = open(&folder.path().join("chain"), DURABLE);
        height = ledger.height().unwrap();
        // A block may be committed and not yet reported, never the other way round.
        let reported = reports.count();
        assert!((reported..=reported + 1).contains(&height), "{height}, and {reported} reported");
        check(&ledger, height);
        // The next child goes on from the committed block.
        reports.set(height);
    }
    assert!(height >= KILLS, "the writers wrote nothing");
}

/// Every block up to the tip is whole, and exactly the transactions of these blocks are spent.
fn check(ledger: &Ledger, height: u64) {
    for at in 1..=height {
        assert_eq!(ledger.block(at).unwrap().unwrap().header.height, at);
    }
    assert_eq!(ledger.block(height).unwrap().unwrap().header.hash(), ledger.tip().1);
    for (at, transaction) in (1..).zip(verified()) {
        let spent = ledger.is_spent(transaction.inputs()[0].key_image()).unwrap();
        assert_eq!(spent, at <= height, "transaction {at} at height {height}");
    }
}

/// The child: a ledger that grows for ever. Of its blocks, the first 64 spend a transaction.
fn write_forever(folder: &Path) {
    let mut ledger = Ledger::open(&folder.join("chain"), &GENESIS, DURABLE).unwrap();
    let reports = Reports::below(folder);
    loop {
        let height = ledger.height().unwrap() as usize;
        let block = next(&ledger, verified().get(height..=height).unwrap_or_default());
        ledger.commit(&block).unwrap();
        reports.add();
    }
}
