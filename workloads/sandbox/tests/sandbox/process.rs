//! What the kernel says of this process.

use std::fs;

/// Bytes of this process, of all kinds of memory and of those that no file has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    pub(crate) anonymous: u64,
}

impl Memory {
    pub(crate) fn now() -> Self {
        let text = fs::read_to_string("/proc/self/smaps_rollup").unwrap();
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10
        };
        Self { resident: field("Rss:"), anonymous: field("Anonymous:") }
    }
}

/// How many mappings, files and threads it has.
pub(crate) fn holdings() -> [usize; 3] {
    let lines = fs::read_to_string("/proc/self/maps").unwrap().lines().count();
    let entries = |folder| fs::read_dir(folder).unwrap().count();
    [lines, entries("/proc/self/fd"), entries("/proc/self/task")]
}
