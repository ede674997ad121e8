//! A map that is full grows up to its limit; a commit beyond it is refused.

use wire::store::Options;
use wire::{Compact, Directory, Disk, Error, Proving, Store};

use crate::world::{close, directory, register};

/// Batches of 50 accounts of about 130 bytes, until one is refused or there are 3,000.
fn fill(directory: &mut Directory<Compact>) -> (u64, Option<Error>) {
    for batch in 0..60 {
        let some = (0..50).map(|at| register(&format!("{batch} and {at}"))).collect();
        let root = directory.root();
        if let Err(error) = directory.enter(some) {
            assert_eq!(directory.root(), root);
            return (batch, Some(error));
        }
    }
    (60, None)
}

#[test]
fn a_full_map_grows_up_to_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let open =
        |limit_bytes| Disk::open(folder.path(), Options { limit_bytes, durable: false }).unwrap();
    let mut small = directory(Store::Disk(open(1 << 20)), Proving::Together);
    let (entered, error) = fill(&mut small);
    assert!(matches!(error, Some(Error::Full { limit: 1_048_576 })), "{error:?}");
    assert!(entered > 0, "nothing fits");
    let root = small.root();
    close(small).unwrap();
    // It starts with 1 MiB again, and doubles until the rest fits.
    let mut large = directory(Store::Disk(open(16 << 20)), Proving::Together);
    assert_eq!(large.root(), root);
    for batch in entered..60 {
        let some = (0..50).map(|at| register(&format!("{batch} and {at}"))).collect();
        large.enter(some).unwrap().verify(large.threads()).unwrap();
    }
    let mut memory = directory(Store::memory(), Proving::Together);
    assert!(fill(&mut memory).1.is_none());
    assert_eq!(large.root(), memory.root());
}
