//! The recorder of this process: made, opened, looked at, closed.

use std::ffi::c_void;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::change::Change;
use crate::error::Error;
use crate::escrow::{Access, Entered, Escrow};
use crate::header::{self, lose};
use crate::limits::Limits;
use crate::map::Map;
use crate::moment::Moment;
use crate::plan::{ENTRIES, Plan};
use crate::refusal::Note;
use crate::shared::Shared;
use crate::table::Table;
use crate::tag::{Tag, UNPLACED};
use crate::thread::Thread;
use crate::walk::Chain;
use crate::{system, walk};

/// A recording in the making: tables in a file, which stays readable after any death of this
/// process. See the [crate's page](crate) for the order of the calls.
#[derive(Debug)]
pub struct Recorder {
    depth: usize,
    file: File,
    map: &'static Map,
    escrow: Escrow<'static, Shared, ENTRIES>,
    table: Table<'static>,
}

pub(crate) static INSTALLED: OnceLock<Recorder> = OnceLock::new();

/// Whether events are recorded. Never true in a process that is not the recorder's own.
pub(crate) static OPEN: AtomicBool = AtomicBool::new(false);
static FORKED: AtomicBool = AtomicBool::new(false);

impl Recorder {
    /// Lays the tables out in a new file at `path`; one that is there already is replaced. The
    /// map lasts as long as the process. The file may be removed once the parent has opened it.
    ///
    /// # Errors
    /// When the stack of this program cannot be walked (the message says what to do), when a
    /// limit is out of range, when there is no room for the file.
    pub fn create(path: &Path, limits: Limits) -> Result<Self, Error> {
        walk::check()?;
        let bytes = limits.file_bytes()?;
        let failed =
            |action| move |source| Error::File { action, path: path.to_path_buf(), source };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
            .map_err(failed("create"))?;
        system::reserve(&file, bytes as u64).map_err(failed("find room for"))?;
        let map: &'static Map = Box::leak(Box::new(Map::shared(&file).map_err(failed("map"))?));
        for soon_used in Plan::of(&limits).soon_used(&limits) {
            map.populate(soon_used);
        }
        let header = map.header();
        let loaded = system::executable();
        header.load_bias.store(loaded.bias, Ordering::Relaxed);
        header.code_start.store(loaded.range.start, Ordering::Relaxed);
        header.code_end.store(loaded.range.end, Ordering::Relaxed);
        header.write(&limits);
        Ok(Self {
            depth: limits.depth,
            file,
            map,
            escrow: map.escrow(&limits),
            table: map.table(&limits),
        })
    }

    /// Makes this the recorder of the process. It stays closed until [`open`].
    ///
    /// # Errors
    /// When there is one already, or the system refuses the calls at a thread's end and at a
    /// fork.
    pub fn install(self) -> Result<(), Error> {
        INSTALLED.set(self).map_err(|_| Error::Installed)?;
        system::at_thread_exit(at_the_end_of_a_thread)
            .map_err(|source| Error::System { action: "hear of the end of a thread", source })?;
        system::at_fork(in_the_child)
            .map_err(|source| Error::System { action: "hear of a fork", source })
    }

    #[inline]
    pub(crate) fn installed() -> Option<&'static Self> {
        if FORKED.load(Ordering::Relaxed) { None } else { INSTALLED.get() }
    }

    /// Makes the calling thread known, with a slot if there is one left.
    #[inline]
    pub(crate) fn register(&self, thread: &Thread) {
        thread.register(|| self.escrow.take_slot());
    }

    /// The number of the calling stack, from the function outwards whose frame pointer is `frame`.
    #[inline(never)]
    pub(crate) fn stack_from(&self, frame: usize, thread: &Thread) -> u32 {
        let Some(chain) = Chain::from(frame, &thread.stack()) else {
            lose(&self.map.header().losses.0.off_stack);
            return UNPLACED;
        };
        self.table.number_of(chain, self.depth)
    }

    pub(crate) fn miss(&self) {
        lose(&self.map.header().losses.0.missed);
    }

    /// Enters a change of a block that carries `tag`.
    #[inline(always)]
    pub(crate) fn enter(
        &self,
        thread: &Thread,
        tag: Tag,
        change: Change,
        entered: impl Fn(Access),
    ) {
        self.register(thread);
        if tag.0 as usize >= self.escrow.accounts.len() {
            return lose(&self.map.header().losses.0.foreign_tags);
        }
        self.record(thread, tag.0, change, entered);
    }

    /// Enters a change under the stack with this number.
    #[inline(always)]
    pub(crate) fn record(
        &self,
        thread: &Thread,
        stack: u32,
        change: Change,
        entered: impl Fn(Access),
    ) {
        self.escrow.before(Entered(entered)).record(thread.slot(), stack, change);
    }

    /// Where the first block that was refused is noted.
    pub(crate) fn refusal(&self) -> &Note {
        &self.map.header().refusal.0
    }
}

