//! A writer killed at any moment leaves no half-written blob under a name.

use std::fs;
use std::path::Path;
use std::time::Duration;

use storage::Store;
use testkit::{Victim, child};

use crate::block_on;
use crate::scratch::{content, files, options};

const KILLS: u64 = 25;

pub(crate) fn kill_nine_leaves_no_half_written_blob() {
    let folder = tempfile::tempdir().unwrap();
    let mut stale = 0;
    for kill in 0..KILLS {
        Victim::start(&mut child("killed::write_forever", folder.path()))
            .kill_after(|| has_temporary(folder.path()), Duration::from_micros(kill * 50));
        stale += files(&folder.path().join("hot")).iter().filter(|file| temporary(file)).count();
        block_on(verify_all(folder.path()));
        assert!(!files(folder.path()).iter().any(|file| temporary(file)), "not swept");
    }
    let blobs = block_on(async {
        let store = Store::open(options(folder.path())).await.unwrap();
        store.list().await.unwrap()
    });
    assert!(!blobs.is_empty(), "the writers wrote nothing");
    assert!(stale > 0, "no kill landed in the middle of a put: nothing was tested");
}

/// A writer with a temporary file is in the middle of a put.
fn has_temporary(folder: &Path) -> bool {
    fs::read_dir(folder.join("hot/tmp")).is_ok_and(|mut files| files.next().is_some())
}

fn temporary(file: &Path) -> bool {
    file.parent().unwrap().ends_with("tmp")
}

async fn verify_all(folder: &Path) {
    let store = Store::open(options(folder)).await.unwrap();
    for digest in store.list().await.unwrap() {
        store.verify(&digest).await.unwrap();
    }
}

pub(crate) fn write_forever(folder: &Path) {
    let mut options = options(folder);
    options.durable = false;
    block_on(async {
        let store = Store::open(options).await.unwrap();
        for number in 0.. {
            let mut content = content(2 << 20);
            content[..8].copy_from_slice(&u64::to_le_bytes(number % 20));
            let digest = store.put_bytes(content).await.unwrap().digest;
            store.delete(&digest).await.unwrap();
            store.put_bytes(number.to_le_bytes()).await.unwrap();
        }
    });
}
