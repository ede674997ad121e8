//! The `sites` lens: every allocation together with its call stack, by one of two recorders.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use plimsoll_recorder::{Limits, Recorder, TableBytes};

use crate::allocator;
use crate::lens::Lens;
use crate::measurement::{Recorded, Sites};
use crate::profile::stacks;

/// Sees every allocation of the work together with its call stack. There is one in the life of a
/// process.
pub(crate) trait SiteRecorder {
    /// Starts recording.
    fn open(&mut self);

    /// Stops recording.
    fn close(&mut self);

    /// What was seen. This can take tens of megabytes: every other figure of the process has to
    /// be read before.
    fn sites(self: Box<Self>) -> Result<Sites, String>;
}

/// The recorder of a child under `lens`: ours, with its tables in a new file at `tables`, or dhat.
pub(crate) fn recorder(lens: Lens, tables: &Path) -> Box<dyn SiteRecorder> {
    if lens == Lens::Sites {
        return Box::new(Dhat(None));
    }
    match install(tables) {
        Ok(()) => Box::new(Ours),
        Err(error) => Box::new(Absent(error.to_string())),
    }
}

fn install(path: &Path) -> Result<(), plimsoll_recorder::Error> {
    Recorder::create(path, Limits::default())?.install()?;
    IN_MEMORY.store(in_memory(path), Ordering::Relaxed);
    Ok(())
}

/// Whether the tables lie on a file system in memory, whose pages the kernel calls shared memory.
static IN_MEMORY: AtomicBool = AtomicBool::new(false);

/// What of this process's memory is our recorder's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables {
    pub(crate) resident_in_files: u64,
    pub(crate) resident_in_memory: u64,
    pub(crate) mapped: u64,
}

impl Tables {
    /// As it is now.
    pub(crate) fn now() -> Self {
        let TableBytes { resident, mapped } = plimsoll_recorder::table_bytes();
        let in_memory = if IN_MEMORY.load(Ordering::Relaxed) { resident } else { 0 };
        Self { resident_in_files: resident - in_memory, resident_in_memory: in_memory, mapped }
    }

    pub(crate) fn resident(self) -> u64 {
        self.resident_in_files + self.resident_in_memory
    }
}

#[cfg(target_os = "linux")]
fn in_memory(path: &Path) -> bool {
    // `TMPFS_MAGIC` of linux/magic.h.
    rustix::fs::statfs(path).is_ok_and(|system| system.f_type == 0x0102_1994)
}

#[cfg(not(target_os = "linux"))]
fn in_memory(_path: &Path) -> bool {
    false
}

/// Our recorder. The parent reads its tables, whatever became of this process.
struct Ours;

impl SiteRecorder for Ours {
    fn open(&mut self) {
        plimsoll_recorder::open();
    }

    fn close(&mut self) {
        plimsoll_recorder::close();
    }

    fn sites(self: Box<Self>) -> Result<Sites, String> {
        Ok(Sites::Recorded(Recorded::default()))
    }
}

/// Our recorder could not be had, for this reason.
struct Absent(String);

impl SiteRecorder for Absent {
    fn open(&mut self) {}

    fn close(&mut self) {}

    fn sites(self: Box<Self>) -> Result<Sites, String> {
        Ok(Sites::Missing(self.0))
    }
}

/// dhat: exact, and several times slower than the work alone.
struct Dhat(Option<dhat::Profiler>);

impl SiteRecorder for Dhat {
    /// All frames are kept: a stack that is cut loses its innermost user function in one build
    /// and keeps it in the next.
    fn open(&mut self) {
        self.0 = Some(dhat::Profiler::builder().trim_backtraces(Some(usize::MAX)).build());
        allocator::latch_dhat();
    }

    /// dhat stops when it reports; until then nobody allocates.
    fn close(&mut self) {}

    fn sites(self: Box<Self>) -> Result<Sites, String> {
        let mut profiler = self.0.ok_or("dhat was never started")?;
        let text = profiler.drop_and_get_memory_output();
        // Dropped a second time, the profiler would panic.
        std::mem::forget(profiler);
        let stacks = stacks(&text).map_err(|error| format!("dhat's profile: {error}"))?;
        Ok(Sites::Named(stacks))
    }
}
