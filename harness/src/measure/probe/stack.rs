//! The `stack` lens: the work runs on a stack of ours that was painted, and how deep it went is
//! seen by what is no longer painted.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod area;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod overflow;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod painted;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod thread;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod worker;

use serde::{Deserialize, Serialize};

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) use {
    painted::{call, close, open, painted},
    thread::run,
    worker::spawn,
};

/// The start of the names of functions that are here: threads with a painted stack begin in one.
pub(crate) const ROOT: &str = concat!(module_path!(), "::");

/// How much of its stack the work used, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackUse {
    /// From where the harness called the work down to the lowest word that was written.
    pub deepest: u64,
    /// How much there was.
    pub room: u64,
    /// What threads used that were started by [`spawn`](crate::measure::stack::spawn).
    pub others: OtherStacks,
}

/// The stacks of further threads, each from where its function was called to the lowest word that
/// was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherStacks {
    /// All of them together, each at its own deepest.
    pub sum: u64,
    /// The deepest one.
    pub deepest: u64,
    /// How many there were.
    pub threads: u64,
    /// How many more were asked for than can be painted.
    pub missed: u64,
}

impl StackUse {
    /// All stacks together, each at its own deepest.
    pub fn in_all(&self) -> u64 {
        self.deepest + self.others.sum
    }
}

/// The memory that the lens itself holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Painted {
    /// Resident since it was painted.
    pub(crate) resident: u64,
    /// Address space.
    pub(crate) mapped: u64,
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(crate) use elsewhere::{call, close, open, painted, run, spawn};

/// No stack is painted on this system.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod elsewhere {
    use super::{Painted, StackUse};

    pub(crate) fn run<R: Send>(_run: impl FnOnce() -> R + Send) -> Result<R, String> {
        Err("stacks are painted on Linux, x86-64 and aarch64 only".to_owned())
    }

    pub(crate) fn spawn<F: FnOnce() + Send + 'static>(bytes: usize, run: F) -> std::io::Result<()> {
        std::thread::Builder::new().stack_size(bytes).spawn(run).map(drop)
    }

    pub(crate) fn painted() -> Painted {
        Painted::default()
    }

    pub(crate) fn open() {}

    pub(crate) fn call(work: &mut dyn FnMut()) {
        work();
    }

    pub(crate) fn close() -> Option<StackUse> {
        None
    }
}
