//! Stands in for `plimsoll`: prints what the macros hand over.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    process::ExitCode,
};

pub use plimsoll_macros::{main, system};

pub struct Embedded {
    pub table: &'static str,
    pub root: &'static str,
    pub workloads: Vec<&'static str>,
    pub build: Build,
    pub assert_snapshot: fn(name: &str, text: &str),
}

pub struct Build {
    pub opt_level: &'static str,
    pub debug_assertions: bool,
}

pub mod insta {
    pub use crate::assert_snapshot;
}

#[macro_export]
macro_rules! assert_snapshot {
    ($name:expr, $text:expr) => {
        println!("{} is {}", $name, $text)
    };
}

pub fn workload(name: &'static str, _prepare: fn()) -> &'static str {
    name
}

pub fn run(embedded: Embedded) -> ExitCode {
    println!("table {}\nroot {}", embedded.table, embedded.root);
    embedded.workloads.iter().for_each(|name| println!("workload {name}"));
    let Build { opt_level, debug_assertions } = embedded.build;
    println!("opt-level {opt_level}, debug assertions {debug_assertions}");
    (embedded.assert_snapshot)("a snapshot", "a text");
    ExitCode::SUCCESS
}

pub struct Allocator;

impl Allocator {
    pub const fn system() -> Self {
        Allocator
    }
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise about the layout is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block came from `alloc` above with this layout.
        unsafe { System.dealloc(block, layout) }
    }
}
