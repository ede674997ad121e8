//! What can go wrong, in words that end with what is allowed.

use std::ops::Range;

use crate::{Epoch, Lifetime};

/// Why no key was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyGenError {
    /// The activation interval is empty, or reaches past the lifetime.
    #[error(
        "epochs {}..{} cannot be active; give a range that is not empty within 0..{}",
        active.start, active.end, lifetime.epochs()
    )]
    Active {
        /// The requested epochs.
        active: Range<u64>,
        /// The lifetime they must lie in.
        lifetime: Lifetime,
    },
    /// What is to be retained finds no room.
    #[error("no room for {nodes} nodes of 28 bytes; retain less, or choose a shorter lifetime")]
    Memory {
        /// How many nodes were to be kept.
        nodes: u64,
    },
}

/// Why a message was not signed. The key is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The epoch, or a later one, has signed before.
    #[error("epoch {epoch} is used up; the next that may sign is {next}")]
    EpochAlreadyUsed {
        /// The requested epoch.
        epoch: Epoch,
        /// The first epoch that has not been used up, which may lie past the last one.
        next: u64,
    },
    /// The key is not active in this epoch.
    #[error("epoch {epoch} is not active; the key signs in {}..{}", active.start, active.end)]
    OutsideActivation {
        /// The requested epoch.
        epoch: Epoch,
        /// The epochs the key was made for.
        active: Range<u64>,
    },
    /// The tree above this epoch is not there.
    #[error(
        "epoch {epoch} is not prepared, {}..{} are; advance the preparation to a later epoch (an \
         earlier one is given up), or retain the whole tree", prepared.start, prepared.end
    )]
    NotPrepared {
        /// The requested epoch.
        epoch: Epoch,
        /// The epochs that can be signed in: none if only the root was retained.
        prepared: Range<u64>,
    },
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no such epoch.
    #[error("epoch {epoch} is past the lifetime; the key has the epochs 0..{}", lifetime.epochs())]
    OutsideLifetime {
        /// The requested epoch.
        epoch: Epoch,
        /// The lifetime of the public key.
        lifetime: Lifetime,
    },
    /// The signature belongs to a key of another lifetime.
    #[error(
        "the signature's path has {found} digests, and a key of this lifetime needs {expected}"
    )]
    PathLength {
        /// How many digests the path has.
        found: usize,
        /// The height of the tree.
        expected: usize,
    },
    /// The signature leads to another root: message, epoch, signature or key are not those it was
    /// made with.
    #[error("the signature does not belong to this message, epoch and public key")]
    Forged,
}

/// Why bytes are no signature or public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Too few bytes, or too many.
    #[error("{found} bytes were read where there must be {expected}")]
    Length {
        /// How many bytes there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// Four bytes that are no element: each has one encoding only, so that no
    /// signature has two.
    #[error("{value} at byte {offset} is no field element; the largest is 2130706432")]
    NotCanonical {
        /// What was read.
        value: u32,
        /// Where, in bytes from the start.
        offset: usize,
    },
    /// The first byte of a public key names no lifetime.
    #[error(transparent)]
    Lifetime(#[from] crate::LifetimeError),
}
