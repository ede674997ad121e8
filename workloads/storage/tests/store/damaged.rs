//! No way of reading returns a blob whose bytes do not hash to its name.

use std::fs;

use storage::{Digest, Error, Pool};
use tokio::io::AsyncReadExt;

use crate::faulty::Faulty;
use crate::reader::Reader;
use crate::scratch::{Scratch, content, on, scratch};

const BYTES: usize = 600_000;

/// Every way out, each of which must fail.
async fn errors(scratch: &Scratch, digest: &Digest) -> Vec<Error> {
    let store = &scratch.store;
    let mut reader = Reader::open(&scratch.blob("hot", digest), digest, true).await.unwrap();
    let streamed = reader.read_to_end(&mut Vec::new()).await.unwrap_err();
    vec![
        store.read(digest).await.unwrap_err(),
        store.read_pooled(digest, &Pool::new(1)).await.unwrap_err(),
        store.get(digest, Vec::new()).await.unwrap_err(),
        store.verify(digest).await.unwrap_err(),
        store.map(digest).await.unwrap_err(),
        store.cool(digest).await.unwrap_err(),
        *streamed.into_inner().unwrap().downcast().unwrap(),
    ]
}

async fn damage(change: impl FnOnce(&mut Vec<u8>)) -> (Vec<Error>, Digest, Vec<u8>) {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(BYTES)).await.unwrap().digest;
    let mut bytes = content(BYTES);
    change(&mut bytes);
    fs::write(scratch.blob("hot", &digest), &bytes).unwrap();
    let errors = errors(&scratch, &digest).await;
    assert_eq!(scratch.files().len(), 1, "a failed `cool` left something");
    (errors, digest, bytes)
}

#[tokio::test]
async fn one_changed_bit_is_noticed() {
    for place in [0, BYTES / 2, BYTES - 1] {
        let (errors, named, bytes) = damage(|bytes| bytes[place] ^= 1).await;
        for error in errors {
            let Error::Wrong { digest, found, bytes: length } = error else { panic!("{error}") };
            assert_eq!((digest, found, length), (named, Digest::of(&bytes), BYTES as u64));
        }
    }
}

/// The hash of a plain file shows that it was cut: the name has no length in it.
#[tokio::test]
async fn missing_or_added_byte_is_noticed() {
    for bytes in [0, BYTES - 1, BYTES + 1] {
        let (errors, ..) = damage(|content| content.resize(bytes, 7)).await;
        for error in errors {
            assert!(matches!(error, Error::Wrong { bytes: b, .. } if b <= bytes as u64), "{error}");
        }
    }
}

/// A file that is cut while it is read ends before the length that it had: even a store that does
/// not verify notices. The second read of a stream's 256 KiB = 262,144 bytes finds the end.
#[tokio::test]
async fn blob_cut_during_a_read_is_noticed() {
    for verify in [false, true] {
        let scratch = on(Faulty::ending(2), |options| options.verify = verify).await;
        let digest = scratch.store.put_bytes(content(BYTES)).await.unwrap().digest;
        let whole = scratch.store.read(&digest).await.unwrap_err();
        assert!(matches!(whole, Error::Truncated { expected: 600_000, .. }), "{whole}");
        let streamed = scratch.store.get(&digest, Vec::new()).await.unwrap_err();
        let cut = matches!(streamed, Error::Truncated { expected: 600_000, found: 262_144 });
        assert!(cut, "{streamed}");
    }
}

#[tokio::test]
async fn truncated_cold_blob_is_noticed() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(BYTES)).await.unwrap().digest;
    scratch.store.cool(&digest).await.unwrap();
    let path = scratch.blob("cold", &digest).with_extension("zst");
    let whole = fs::read(&path).unwrap();
    for bytes in [0, 3, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..bytes]).unwrap();
        for error in [
            scratch.store.read(&digest).await.unwrap_err(),
            scratch.store.verify(&digest).await.unwrap_err(),
        ] {
            let noticed = matches!(error, Error::Damaged { .. } | Error::Truncated { .. });
            assert!(noticed, "{bytes} of {}: {error:?}", whole.len());
        }
    }
}

/// The frame states 600,000 bytes; one with more inside gets no further than one byte.
#[tokio::test]
async fn grown_cold_blob_is_noticed() {
    let scratch = scratch().await;
    let digest = scratch.store.put_bytes(content(BYTES)).await.unwrap().digest;
    scratch.store.cool(&digest).await.unwrap();
    let path = scratch.blob("cold", &digest).with_extension("zst");
    let mut frames = fs::read(&path).unwrap();
    frames.extend(frames.clone());
    fs::write(&path, frames).unwrap();
    let error = scratch.store.read(&digest).await.unwrap_err();
    assert!(matches!(error, Error::Wrong { bytes: 600_001, .. }), "{error}");
}

#[tokio::test]
async fn damage_is_noticed_by_verify_alone_when_reads_do_not_verify() {
    let scratch = on(storage::Disk, |options| options.verify = false).await;
    let digest = scratch.store.put_bytes(content(100)).await.unwrap().digest;
    fs::write(scratch.blob("hot", &digest), [0; 100]).unwrap();
    assert_eq!(scratch.store.read(&digest).await.unwrap(), [0; 100]);
    assert!(matches!(scratch.store.verify(&digest).await, Err(Error::Wrong { .. })));
}
