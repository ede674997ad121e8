//! Errors. A message holds the value that was read and the values that are allowed.

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
    /// The guest requested more linear memory than its limit, and ended when that was refused.
    #[error(
        "the guest requested {wanted} bytes of memory, and {allowed} are allowed; \
         see `Limits::memory_bytes`"
    )]
    Memory {
        /// The size that its memory would have had, in bytes.
        wanted: u64,
        /// The limit, in bytes.
        allowed: u64,
    },
    /// The guest wrote more than its limit of output.
    #[error("the guest wrote more than {allowed} bytes to {stream}; see `Limits::output_bytes`")]
    Output {
        /// The stream that it wrote to.
        stream: Stream,
        /// The limit of one execution, in bytes.
        allowed: usize,
    },
    /// The guest's calls needed more than its stack.
    #[error("the guest overflowed its stack of {allowed} bytes")]
    Stack {
        /// The size of the stack, in bytes.
        allowed: usize,
    },
    /// The guest executed an operation that WebAssembly forbids.
    #[error("the guest trapped: {trap}")]
    Trap {
        /// The operation.
        trap: wasmtime::Trap,
    },
    /// The guest ended its process instead of executing code.
    #[error("the guest exited with code {code}; code that calls os._exit ends its session")]
    Exited {
        /// Its exit code.
        code: i32,
    },
    /// The session's guest was stopped, or exited, in an earlier execution.
    #[error("the session has ended; open another with `Sandbox::session`")]
    Ended,
    /// The guest does not speak the protocol.
    #[error("the guest broke the protocol: {found}")]
    Protocol {
        /// The violation.
        found: String,
    },
    /// The bytes are no module for this engine.
    #[error("{what} is no module for this engine; compile it again with the same settings")]
    Module {
        /// The file or the bytes that were read.
        what: String,
        /// The error of wasmtime.
        source: Source,
    },
    /// The guest could not be started.
    #[error("the guest could not be started")]
    Start {
        /// The error of wasmtime.
        source: Source,
    },
    /// A file of the cache differs from the one that was written.
    #[error("{} is damaged: {found}; delete it, and it is made again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The difference.
        found: String,
    },
    /// A guest is not installed, and installing it failed.
    #[error("{guest} is not installed: {reason}\nrun `{command}`")]
    Unavailable {
        /// The guest.
        guest: &'static str,
        /// Why installing it failed.
        reason: String,
        /// The command that installs it.
        command: &'static str,
    },
    /// The settings contradict each other, or need more than the machine has.
    #[error("no engine can be made with these settings")]
    Engine {
        /// The error of wasmtime.
        source: Source,
    },
    /// A setting has a value that is not allowed.
    #[error("{what} is {read}; {allowed}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// Its value.
        read: String,
        /// The values that are allowed.
        allowed: &'static str,
    },
    /// The operating system returned an error.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// The operation, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
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
