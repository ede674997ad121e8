//! A full disk, at every step at which a disk can be full.

use std::io::{self, ErrorKind};

use storage::{Error, Store};

use crate::faulty::Faulty;
use crate::scratch::{content, on, options};

/// Three buffers and one byte of a fourth: writes 1 to 4.
const BYTES: usize = 3 * 256 * 1024 + 1;

async fn refused(step: &'static str, kind: ErrorKind) -> Error {
    let files = Faulty::failing(step, kind);
    let scratch = on(files, |options| options.durable = true).await;
    let streamed = scratch.store.put(io::Cursor::new(content(BYTES))).await.unwrap_err();
    assert!(scratch.files().is_empty(), "{step}: {:?} is left", scratch.files());
    let whole = scratch.store.put_bytes(content(BYTES)).await.unwrap_err();
    assert!(scratch.files().is_empty(), "{step}: {:?} is left", scratch.files());
    assert!(scratch.store.list().await.unwrap().is_empty());
    assert_eq!(streamed.to_string().split(' ').next(), whole.to_string().split(' ').next());
    whole
}

#[tokio::test]
async fn full_disk_leaves_nothing_at_any_step() {
    for step in ["create tmp", "write 1", "write 2", "write 4", "sync tmp", "folder prefix/"] {
        let error = refused(step, ErrorKind::StorageFull).await;
        assert!(matches!(error, Error::Full { .. }), "{step}: {error}");
    }
}

#[tokio::test]
async fn failing_disk_leaves_nothing_before_the_rename() {
    for step in ["write 4", "sync tmp", "sync root/", "rename tmp blob"] {
        let error = refused(step, ErrorKind::Other).await;
        assert!(matches!(error, Error::Io { .. }), "{step}: {error}");
    }
}

#[tokio::test]
async fn exceeded_quota_is_a_full_disk() {
    let error = refused("write 2", ErrorKind::QuotaExceeded).await;
    assert!(error.to_string().starts_with("no room to write "), "{error}");
    assert!(error.to_string().ends_with("free some space and try again"), "{error}");
}

#[tokio::test]
async fn silently_lost_write_is_found_by_the_length() {
    for (write, kept) in [(1, 0), (4, BYTES as u64 - 1)] {
        let scratch = on(Faulty::losing(write), |_| {}).await;
        let error = scratch.store.put_bytes(content(BYTES)).await.unwrap_err();
        let Error::Truncated { expected, found } = error else { panic!("{error}") };
        assert_eq!((expected, found), (BYTES as u64, kept));
        assert!(scratch.files().is_empty());
    }
}

#[tokio::test]
async fn store_works_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let full = Faulty::failing("write 1", ErrorKind::StorageFull);
    let store = Store::open_on(full, options(folder.path())).await.unwrap();
    store.put_bytes("abc").await.unwrap_err();
    let store = Store::open(options(folder.path())).await.unwrap();
    assert!(store.put_bytes("abc").await.unwrap().new);
}
