//! Errors: each message contains the value that was read and the values that are allowed.

use std::io;
use std::path::PathBuf;

/// A result of the directory.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation, a proof or a store was refused. A refused operation leaves the tree as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The transaction's signature does not fit its bytes and its key.
    #[error("the signature of transaction {nonce} on `{account}` is invalid; sign it with its key")]
    Signature {
        /// The account of the transaction.
        account: String,
        /// Its nonce.
        nonce: u64,
    },
    /// The service did not sign the creation of this account, or the owner not this data.
    #[error("the {what} of `{account}` is signed wrongly; `{signer}` must sign it")]
    Inner {
        /// `creation` or `data`.
        what: &'static str,
        /// The account concerned.
        account: String,
        /// The owner of the key that must sign.
        signer: String,
    },
    /// The nonce is not the account's next one: a replay, or a transaction that comes too early.
    #[error("nonce {read} on `{account}`, whose next is {expected}: replayed, or too early")]
    Nonce {
        /// The account.
        account: String,
        /// The nonce of the transaction.
        read: u64,
        /// The only nonce that is allowed.
        expected: u64,
    },
    /// The directory holds no such account.
    #[error("there is no account `{account}`; create it first")]
    UnknownAccount {
        /// The id that was read.
        account: String,
    },
    /// The directory holds no such service.
    #[error("there is no service `{service}`; register it first")]
    UnknownService {
        /// The id that was read.
        service: String,
    },
    /// The id is taken.
    #[error("`{account}` exists already; choose another id")]
    Exists {
        /// The id that was read.
        account: String,
    },
    /// The signer is no key of the account, or the key to revoke is none.
    #[error("the key is none of the {keys} valid keys of `{account}`")]
    UnknownKey {
        /// The account.
        account: String,
        /// How many keys it has.
        keys: usize,
    },
    /// The key to add is valid already.
    #[error("the key is one of `{account}` already; add another")]
    KnownKey {
        /// The account.
        account: String,
    },
    /// An account keeps at least one key.
    #[error("the last key of `{account}` cannot be revoked; add another before")]
    LastKey {
        /// The account.
        account: String,
    },
    /// Something is larger than its field.
    #[error("{what} of {read}; 1 to {allowed} are allowed")]
    Size {
        /// The measured thing, with its unit.
        what: &'static str,
        /// The size that was read.
        read: usize,
        /// The most that is allowed.
        allowed: usize,
    },
    /// Bytes that encode nothing.
    #[error("byte {at}: {what} was expected")]
    Encoding {
        /// How many bytes were read before.
        at: usize,
        /// The expected field.
        what: &'static str,
    },
    /// A proof does not fit its roots.
    #[error("the proof of {what} does not hold")]
    Proof {
        /// The statement of the proof.
        what: String,
        /// The error of the tree's library, if it was the one that refused.
        source: Option<anyhow::Error>,
    },
    /// The tree could not be read or changed.
    #[error("the tree failed at version {version}")]
    Tree {
        /// The version read or written.
        version: u64,
        /// The error of the tree's library.
        source: anyhow::Error,
    },
    /// The store was not closed, so that its file may be damaged.
    #[error("{0} was not closed; run `wire-recover {0}`, then open it", folder.display())]
    Unsealed {
        /// The folder of the store.
        folder: PathBuf,
    },
    /// Another process, or another part of this one, has the store open.
    #[error("{} is open elsewhere; one process at a time may have it", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The file has changed since it was written.
    #[error("{} is damaged: {found}; restore it, or start anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The damage, in words.
        found: String,
    },
    /// The map has reached its limit. Nothing of the commit is in the store.
    #[error("the store may grow to {limit} bytes and is full; open it with a higher limit")]
    Full {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The database refused.
    #[error("the store could not {doing}")]
    Store {
        /// The action that failed.
        doing: &'static str,
        /// The error of the database.
        source: heed::Error,
    },
    /// The file system refused.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// The action that failed.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The threads could not be started.
    #[error("could not start {threads} threads")]
    Threads {
        /// The number that was requested.
        threads: usize,
        /// The error of rayon.
        source: rayon::ThreadPoolBuildError,
    },
}

impl Error {
    pub(crate) fn tree(version: u64) -> impl FnOnce(anyhow::Error) -> Self {
        move |source| match source.downcast::<Self>() {
            Ok(own) => own,
            Err(source) => Self::Tree { version, source },
        }
    }

    pub(crate) fn proof(what: impl Into<String>) -> Self {
        Self::Proof { what: what.into(), source: None }
    }

    /// The error of a proof that the tree's library refused.
    pub(crate) fn of_proof(what: &str) -> impl FnOnce(anyhow::Error) -> Self {
        move |source| Self::Proof { what: what.to_owned(), source: Some(source) }
    }

    pub(crate) fn unknown_account(account: &str) -> Self {
        Self::UnknownAccount { account: account.to_owned() }
    }

    pub(crate) fn io(
        doing: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }
}
