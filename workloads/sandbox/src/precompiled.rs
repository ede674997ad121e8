//! Compiled modules: files that an engine maps, and copies of such files.
#![expect(unsafe_code, reason = "wasmtime trusts that it has compiled what it loads")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wasmtime::Module;

use crate::guests::folder::{self, Lock};
use crate::{Engine, Error, Result};

/// A module that this library has compiled, as a file. Its folder must be the user's own: a user who
/// can write to it can run code in this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precompiled {
    path: PathBuf,
}

/// A compiled module in memory. A clone is the same memory.
#[derive(Clone, Debug)]
pub struct PrecompiledBytes {
    bytes: Arc<[u8]>,
    path: PathBuf,
}

/// The file beside a compiled module.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SidecarWire {
    bytes: u64,
    sha256: String,
}

impl Precompiled {
    /// Compiles `wasm` into `folder`, unless it is there already: under a name of its own for each
    /// module, version of wasmtime and settings. If several processes want the same module, one of them
    /// compiles it and the others wait.
    ///
    /// # Errors
    ///
    /// [`Error::Module`] if `wasm` is no module, [`Error::Io`] if the folder cannot be written to.
    pub fn compile(engine: &Engine, wasm: &[u8], folder: &Path) -> Result<Self> {
        let digest = hex::encode(Sha256::digest(wasm));
        let found = Self { path: folder.join(name(&digest[..16], engine)) };
        if found.check().is_ok() {
            return Ok(found);
        }
        fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
        let _lock = Lock::take(folder)?;
        if found.check().is_err() {
            found.make(engine, wasm)?;
        }
        Ok(found)
    }

    /// The compiled form of the module `name` in `folder`, where [`Precompiled::make`] put it.
    pub(crate) fn of(folder: &Path, module: &str, engine: &Engine) -> Self {
        Self { path: folder.join(name(module, engine)) }
    }

    /// Compiles in this process, which takes up to a gigabyte of memory.
    pub(crate) fn make(&self, engine: &Engine, wasm: &[u8]) -> Result<()> {
        let compiled = engine
            .wasmtime
            .precompile_module(wasm)
            .map_err(Error::module(format!("a module of {} bytes", wasm.len())))?;
        let sidecar = SidecarWire {
            bytes: compiled.len() as u64,
            sha256: hex::encode(Sha256::digest(&compiled)),
        };
        let path = self.sidecar();
        let text = serde_json::to_vec(&sidecar)
            .map_err(|error| Error::io("write", &path)(error.into()))?;
        folder::write(&self.path, &compiled)?;
        folder::write(&path, &text)
    }

    /// Whether the file exists and has the length that was written: cheap, and enough to notice a
    /// write that was cut short.
    pub(crate) fn check(&self) -> Result<()> {
        let bytes = fs::metadata(&self.path).map_err(Error::io("read", &self.path))?.len();
        let expected = self.read_sidecar()?.bytes;
        if bytes == expected {
            return Ok(());
        }
        let found = format!("{bytes} bytes, of {expected}");
        Err(Error::Damaged { path: self.path.clone(), found })
    }

    /// Whether every byte equals the one that was written.
    pub(crate) fn check_all(&self) -> Result<()> {
        let bytes = fs::read(&self.path).map_err(Error::io("read", &self.path))?;
        if hex::encode(Sha256::digest(&bytes)) == self.read_sidecar()?.sha256 {
            return Ok(());
        }
        let found = "bytes that were not written by its compiler".to_owned();
        Err(Error::Damaged { path: self.path.clone(), found })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it, for sandboxes that are loaded from bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] and [`Error::Io`].
    pub fn read(&self) -> Result<PrecompiledBytes> {
        self.check()?;
        let bytes = fs::read(&self.path).map_err(Error::io("read", &self.path))?;
        Ok(PrecompiledBytes { bytes: bytes.into(), path: self.path.clone() })
    }

    pub(crate) fn map(&self, engine: &Engine) -> Result<Module> {
        self.check()?;
        // SAFETY: wasmtime requires a module that an engine has compiled, in a file that does not change
        // while it is mapped. A `Precompiled` names nothing but files that `make` has written, whole, and
        // put in place by a rename; this library never writes to one afterwards, and the
        // folder is the user's own, as the type's documentation demands.
        let module = unsafe { Module::deserialize_file(&engine.wasmtime, &self.path) };
        module.map_err(Error::module(self.path.display().to_string()))
    }

    fn sidecar(&self) -> PathBuf {
        self.path.with_extension("json")
    }

    fn read_sidecar(&self) -> Result<SidecarWire> {
        let path = self.sidecar();
        let text = fs::read(&path).map_err(Error::io("read", &path))?;
        serde_json::from_slice(&text)
            .map_err(|error| Error::Damaged { path, found: error.to_string() })
    }
}

impl PrecompiledBytes {
    /// Their number.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn copy(&self, engine: &Engine) -> Result<Module> {
        // SAFETY: wasmtime requires a module that an engine has compiled. `Precompiled::read` is the only
        // source of these bytes, and no code changes them.
        let module = unsafe { Module::deserialize(&engine.wasmtime, &self.bytes) };
        module.map_err(Error::module(format!("the copy of {}", self.path.display())))
    }
}

fn name(module: &str, engine: &Engine) -> String {
    format!("{module}-{}.cwasm", engine.compatibility())
}
