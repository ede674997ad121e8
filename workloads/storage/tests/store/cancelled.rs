//! A put whose future is dropped, or whose source fails, leaves nothing.

use std::io::{self, Read};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use storage::{Disk, Error};
use tokio::io::AsyncWriteExt;

use crate::scratch::{Scratch, content, on, scratch};

/// Gives a full buffer every 20 ms, for ever, and sends a message for each.
struct Endless(Sender<()>);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The test receives the first message only.
        let _ = self.0.send(());
        std::thread::sleep(Duration::from_millis(20));
        Ok(buffer.len())
    }
}

/// Waits until nothing is left, at most five seconds.
async fn empties(scratch: &Scratch) {
    let start = Instant::now();
    while !scratch.files().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(5), "{:?} is left", scratch.files());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn dropped_put_stops_and_removes_its_file() {
    let scratch = on(Disk, |options| options.concurrent = 1).await;
    let (sender, receiver) = channel();
    let store = scratch.store.clone();
    let put = tokio::spawn(async move { store.put(Endless(sender)).await });
    tokio::task::spawn_blocking(move || receiver.recv().unwrap()).await.unwrap();
    assert_eq!(scratch.files().len(), 1, "the temporary file");
    put.abort();
    assert!(put.await.unwrap_err().is_cancelled());
    empties(&scratch).await;
    // The one slot is free again.
    scratch.store.put_bytes("abc").await.unwrap();
}

#[tokio::test]
async fn dropped_put_stops_while_its_stream_is_silent() {
    let scratch = scratch().await;
    let (mut near, far) = tokio::io::duplex(1 << 20);
    let store = scratch.store.clone();
    let put = tokio::spawn(async move { store.put_stream(far).await });
    near.write_all(&content(300_000)).await.unwrap();
    while scratch.files().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    put.abort();
    assert!(put.await.unwrap_err().is_cancelled());
    empties(&scratch).await;
}

#[tokio::test]
async fn put_stream_stores_the_whole_stream() {
    let scratch = scratch().await;
    let (mut near, far) = tokio::io::duplex(4096);
    let store = scratch.store.clone();
    let put = tokio::spawn(async move { store.put_stream(far).await });
    near.write_all(&content(700_000)).await.unwrap();
    drop(near);
    let stored = put.await.unwrap().unwrap();
    assert_eq!(scratch.store.read(&stored.digest).await.unwrap(), content(700_000));
}

struct Failing(usize);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::ConnectionReset)?;
        Ok(buffer.len())
    }
}

#[tokio::test]
async fn failing_source_is_the_callers_error() {
    let scratch = scratch().await;
    for chunks in [0, 3] {
        let error = scratch.store.put(Failing(chunks)).await.unwrap_err();
        assert!(matches!(error, Error::Caller { end: "source", .. }), "{error}");
        assert!(scratch.files().is_empty());
    }
}

struct Panicking;

impl Read for Panicking {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("planted");
    }
}

#[tokio::test]
async fn panicking_source_leaves_nothing() {
    let scratch = scratch().await;
    let error = scratch.store.put(Panicking).await.unwrap_err();
    assert!(matches!(error, Error::Lost(_)), "{error}");
    assert!(scratch.files().is_empty());
}
