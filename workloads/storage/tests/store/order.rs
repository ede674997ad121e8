//! What is durable is forced in the order that survives a power cut.

use std::io::{self, Read};

use storage::Options;

use crate::faulty::Faulty;
use crate::scratch::{content, on};

fn durable(options: &mut Options) {
    options.durable = true;
}

/// write < sync(file) < rename < sync(folder); the folder's own name is forced before it is used.
const FIRST: [&str; 7] = [
    "create tmp",
    "write 1",
    "sync tmp",
    "folder prefix/",
    "sync root/",
    "rename tmp blob",
    "sync prefix/",
];

#[tokio::test]
async fn durable_put_forces_the_file_and_then_the_names() {
    let files = Faulty::default();
    let scratch = on(files.clone(), durable).await;
    scratch.store.put(&b"abc"[..]).await.unwrap();
    assert_eq!(files.log(), FIRST);
}

#[tokio::test]
async fn put_bytes_forces_in_the_same_order() {
    let files = Faulty::default();
    let scratch = on(files.clone(), durable).await;
    scratch.store.put_bytes("abc").await.unwrap();
    assert_eq!(files.log(), FIRST);
}

#[tokio::test]
async fn all_chunks_are_written_before_the_first_sync() {
    let files = Faulty::default();
    let scratch = on(files.clone(), durable).await;
    // Three full buffers of 256 KiB and one byte: four writes.
    scratch.store.put_bytes(content(3 * 256 * 1024 + 1)).await.unwrap();
    let log = files.log();
    let last = log.iter().rposition(|step| step.starts_with("write")).unwrap();
    assert_eq!(log[last], "write 4");
    assert_eq!(log[last + 1..], FIRST[2..]);
}

#[tokio::test]
async fn put_below_a_known_prefix_syncs_one_file_and_one_folder() {
    let files = Faulty::default();
    let scratch = on(files.clone(), durable).await;
    let stored = scratch.store.put_bytes("abc").await.unwrap();
    scratch.store.delete(&stored.digest).await.unwrap();
    files.log();
    scratch.store.put_bytes("abc").await.unwrap();
    let log = files.log();
    assert_eq!(
        log.iter().filter(|step| step.starts_with("sync")).collect::<Vec<_>>(),
        ["sync tmp", "sync prefix/"]
    );
}

#[tokio::test]
async fn existing_blob_is_forced_before_put_returns() {
    let files = Faulty::default();
    let scratch = on(files.clone(), durable).await;
    scratch.store.put_bytes("abc").await.unwrap();
    files.log();
    assert!(!scratch.store.put_bytes("abc").await.unwrap().new);
    assert_eq!(files.log(), ["open blob", "sync blob", "sync prefix/"]);
}

#[tokio::test]
async fn cooling_forces_the_cold_blob_before_the_hot_one_goes() {
    let files = Faulty::default();
    let scratch = on(files.clone(), durable).await;
    let stored = scratch.store.put_bytes("abc").await.unwrap();
    files.log();
    scratch.store.cool(&stored.digest).await.unwrap();
    let mut wanted = vec!["open blob"];
    wanted.extend(FIRST);
    wanted.extend(["remove blob", "open blob"]);
    assert_eq!(files.log(), wanted);
}

#[tokio::test]
async fn put_that_is_not_durable_forces_nothing() {
    let files = Faulty::default();
    let scratch = on(files.clone(), |_| {}).await;
    scratch.store.put_bytes("abc").await.unwrap();
    assert_eq!(files.log(), ["create tmp", "write 1", "folder prefix/", "rename tmp blob"]);
}

/// One byte at a time, as a slow line gives them.
struct Trickle(u8);

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = usize::from(self.0 > 0);
        self.0 -= read as u8;
        buffer[..read].fill(7);
        Ok(read)
    }
}

#[tokio::test]
async fn trickling_source_is_gathered_before_the_write() {
    let files = Faulty::default();
    let scratch = on(files.clone(), |_| {}).await;
    assert_eq!(scratch.store.put(Trickle(100)).await.unwrap().bytes, 100);
    assert_eq!(files.log(), ["create tmp", "write 1", "folder prefix/", "rename tmp blob"]);
}
