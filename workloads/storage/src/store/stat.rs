//! What is known of a blob without reading it.

use serde::Serialize;

use super::roots::Roots;
use crate::{Digest, Files, Result};

/// Which root a blob lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Where blobs are put.
    Hot,
    /// Where [`Store::cool`](crate::Store::cool) moves them.
    Cold,
}

/// A blob's length and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stat {
    /// The blob's name.
    pub digest: Digest,
    /// The length of its plain bytes.
    pub bytes: u64,
    /// The length of its file.
    pub stored_bytes: u64,
    /// The root it lies in.
    pub tier: Tier,
    /// Whether its file is compressed.
    pub compressed: bool,
}

pub(super) fn stat<F: Files>(roots: &Roots<F>, digest: &Digest) -> Result<Stat> {
    let blob = roots.find(digest)?;
    Ok(Stat {
        digest: *digest,
        bytes: blob.bytes,
        stored_bytes: blob.stored_bytes,
        tier: blob.tier,
        compressed: blob.packed(),
    })
}
