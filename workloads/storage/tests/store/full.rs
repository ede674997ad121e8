//! A full disk, at every step at which a disk can be full.

use std::io::{self, ErrorKind};
use std::process::Command;

use storage::{Error, Store};

use crate::faulty::Faulty;
use crate::scratch::{content, files, on, options};

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
async fn no_room_for_the_first_the_middle_or_the_last_chunk_leaves_nothing() {
    for step in ["create tmp", "write 1", "write 2", "write 4", "sync tmp", "folder prefix/"] {
        let error = refused(step, ErrorKind::StorageFull).await;
        assert!(matches!(error, Error::Full { .. }), "{step}: {error}");
    }
}

#[tokio::test]
async fn a_disk_that_breaks_before_the_name_stands_leaves_nothing() {
    for step in ["write 4", "sync tmp", "sync root/", "rename tmp blob"] {
        let error = refused(step, ErrorKind::Other).await;
        assert!(matches!(error, Error::Io { .. }), "{step}: {error}");
    }
}

#[tokio::test]
async fn a_quota_is_a_full_disk() {
    let error = refused("write 2", ErrorKind::QuotaExceeded).await;
    assert!(error.to_string().starts_with("no room to write "), "{error}");
    assert!(error.to_string().ends_with("free some space and try again"), "{error}");
}

#[tokio::test]
async fn a_write_that_is_lost_in_silence_is_found_by_the_length() {
    for (write, kept) in [(1, 0), (4, BYTES as u64 - 1)] {
        let scratch = on(Faulty::losing(write), |_| {}).await;
        let error = scratch.store.put_bytes(content(BYTES)).await.unwrap_err();
        let Error::Truncated { expected, found } = error else { panic!("{error}") };
        assert_eq!((expected, found), (BYTES as u64, kept));
        assert!(scratch.files().is_empty());
    }
}

#[tokio::test]
async fn the_store_works_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let full = Faulty::failing("write 1", ErrorKind::StorageFull);
    let store = Store::open_on(full, options(folder.path())).await.unwrap();
    store.put_bytes("abc").await.unwrap_err();
    let store = Store::open(options(folder.path())).await.unwrap();
    assert!(store.put_bytes("abc").await.unwrap().new);
}

/// The real thing: the kernel refuses to let a file grow past 64 KiB (`EFBIG`), in the last chunk.
#[test]
fn a_file_that_the_kernel_stops_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // 128 blocks of 512 B; a shell that counts in KiB allows twice that, still less than the blob.
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$@\"";
    let child = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full::limited_child", "--ignored", "--nocapture"])
        .env("STORAGE_LIMITED", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
    assert!(files(folder.path()).is_empty(), "{:?}", files(folder.path()));
}

#[tokio::test]
#[ignore = "the child of a_file_that_the_kernel_stops_leaves_nothing"]
async fn limited_child() {
    let Some(folder) = std::env::var_os("STORAGE_LIMITED") else { return };
    let store = Store::open(options(folder.as_ref())).await.unwrap();
    let error = store.put_bytes(content(200 * 1024)).await.unwrap_err();
    assert!(matches!(error, Error::Full { doing: "write", .. }), "{error}");
}
