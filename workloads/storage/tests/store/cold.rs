//! The cold root.

use storage::{Disk, Error, Options, Store, Tier};

use crate::reader::Reader;
use crate::scratch::{content, on, options, scratch};

#[tokio::test]
async fn cooled_blob_is_smaller_and_reads_back() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(100_000)).await.unwrap().digest;
    let stat = scratch.store.cool(&digest).await.unwrap();
    assert_eq!((stat.bytes, stat.tier, stat.compressed), (100_000, Tier::Cold, true));
    // 251 bytes repeated: zstd stores them once.
    assert!(stat.stored_bytes < 1_000, "{stat:?}");
    assert_eq!(scratch.store.read(&digest).await.unwrap(), content(100_000));
    assert_eq!(*scratch.store.map(&digest).await.unwrap(), *content(100_000));
    assert_eq!(scratch.store.get(&digest, Vec::new()).await.unwrap(), content(100_000));
    assert_eq!(scratch.store.list().await.unwrap(), [digest]);
    assert_eq!(scratch.store.cool(&digest).await.unwrap(), stat);
    let hot = Reader::open(&scratch.blob("hot", &digest), &digest, true).await;
    assert!(matches!(hot, Err(Error::Unknown { .. })), "{hot:?}");
    scratch.store.delete(&digest).await.unwrap();
    assert!(scratch.files().is_empty());
}

#[tokio::test]
async fn empty_blob_cools() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes("").await.unwrap().digest;
    assert_eq!(scratch.store.cool(&digest).await.unwrap().bytes, 0);
    assert!(scratch.store.read(&digest).await.unwrap().is_empty());
}

#[tokio::test]
async fn cold_blob_without_compression_is_the_plain_file() {
    let scratch = on(Disk, |options: &mut Options| options.compress = false).await;
    let digest = scratch.store.put_bytes(content(5000)).await.unwrap().digest;
    let stat = scratch.store.cool(&digest).await.unwrap();
    assert_eq!((stat.stored_bytes, stat.compressed), (5000, false));
    assert_eq!(std::fs::read(scratch.blob("cold", &digest)).unwrap(), content(5000));
    assert!(scratch.store.map(&digest).await.unwrap().is_map());
}

#[tokio::test]
async fn one_folder_for_both_roots_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    options.cold = folder.path().join("hot/../hot");
    let error = Store::open(options).await.unwrap_err();
    assert!(matches!(error, Error::SameRoot { .. }), "{error}");
}

/// A lookup tries the hot root first, because a blob on its way leaves the hot root last.
#[tokio::test]
async fn hot_blob_is_taken_while_both_roots_have_it() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(5000)).await.unwrap().digest;
    scratch.store.cool(&digest).await.unwrap();
    std::fs::write(scratch.blob("hot", &digest), content(5000)).unwrap();
    assert_eq!(scratch.store.stat(&digest).await.unwrap().tier, Tier::Hot);
    scratch.store.delete(&digest).await.unwrap();
    assert!(scratch.files().is_empty());
}