/// Gives the thread's slot back.
extern "C" fn at_the_end_of_a_thread(_value: *mut c_void) {
    Thread::with(|thread| {
        thread.forget(|slot| {
            Recorder::installed().inspect(|recorder| recorder.escrow.give_back(slot));
        });
    });
}

/// A child of a fork has the parent's map, and must leave it alone.
extern "C" fn in_the_child() {
    OPEN.store(false, Ordering::SeqCst);
    FORKED.store(true, Ordering::SeqCst);
}

/// Starts recording. `false` when there is no recorder, or it has been opened before: a process
/// records once. What the calling thread's first event would have to find out is found out here.
pub fn open() -> bool {
    let Some(recorder) = Recorder::installed() else { return false };
    Thread::with(|thread| {
        if let Some(_busy) = thread.enter() {
            recorder.register(thread);
        }
    });
    let state = &recorder.map.header().state;
    let fresh = state
        .compare_exchange(header::PREPARED, header::OPEN, Ordering::SeqCst, Ordering::SeqCst)
        .is_ok();
    if fresh {
        OPEN.store(true, Ordering::SeqCst);
    }
    fresh
}

/// How much memory the tables take: the recorder's and not the program's. Asking allocates
/// nothing.
pub fn table_bytes() -> TableBytes {
    let Some(recorder) = INSTALLED.get() else { return TableBytes::default() };
    TableBytes {
        in_memory: system::bytes_in_memory(&recorder.file),
        mapped: recorder.map.range().len() as u64,
    }
}

/// The tables' share of the process's memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableBytes {
    /// Pages of a file in memory, all of which are resident: shared memory, to the kernel. Most of
    /// what a small program needs is there from the start. Of a file on a disk this is 0, since
    /// its pages come and go.
    pub in_memory: u64,
    /// Address space.
    pub mapped: u64,
}

/// Whether events are being recorded.
pub fn is_open() -> bool {
    OPEN.load(Ordering::Relaxed)
}

/// Ends the recording at one moment for all threads. `false` when it was not open.
pub fn close() -> bool {
    let Some(recorder) = Recorder::installed() else { return false };
    if !OPEN.swap(false, Ordering::SeqCst) {
        return false;
    }
    Thread::with(|thread| {
        // A signal handler that comes now must not wait for the locks that are taken here.
        let busy = thread.enter();
        if busy.is_some() {
            recorder.escrow.close();
            recorder.map.header().state.store(header::CLOSED, Ordering::SeqCst);
        }
        busy.is_some()
    })
}

/// Runs `look` at one moment for all threads: no event is being entered while it runs, and it finds
/// all that were. `None` when nothing is being recorded. `look` must not allocate: that would be
/// missed, and be a [`Fault`](crate::Fault).
pub fn at_one_moment<R>(look: impl FnOnce(&Moment<'_>) -> R) -> Option<R> {
    if !is_open() {
        return None;
    }
    let recorder = Recorder::installed()?;
    Thread::with(|thread| {
        let _busy = thread.enter()?;
        recorder.register(thread);
        let last = recorder.table.last();
        recorder.escrow.at_one_moment(thread.slot(), || {
            let accounts = recorder.escrow.accounts.get(..=last as usize).unwrap_or_default();
            look(&Moment { accounts })
        })
    })
}
