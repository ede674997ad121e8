//! The hot and the cold root together: where a blob is looked for.

use std::io;

use super::blob::Blob;
use super::root::Root;
use super::stat::Tier;
use crate::{Digest, Error, Files, Options, Result};

pub(crate) struct Roots<F> {
    pub(super) files: F,
    pub(super) options: Options,
    pub(super) hot: Root,
    pub(super) cold: Root,
}

/// The places of a blob, in the order of a lookup. A blob on its way from hot to cold gets its cold
/// name before it loses its hot name, so a lookup that misses the hot name finds the cold one.
pub(super) const PLACES: [(Tier, bool); 3] =
    [(Tier::Hot, false), (Tier::Cold, false), (Tier::Cold, true)];

impl<F: Files> Roots<F> {
    pub(super) fn open(files: F, options: Options) -> Result<Self> {
        let hot = Root::open(&options.hot, options.durable)?;
        let cold = Root::open(&options.cold, options.durable)?;
        if hot.path() == cold.path() {
            return Err(Error::SameRoot { path: options.hot });
        }
        Ok(Self { files, options, hot, cold })
    }

    pub(super) fn root(&self, tier: Tier) -> &Root {
        match tier {
            Tier::Hot => &self.hot,
            Tier::Cold => &self.cold,
        }
    }

    /// Finds and opens a blob wherever it lies. The open file stays readable though the blob be moved.
    pub(super) fn find(&self, digest: &Digest) -> Result<Blob<F::File>> {
        for (tier, packed) in PLACES {
            let path = self.root(tier).blob(digest, packed);
            match self.files.open(&path) {
                Ok(file) => return Blob::new(&self.files, file, path, digest, tier, packed),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::at("open", &path)(error)),
            }
        }
        Err(Error::Unknown { digest: *digest })
    }
}
