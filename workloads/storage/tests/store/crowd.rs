//! Many operations at once.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use storage::Disk;

use crate::scratch::{content, on, scratch};

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_puts_and_reads_succeed_at_once() {
    let scratch = scratch().await;
    // Sizes 0, 5,000, …, and each of 32 contents twice.
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let store = scratch.store.clone();
            tokio::spawn(async move {
                let content = content(number % 32 * 5_000);
                let digest = store.put_bytes(content.clone()).await.unwrap().digest;
                assert_eq!(store.read(&digest).await.unwrap(), content);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(scratch.store.list().await.unwrap().len(), 32);
    assert_eq!(scratch.files().len(), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn blob_is_readable_while_it_cools() {
    let scratch = scratch().await;
    for number in 0..30 {
        let content = content(20_000 + number);
        let digest = scratch.store.put_bytes(content.clone()).await.unwrap().digest;
        let store = scratch.store.clone();
        let cooling = tokio::spawn(async move { store.cool(&digest).await.unwrap() });
        while !cooling.is_finished() {
            assert_eq!(scratch.store.read(&digest).await.unwrap(), content);
        }
        cooling.await.unwrap();
    }
}

/// A source that knows how many of its kind are being read.
struct Counting {
    left: usize,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(2));
        self.now.fetch_sub(1, Ordering::SeqCst);
        let read = self.left.min(buffer.len()).min(1);
        self.left -= read;
        buffer[..read].fill(7);
        Ok(read)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn options_bound_the_operations_at_once() {
    let scratch = on(Disk, |options| options.concurrent = 3).await;
    let (now, most) = (Arc::default(), Arc::<AtomicUsize>::default());
    let tasks: Vec<_> = (0..16)
        .map(|left| {
            let source = Counting { left, now: Arc::clone(&now), most: Arc::clone(&most) };
            let store = scratch.store.clone();
            tokio::spawn(async move { store.put(source).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), 3);
}
