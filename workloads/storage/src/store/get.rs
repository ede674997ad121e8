//! Streaming a blob out, or only through its hash.

use std::io::Write;

use super::cancel::Cancel;
use super::roots::Roots;
use crate::{Digest, Error, Files, Result};

pub(super) fn get<F: Files>(
    roots: &Roots<F>,
    digest: &Digest,
    sink: &mut impl Write,
    cancel: &Cancel,
) -> Result<u64> {
    roots.find(digest)?.pass(roots.options.verify, |chunk| {
        cancel.check()?;
        sink.write_all(chunk).map_err(Error::caller("sink"))
    })
}

pub(super) fn verify<F: Files>(roots: &Roots<F>, digest: &Digest, cancel: &Cancel) -> Result<u64> {
    roots.find(digest)?.pass(true, |_| cancel.check())
}
