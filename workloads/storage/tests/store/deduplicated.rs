//! The same bytes are stored once.

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::MetadataExt;

use crate::scratch::{content, scratch};

#[tokio::test]
async fn second_put_writes_nothing() {
    let scratch = scratch().await;
    let first = scratch.store.put_bytes(content(1000)).await.unwrap();
    let inode = || fs::metadata(scratch.blob("hot", &first.digest)).unwrap().ino();
    let before = inode();
    let whole = scratch.store.put_bytes(content(1000)).await.unwrap();
    let streamed = scratch.store.put(Cursor::new(content(1000))).await.unwrap();
    assert_eq!((first.new, whole.new, streamed.new), (true, false, false));
    assert_eq!(whole.digest, streamed.digest);
    assert_eq!(inode(), before);
    assert_eq!(scratch.files().len(), 1);
}

#[tokio::test]
async fn cold_blob_is_not_put_again() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(1000)).await.unwrap().digest;
    scratch.store.cool(&digest).await.unwrap();
    assert!(!scratch.store.put_bytes(content(1000)).await.unwrap().new);
    assert_eq!(scratch.files().len(), 1);
}

#[tokio::test]
async fn blob_of_the_wrong_length_is_replaced() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(1000)).await.unwrap().digest;
    fs::write(scratch.blob("hot", &digest), &content(1000)[..999]).unwrap();
    assert!(scratch.store.put_bytes(content(1000)).await.unwrap().new);
    assert_eq!(scratch.store.read(&digest).await.unwrap(), content(1000));
}
