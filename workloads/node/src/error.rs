//! Errors, whose messages name what was read and what is allowed.

use std::io;
use std::path::{Path, PathBuf};

use crate::Hex;

/// A result of the node.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a transaction, a block or a file was refused. What was refused has changed nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes that encode nothing.
    #[error("byte {at}: {what} was expected")]
    Encoding {
        /// How many bytes were read before.
        at: usize,
        /// The expected content.
        what: &'static str,
    },
    /// Something is larger or smaller than is allowed.
    #[error("{what} of {read}; {least} to {most} are allowed")]
    Size {
        /// The quantity, with its unit.
        what: &'static str,
        /// The value that was read.
        read: u64,
        /// The least that is allowed.
        least: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// A transaction breaks a rule that can be checked without the chain.
    #[error("the transaction is invalid: {what}")]
    Invalid {
        /// Which rule, as what was read and what is allowed.
        what: String,
    },
    /// The ring signature of an input does not hold.
    #[error(
        "the signature of input {input} does not hold ({source}); sign it for this transaction"
    )]
    Signature {
        /// Which input, from 0.
        input: usize,
        /// The error of the signature's library.
        source: monero_clsag::ClsagError,
    },
    /// The transaction is in the pool already.
    #[error("the pool holds transaction {id} already")]
    Known {
        /// Its id.
        id: Hex,
    },
    /// Another transaction in the pool spends the same output.
    #[error("key image {image} is spent by a transaction in the pool; one of the two can be mined")]
    Conflict {
        /// The image of both.
        image: Hex,
    },
    /// A block spends the same output.
    #[error("key image {image} is spent on the chain; spend another output")]
    Spent {
        /// The image.
        image: Hex,
    },
    /// A ring refers to an output that the chain does not hold.
    #[error("the chain holds no output {key} as the ring of input {input} has it")]
    UnknownOutput {
        /// Which input, from 0.
        input: usize,
        /// The member's target key.
        key: Hex,
    },
    /// An output pays to a key that has coins: those of the second output could never be spent.
    #[error(
        "the chain holds an output of key {key}, which output {output} pays; derive another key"
    )]
    KnownOutput {
        /// Which output of the transaction, from 0.
        output: usize,
        /// Its target key.
        key: Hex,
    },
    /// The pool is full of transactions that pay no less.
    #[error(
        "the pool is full, and its lowest fee is {lowest} per 1,000 bytes; {offered} is no more"
    )]
    PoolFull {
        /// The lowest rate in the pool.
        lowest: u64,
        /// The rate of what was refused.
        offered: u64,
    },
    /// A block does not continue the chain.
    #[error("the block has {what} {read}, and the chain continues with {expected}")]
    Discontinuous {
        /// `height` or `parent`.
        what: &'static str,
        /// The value in the block.
        read: String,
        /// The value that the chain needs.
        expected: String,
    },
    /// A ledger has another genesis than the node.
    #[error("{} belongs to the chain of genesis {found}, not {expected}; use another folder", folder.display())]
    OtherChain {
        /// The ledger's folder.
        folder: PathBuf,
        /// The genesis of the ledger in the folder.
        found: Hex,
        /// The genesis that was given.
        expected: Hex,
    },
    /// The map has reached its limit. Nothing of the block is in the ledger.
    #[error("the ledger's map of {limit} bytes is full; open it with a larger `map_size`")]
    MapFull {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Another process, or another part of this one, has the ledger open.
    #[error("{} is open elsewhere; one process at a time may have it", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// A file is not what was written.
    #[error("{} is damaged: {found}; restore it, or remove it and start anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The value that was read, and the allowed ones.
        found: String,
    },
    /// The database refused.
    #[error("the ledger could not {doing}")]
    Ledger {
        /// The operation.
        doing: &'static str,
        /// The error of the database.
        source: heed::Error,
    },
    /// The file system or the network refused.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// The operation.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The configuration cannot be used.
    #[error("{file}:{line}: {found}; {remedy}")]
    Config {
        /// The file, as it was named.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The value that was read.
        found: String,
        /// The text to write instead.
        remedy: String,
    },
    /// A part of the node has stopped.
    #[error("the {part} of the node has stopped ({why})")]
    Stopped {
        /// Which part.
        part: &'static str,
        /// The reason.
        why: String,
    },
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }

    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid { what: what.into() }
    }

    pub(crate) fn stopped(part: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Stopped { part, why: why.to_string() }
    }
}
