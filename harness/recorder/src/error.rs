//! Why nothing can be recorded, or read back.

use std::io;
use std::path::PathBuf;

/// The obstacle, and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A limit is out of its range.
    #[error("the limit `{limit}` is {value}; it may be {least} to {most}")]
    Limit {
        /// Its name in [`Limits`](crate::Limits).
        limit: &'static str,
        /// Its value.
        value: usize,
        /// The least that it may be.
        least: usize,
        /// The most that it may be.
        most: usize,
    },
    /// The stack of this program cannot be walked.
    #[error(
        "there are no frame pointers (of {expected} known calls a walk found {found}): put \
         `build.rustflags = [\"-C\", \"force-frame-pointers=yes\"]` into .cargo/config.toml, and \
         leave RUSTFLAGS unset, which replaces it"
    )]
    NoFramePointers {
        /// Calls that the check made.
        expected: usize,
        /// How many of them the walk found.
        found: usize,
    },
    /// Stacks are walked on Linux, x86-64 and aarch64.
    #[error("the recorder is not supported here: it walks stacks on x86-64 and aarch64 Linux")]
    Unsupported,
    /// A process records once.
    #[error("a recorder is installed already; a process has one, and opens it once")]
    Installed,
    /// The file of the recording.
    #[error("cannot {action} the recording {}", path.display())]
    File {
        /// The attempted action.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system.s error.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} is not a recording of this version: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The defect.
        reason: String,
    },
    /// The system refused one of its services.
    #[error("cannot {action}")]
    System {
        /// The attempted action.
        action: &'static str,
        /// The system.s error.
        source: io::Error,
    },
}
