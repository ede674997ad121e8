//! The processes below a process, as `/proc` shows them now.

use std::fs;
use std::path::PathBuf;

/// All processes that descend from `pid`, without itself. One that ends or starts meanwhile may be
/// missed, and so is one whose parent has ended: it belongs to another then.
pub(crate) fn descendants(pid: u32) -> Vec<u32> {
    let mut found = children(pid);
    let mut at = 0;
    while let Some(&next) = found.get(at) {
        found.extend(children(next));
        at += 1;
    }
    found
}

/// The folder of a process.
pub(crate) fn folder(pid: u32) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}"))
}

/// Each thread has its own children.
fn children(pid: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(folder(pid).join("task")) else { return Vec::new() };
    let lists = threads.flatten().filter_map(|thread| {
        let list = fs::read_to_string(thread.path().join("children")).ok()?;
        Some(list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>())
    });
    lists.flatten().collect()
}
