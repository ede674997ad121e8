//! What can go wrong, in words that say what was read and what is allowed.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, io};

/// A result of the sandbox.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// One of the two streams that a guest writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Why a guest was not loaded, or was stopped. A guest that was stopped is gone; its host and all
/// other guests are as they were.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The guest ran longer than its deadline.
    #[error("the guest ran for more than {allowed:?}; allow more with `Limits::deadline`")]
    Deadline {
        /// The deadline, of wall-clock time.
        allowed: Duration,
    },
    /// The guest used all its fuel.
    #[error("the guest used its {allowed} units of fuel; allow more with `Limits::fuel`")]
    Fuel {
        /// The fuel of one execution: about one unit an instruction.
        allowed: u64,
    },
    /// The guest asked for more linear memory than it may have, and did not survive the refusal.
    #[error("the guest asked for {wanted} bytes of memory, and {allowed} are allowed")]
    Memory {
        /// The size that its memory would have had, in bytes.
        wanted: u64,
        /// The limit, in bytes.
        allowed: u64,
    },
    /// The guest wrote more than its output may hold.
    #[error("the guest wrote more than {allowed} bytes to {stream}; see `Limits::output_bytes`")]
    Output {
        /// Where it wrote.
        stream: Stream,
        /// The limit of one execution, in bytes.
        allowed: usize,
    },
    /// The guest called deeper than its stack.
    #[error("the guest overflowed its stack of {allowed} bytes")]
    Stack {
        /// The size of the stack, in bytes.
        allowed: usize,
    },
    /// The guest did what WebAssembly forbids.
    #[error("the guest trapped: {trap}")]
    Trap {
        /// What it did.
        trap: wasmtime::Trap,
    },
    /// The guest ended its process while it should have executed code.
    #[error("the guest exited with code {code}; a session that is to go on must not call os._exit")]
    Exited {
        /// The code that it exited with.
        code: i32,
    },
    /// The session's guest was stopped, or exited, in an earlier execution.
    #[error("the session has ended; open another with `Sandbox::session`")]
    Ended,
    /// The guest does not speak the protocol.
    #[error("the guest broke the protocol: {found}")]
    Protocol {
        /// What it did.
        found: String,
    },
    /// The bytes are no module that this engine can run.
    #[error("{what} is no module for this engine; compile it again with the same settings")]
    Module {
        /// What was read.
        what: String,
        /// What wasmtime said.
        source: Source,
    },
    /// The guest could not be started.
    #[error("the guest could not be started")]
    Start {
        /// What wasmtime said.
        source: Source,
    },
    /// A file of the cache is not what was written.
    #[error("{} is damaged: {found}; delete it, so that it is made again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was read, and what was expected.
        found: String,
    },
    /// A guest is not installed, and could not be.
    #[error("{guest} is not installed: {reason}\nrun `{command}`")]
    Unavailable {
        /// Which guest.
        guest: &'static str,
        /// Why it could not be.
        reason: String,
        /// The one command that mends it.
        command: &'static str,
    },
    /// The settings contradict each other, or the machine.
    #[error("no engine can be made with these settings")]
    Engine {
        /// What wasmtime said.
        source: Source,
    },
    /// A limit is of no use.
    #[error("{what} is {read}; {allowed}")]
    Setting {
        /// What was set.
        what: &'static str,
        /// To what.
        read: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The system refused.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }

    pub(crate) fn module(what: impl Into<String>) -> impl FnOnce(wasmtime::Error) -> Self {
        move |source| Self::Module { what: what.into(), source: source.into_boxed_dyn_error() }
    }

    pub(crate) fn start(source: wasmtime::Error) -> Self {
        Self::Start { source: source.into_boxed_dyn_error() }
    }

    pub(crate) fn engine(source: wasmtime::Error) -> Self {
        Self::Engine { source: source.into_boxed_dyn_error() }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        })
    }
}
