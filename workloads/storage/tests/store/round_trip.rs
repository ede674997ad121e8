//! What goes in comes out, whichever way, at every size around a buffer's border.

use std::io::Cursor;

use proptest::prelude::*;
use storage::{Digest, Error, Pool, Tier};
use tokio::io::AsyncReadExt;

use crate::reader::Reader;
use crate::scratch::{Scratch, content, scratch};

const BUFFER: usize = 256 * 1024;

/// In by one way, out by all of them.
async fn round_trip(scratch: &Scratch, way: u8, bytes: &[u8]) {
    let store = &scratch.store;
    let source = Cursor::new(bytes.to_vec());
    let stored = match way % 3 {
        0 => store.put(source).await,
        1 => store.put_bytes(bytes.to_vec()).await,
        _ => store.put_stream(source).await,
    }
    .unwrap();
    let digest = stored.digest;
    assert_eq!((digest, stored.bytes), (Digest::of(bytes), bytes.len() as u64));
    assert_eq!(store.read(&digest).await.unwrap(), bytes);
    assert_eq!(store.get(&digest, Vec::new()).await.unwrap(), bytes);
    assert_eq!(*store.map(&digest).await.unwrap(), *bytes);
    assert_eq!(*store.read_pooled(&digest, &Pool::new(1)).await.unwrap(), *bytes);
    assert_eq!(store.verify(&digest).await.unwrap(), bytes.len() as u64);
    let mut reader = Reader::open(&scratch.blob("hot", &digest), &digest, true).await.unwrap();
    let mut read = Vec::with_capacity(reader.bytes() as usize);
    reader.read_to_end(&mut read).await.unwrap();
    assert_eq!(read, bytes);
}

#[tokio::test]
async fn round_trip_at_the_borders_of_a_buffer() {
    let scratch = scratch().await;
    for (way, border) in [0, 1, 8192, BUFFER, 2 * BUFFER, 4 * BUFFER].into_iter().enumerate() {
        for bytes in [border.saturating_sub(1), border, border + 1] {
            round_trip(&scratch, way as u8, &content(bytes)).await;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn round_trip_of_any_size(way: u8, near in 0usize..4, off in -40i64..40, seed: u8) {
        let bytes = (near as i64 * BUFFER as i64 + off).max(0) as usize;
        let mut content = content(bytes);
        content.iter_mut().for_each(|byte| *byte ^= seed);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { round_trip(&scratch().await, way, &content).await });
    }
}

#[tokio::test]
async fn blob_file_is_plain_and_named_by_its_digest() {
    let scratch = scratch().await;
    scratch.store.put_bytes("abc").await.unwrap();
    // FIPS 180-4: SHA-256("abc") = ba7816bf…
    let name = "ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(std::fs::read(scratch.hot().join(name)).unwrap(), b"abc");
}

#[tokio::test]
async fn deleted_blob_is_unknown() {
    let scratch = scratch().await;
    let store = &scratch.store;
    let abc = store.put_bytes("abc").await.unwrap().digest;
    let empty = store.put_bytes("").await.unwrap().digest;
    // ba78… sorts before e3b0…
    assert_eq!(store.list().await.unwrap(), [abc, empty]);
    let stat = store.stat(&abc).await.unwrap();
    assert_eq!((stat.bytes, stat.stored_bytes, stat.tier), (3, 3, Tier::Hot));
    store.delete(&abc).await.unwrap();
    assert_eq!(store.list().await.unwrap(), [empty]);
    for error in [
        store.read(&abc).await.unwrap_err(),
        store.stat(&abc).await.unwrap_err(),
        store.delete(&abc).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::Unknown { digest } if digest == abc), "{error}");
    }
}

#[tokio::test]
async fn map_outlives_its_blob() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(10_000)).await.unwrap().digest;
    let map = scratch.store.map(&digest).await.unwrap();
    assert!(map.is_map());
    scratch.store.delete(&digest).await.unwrap();
    assert_eq!(*map, *content(10_000));
}
