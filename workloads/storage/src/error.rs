//! The errors of the store. Each message ends with what to do.

use std::io;
use std::path::{Path, PathBuf};

use crate::Digest;

/// A result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation failed. Nothing of a failed operation stays in the store, with one exception: when
/// a durable put fails to force the *folder* to the disk, its blob is there, whole, but may be gone
/// after a power failure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text names no blob: only 64 lower-case hex digits do, so no text can name another path.
    #[error("`{read}` is not a digest; give the 64 lower-case hex digits that `put` returned")]
    Address {
        /// What was read, cut to 80 characters.
        read: String,
    },
    /// No such blob, neither hot nor cold.
    #[error("there is no blob {digest}; put it, or look for it with `list`")]
    Unknown {
        /// The digest that was looked up.
        digest: Digest,
    },
    /// The blob's bytes are not those that its name promises.
    #[error(
        "blob {digest} is damaged: its {bytes} bytes hash to {found}; delete it and put it anew"
    )]
    Wrong {
        /// The blob's name.
        digest: Digest,
        /// What its bytes hash to.
        found: Digest,
        /// How many bytes were read.
        bytes: u64,
    },
    /// A blob ended before its length, or a file is shorter than what was written to it.
    #[error("only {found} of {expected} bytes are there; the blob is truncated: put it anew")]
    Truncated {
        /// The length that was promised, in bytes.
        expected: u64,
        /// The length that was found, in bytes.
        found: u64,
    },
    /// A cold blob does not decompress.
    #[error("cold blob {digest} does not decompress; delete it and put it anew")]
    Damaged {
        /// The blob's name.
        digest: Digest,
        /// The error of the decoder.
        source: io::Error,
    },
    /// The disk, the quota or the largest file is full. Nothing is left of the operation.
    #[error("no room to {doing} {}; free some space and try again", path.display())]
    Full {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file system refused.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The caller's source or sink failed, not the store.
    #[error("the caller's {end} failed")]
    Caller {
        /// `source` or `sink`.
        end: &'static str,
        /// Its error.
        source: io::Error,
    },
    /// The future of the operation was dropped, so the operation stopped.
    #[error("the operation was cancelled, because its future was dropped")]
    Cancelled,
    /// Both roots are one folder: moving a blob from hot to cold would delete it.
    #[error("the hot and the cold root are both {}; give two folders", path.display())]
    SameRoot {
        /// The folder.
        path: PathBuf,
    },
    /// The operation panicked on its thread, or the runtime shut down under it.
    #[error("the operation did not finish; the runtime is shutting down, or this is a defect")]
    Lost(#[from] tokio::task::JoinError),
}

impl Error {
    /// Gives an error of the system its place.
    pub(crate) fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            match source.kind() {
                io::ErrorKind::StorageFull
                | io::ErrorKind::QuotaExceeded
                | io::ErrorKind::FileTooLarge => Self::Full { doing, path, source },
                _ => Self::Io { doing, path, source },
            }
        }
    }

    /// Marks an error as the caller's own.
    pub(crate) fn caller(end: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Caller { end, source }
    }
}
