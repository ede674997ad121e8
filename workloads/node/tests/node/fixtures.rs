//! Fixtures are made once, are the same everywhere, and do not survive damage.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use node::{Error, Transaction};
use sha2::{Digest as _, Sha256};

use crate::fixture::{Fixture, MADE_BY, Spec};
use crate::test_chain::forged;

const SMALL: Spec =
    Spec { seed: 3, count: 5, ring: 3, inputs: 1, outputs: 2, memo: false, quantum: false };

fn read(folder: &Path) -> Vec<Transaction> {
    let fixture = Fixture::open_in(SMALL, folder).unwrap();
    fixture.transactions().unwrap().map(Result::unwrap).collect()
}

fn file(folder: &Path) -> PathBuf {
    let mut files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|is| is == "transactions")).unwrap()
}

#[test]
fn fixture_is_the_same_in_every_folder() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let transactions = read(one.path());
    assert_eq!(transactions.len(), 5);
    assert_eq!(transactions, read(other.path()));
    assert_eq!(fs::read(file(one.path())).unwrap(), fs::read(file(other.path())).unwrap());
}

/// Each thread reads the inode at once: a thread that makes the fixture again replaces the file by another one.
#[test]
fn concurrent_openers_make_a_fixture_once() {
    let folder = tempfile::tempdir().unwrap();
    let start = std::sync::Barrier::new(2);
    let make = || {
        start.wait();
        Fixture::open_in(SMALL, folder.path()).unwrap();
        fs::metadata(file(folder.path())).unwrap().ino()
    };
    let files = std::thread::scope(|scope| {
        [(); 2].map(|()| scope.spawn(make)).map(|thread| thread.join().unwrap())
    });
    assert_eq!(files[0], files[1]);
    assert_eq!(read(folder.path()).len(), 5);
}

/// The sample of five is all five.
#[test]
fn forged_fixture_with_a_right_checksum_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let whole = read(folder.path());
    let path = file(folder.path());
    let bytes = fs::read(&path).unwrap();
    for forge in [vec![4], vec![0, 1, 2, 3, 4]] {
        let mut body = Vec::new();
        for (at, transaction) in whole.iter().enumerate() {
            let encoded = match forge.contains(&at) {
                true => forged(transaction, 0),
                false => transaction.encode(),
            };
            body.extend((encoded.len() as u32).to_le_bytes());
            body.extend(encoded);
        }
        let checksum = Sha256::digest(&body);
        body.extend(checksum);
        assert_eq!(body.len(), bytes.len());
        fs::write(&path, body).unwrap();
        assert_eq!(read(folder.path()), whole);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn damaged_fixture_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let whole = read(folder.path());
    let path = file(folder.path());
    let bytes = fs::read(&path).unwrap();
    let flipped = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        bytes
    };
    for damaged in [flipped(0), flipped(bytes.len() - 1), bytes[..100].to_vec(), Vec::new()] {
        fs::write(&path, damaged).unwrap();
        assert_eq!(read(folder.path()), whole);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn impossible_spec_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for spec in
        [Spec { ring: 1, ..SMALL }, Spec { inputs: 17, ..SMALL }, Spec { outputs: 1, ..SMALL }]
    {
        let refused = Fixture::open_in(spec, folder.path());
        let refused = refused.unwrap_err();
        assert!(matches!(refused.downcast_ref(), Some(Error::Size { .. })), "{refused}");
    }
}

/// The cache is named after the libraries that sign: these are the ones that are built in.
#[test]
fn cache_is_named_after_the_locked_libraries() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let lock = fs::read_to_string(lock).unwrap();
    for library in MADE_BY.split(", ").filter(|part| !part.starts_with("format")) {
        let (name, version) = library.split_once(' ').unwrap();
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&entry), "{library} is not what Cargo.lock has; change MADE_BY");
    }
}
