//! The `sites` lens: every allocation together with its call stack, by one of two recorders.

use std::path::Path;

use plimsoll_recorder::{Limits, Recorder};

use crate::measure::allocator;
use crate::measure::measurement::{Recorded, Sites};
use crate::measure::probe::Mode;
use crate::sites::profile::stacks;

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
pub(crate) fn recorder(lens: Mode, tables: &Path) -> Box<dyn SiteRecorder> {
    if lens == Mode::Dhat {
        return Box::new(Dhat(None));
    }
    match install(tables) {
        Ok(()) => Box::new(Ours),
        Err(error) => Box::new(Absent(format!("{:#}", anyhow::Error::from(error)))),
    }
}

fn install(path: &Path) -> Result<(), plimsoll_recorder::Error> {
    Recorder::create(path, Limits::default())?.install()
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
