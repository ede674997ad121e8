//! A writer killed at any moment leaves no half-written blob under a name.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use storage::Store;

use crate::scratch::{content, files, options};

const KILLS: u64 = 25;

/// This test binary again, as a writer that never stops.
fn writer(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::endless_child", "--ignored", "--nocapture"])
        .env("STORAGE_ENDLESS", folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until the writer has a temporary file, and then a little, so that the kills strike at
/// different moments.
fn in_the_middle_of_a_put(folder: &Path, then: Duration) {
    let deadline = Instant::now() + Duration::from_secs(30);
    let begun =
        || fs::read_dir(folder.join("hot/tmp")).is_ok_and(|mut files| files.next().is_some());
    while !begun() {
        assert!(Instant::now() < deadline, "the writer does not write");
        std::thread::yield_now();
    }
    let seen = Instant::now();
    while seen.elapsed() < then {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn kill_nine_in_a_loop() {
    let folder = tempfile::tempdir().unwrap();
    let mut stale = 0;
    for kill in 0..KILLS {
        let mut child = writer(folder.path());
        in_the_middle_of_a_put(folder.path(), Duration::from_micros(kill * 50));
        child.kill().unwrap();
        child.wait().unwrap();
        stale += files(&folder.path().join("hot")).iter().filter(|file| temporary(file)).count();
        let store = Store::open(options(folder.path())).await.unwrap();
        for digest in store.list().await.unwrap() {
            store.verify(&digest).await.unwrap();
        }
        assert!(!files(folder.path()).iter().any(|file| temporary(file)), "not swept");
    }
    let store = Store::open(options(folder.path())).await.unwrap();
    assert!(!store.list().await.unwrap().is_empty(), "the writers wrote nothing");
    assert!(stale > 0, "no kill landed in the middle of a put: nothing was tested");
}

fn temporary(file: &Path) -> bool {
    file.parent().unwrap().ends_with("tmp")
}

#[tokio::test]
#[ignore = "the child of kill_nine_in_a_loop"]
async fn endless_child() {
    let Some(folder) = std::env::var_os("STORAGE_ENDLESS") else { return };
    let mut options = options(folder.as_ref());
    options.durable = false;
    let store = Store::open(options).await.unwrap();
    for number in 0.. {
        let mut content = content(2 << 20);
        content[..8].copy_from_slice(&u64::to_le_bytes(number % 20));
        let digest = store.put_bytes(content).await.unwrap().digest;
        store.delete(&digest).await.unwrap();
        store.put_bytes(number.to_le_bytes()).await.unwrap();
    }
}
