//! Deleting a blob wherever it lies.

use std::io;

use super::roots::{PLACES, Roots};
use crate::{Digest, Error, Files, Result};

pub(super) fn delete<F: Files>(roots: &Roots<F>, digest: &Digest) -> Result<()> {
    let mut found = false;
    for (tier, packed) in PLACES {
        let path = roots.root(tier).blob(digest, packed);
        match roots.files.remove(&path) {
            Ok(()) => found = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::at("delete", &path)(error)),
        }
        if roots.options.durable {
            let folder = path.parent().expect("a blob lies in a folder");
            roots.files.sync_folder(folder).map_err(Error::at("sync", folder))?;
        }
    }
    if found { Ok(()) } else { Err(Error::Unknown { digest: *digest }) }
}
