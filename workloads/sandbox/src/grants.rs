//! The parts of its host that a guest may use.

use std::path::{Path, PathBuf};

use wasmtime_wasi::{Deterministic, FsPerms, WasiCtxBuilder};

use crate::clock::Stopped;
use crate::{Error, Result};

/// How a guest may use a granted folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its files may be read.
    Read,
    /// Its files may be read, written, made and removed.
    Write,
}

/// The parts of its host that a guest may use. By default none: no file, no variable, no network, a
/// clock that stands still, and the same bytes of randomness in every guest.
///
/// A guest never sleeps, with any grants, because its host's thread would sleep too: `time.sleep` is
/// an `OSError`. The network cannot be granted.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    folders: Vec<(PathBuf, String, Access)>,
    variables: Vec<(String, String)>,
    clock: bool,
    entropy: bool,
}

impl Grants {
    /// Grants the folder `host`, which the guest sees as `guest`. No limit bounds how much it writes
    /// there, nor how many files it opens.
    #[must_use]
    pub fn folder(mut self, host: impl AsRef<Path>, guest: &str, access: Access) -> Self {
        self.folders.push((host.as_ref().to_owned(), guest.to_owned(), access));
        self
    }

    /// Sets an environment variable of the guest.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets the guest read the host's wall clock and monotonic clock.
    #[must_use]
    pub fn clock(mut self) -> Self {
        self.clock = true;
        self
    }

    /// Gives the guest the host's randomness.
    #[must_use]
    pub fn entropy(mut self) -> Self {
        self.entropy = true;
        self
    }

    pub(crate) fn apply(&self, wasi: &mut WasiCtxBuilder) -> Result<()> {
        // A session runs on its caller's thread and has no other one. Folders inherit this.
        wasi.allow_blocking_current_thread(true);
        for (host, guest, access) in &self.folders {
            let permissions = match access {
                Access::Read => FsPerms::ReadOnly,
                Access::Write => FsPerms::ReadWrite,
            };
            wasi.preopened_dir(host, guest, permissions).map_err(|source| {
                Error::io("grant", host)(std::io::Error::other(source.into_boxed_dyn_error()))
            })?;
        }
        wasi.envs(&self.variables);
        if !self.clock {
            wasi.wall_clock(Stopped).monotonic_clock(Stopped);
        }
        if !self.entropy {
            let bytes: Vec<u8> = (0..=u8::MAX).collect();
            wasi.secure_random(Deterministic::new(bytes.clone()))
                .insecure_random(Deterministic::new(bytes))
                .insecure_random_seed(0);
        }
        Ok(())
    }
}
