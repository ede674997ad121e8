//! Temporary files of dead writers go when the store is opened; those of living ones stay.

use std::fs;

use storage::Store;

use crate::scratch::{options, scratch};

#[tokio::test]
async fn stale_temporaries_are_removed_when_no_store_has_the_root_open() {
    let folder = tempfile::tempdir().unwrap();
    for root in ["hot", "cold"] {
        fs::create_dir_all(folder.path().join(root).join("tmp")).unwrap();
        fs::write(folder.path().join(root).join("tmp/0000002a-0000000000000007"), "half").unwrap();
    }
    let store = Store::open(options(folder.path())).await.unwrap();
    assert!(crate::scratch::files(folder.path()).is_empty());
    assert!(store.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn temporaries_stay_while_another_store_has_the_root_open() {
    let first = scratch().await;
    let temporary = first.hot().join("tmp/0000002a-0000000000000007");
    fs::write(&temporary, "in the making").unwrap();
    let second = Store::open(options(first.folder.path())).await.unwrap();
    assert!(temporary.exists());
    drop((first.store, second));
    Store::open(options(first.folder.path())).await.unwrap();
    assert!(!temporary.exists());
}

/// Two stores of one process on one root share its number: their first names collide, and the
/// second takes the next.
#[tokio::test]
async fn stores_on_one_root_keep_each_others_temporaries() {
    let first = scratch().await;
    let second = Store::open(options(first.folder.path())).await.unwrap();
    let taken = format!("tmp/{:08x}-{:016x}", std::process::id(), 0);
    fs::write(first.hot().join(&taken), "taken").unwrap();
    second.put_bytes("abc").await.unwrap();
    assert_eq!(fs::read(first.hot().join(&taken)).unwrap(), b"taken");
}
