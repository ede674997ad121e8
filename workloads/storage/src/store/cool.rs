//! Moving a blob from the hot to the cold root.

use std::io::Write;
use std::path::Path;

use zstd::stream::write::Encoder;

use super::blob::Blob;
use super::cancel::Cancel;
use super::roots::Roots;
use super::stat::{self, Stat, Tier};
use super::temporary::Temporary;
use crate::{Digest, Error, Files, Result};

const LEVEL: i32 = 3;

pub(super) fn cool<F: Files>(roots: &Roots<F>, digest: &Digest, cancel: &Cancel) -> Result<Stat> {
    let blob = roots.find(digest)?;
    if blob.tier == Tier::Cold {
        return stat::stat(roots, digest);
    }
    let temporary = Temporary::create(&roots.files, &roots.cold)?;
    let temporary = match roots.options.compress {
        true => pack(blob, temporary, roots.cold.path(), cancel)?,
        false => copy(blob, temporary, cancel)?,
    };
    cancel.check()?;
    temporary.publish(digest, roots.options.compress, roots.options.durable)?;
    // Only now: until the cold name stands, the hot one is the blob.
    let hot = roots.hot.blob(digest, false);
    roots.files.remove(&hot).map_err(Error::at("remove", &hot))?;
    stat::stat(roots, digest)
}

fn copy<'a, F: Files>(
    mut blob: Blob<F::File>,
    mut temporary: Temporary<'a, F>,
    cancel: &Cancel,
) -> Result<Temporary<'a, F>> {
    blob.pass(true, |chunk| {
        cancel.check()?;
        temporary.append(chunk)
    })?;
    Ok(temporary)
}

/// The pledged length goes into the frame, where `stat` reads it; it also makes the encoder of a
/// small blob small (a quarter at 64 KiB).
fn pack<'a, F: Files>(
    mut blob: Blob<F::File>,
    temporary: Temporary<'a, F>,
    root: &Path,
    cancel: &Cancel,
) -> Result<Temporary<'a, F>> {
    let failed = |error| Error::at("write into", root)(error);
    let mut encoder = Encoder::new(temporary, LEVEL).map_err(failed)?;
    encoder.set_pledged_src_size(Some(blob.bytes)).map_err(failed)?;
    blob.pass(true, |chunk| {
        cancel.check()?;
        encoder.write_all(chunk).map_err(failed)
    })?;
    encoder.finish().map_err(failed)
}
