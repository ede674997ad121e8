//! From an engine, a module, grants and limits to a sandbox.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmtime::Module;

use crate::sandbox::{Parts, Sandbox};
use crate::{
    Access, Allocator, Engine, Error, Grants, Installed, Limits, Precompiled, PrecompiledBytes,
    Result,
};

/// Makes a [`Sandbox`]; each of its last four methods loads a module.
#[derive(Clone, Debug)]
pub struct SandboxBuilder {
    engine: Engine,
    grants: Grants,
    limits: Limits,
    cache_dir: Option<PathBuf>,
    trims: bool,
}

impl SandboxBuilder {
    pub(crate) fn new(engine: &Engine) -> Self {
        Self {
            engine: engine.clone(),
            grants: Grants::default(),
            limits: Limits::default(),
            cache_dir: None,
            trims: false,
        }
    }

    /// The parts of the host that its guests may use; none by default.
    #[must_use]
    pub fn grants(mut self, grants: Grants) -> Self {
        self.grants = grants;
        self
    }

    /// How much its guests may take.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The folder in which [`from_wasm`](Self::from_wasm) keeps compiled modules, and maps them from.
    #[must_use]
    pub fn cache_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.cache_dir = Some(folder.as_ref().to_owned());
        self
    }

    /// Whether a session gives back clean pages after each execution, as
    /// [`Session::trim`](crate::Session::trim) does, and a sandbox the pages that loading it has read.
    #[must_use]
    pub fn trim_after_execution(mut self, trims: bool) -> Self {
        self.trims = trims;
        self
    }

    /// Loads an installed Python, mapped from its file, with its library granted at
    /// `/usr/local/lib`.
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file).
    pub fn python(mut self, installed: &Installed) -> Result<Sandbox> {
        self.grants = installed.grant(self.grants);
        self.from_file(installed.precompiled())
    }

    /// Loads an installed Python from a copy of its file; see [`from_bytes`](Self::from_bytes).
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Self::from_bytes).
    pub fn python_from_bytes(
        mut self,
        installed: &Installed,
        bytes: &PrecompiledBytes,
    ) -> Result<Sandbox> {
        self.grants = installed.grant(self.grants);
        self.from_bytes(bytes)
    }

    /// Maps a compiled module: all sandboxes that map it share the pages of its file.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`], [`Error::Io`], [`Error::Module`] if it was compiled for another version of
    /// wasmtime or for other settings, [`Error::Setting`] for a limit that the engine cannot hold.
    pub fn from_file(self, precompiled: &Precompiled) -> Result<Sandbox> {
        let _span = tracing::info_span!("load").entered();
        let module = precompiled.map(&self.engine)?;
        self.load(module)
    }

    /// Copies a compiled module: this sandbox shares no page of it.
    ///
    /// # Errors
    ///
    /// [`Error::Module`] and [`Error::Setting`], as [`from_file`](Self::from_file).
    pub fn from_bytes(self, bytes: &PrecompiledBytes) -> Result<Sandbox> {
        let _span = tracing::info_span!("load").entered();
        let module = bytes.copy(&self.engine)?;
        self.load(module)
    }

    /// Compiles a module; with [`cache_dir`](Self::cache_dir) once, and maps it from there.
    ///
    /// # Errors
    ///
    /// [`Error::Module`] if `wasm` is no module, and as [`from_file`](Self::from_file).
    pub fn from_wasm(self, wasm: &[u8]) -> Result<Sandbox> {
        if let Some(folder) = &self.cache_dir {
            let precompiled = Precompiled::compile(&self.engine, wasm, folder)?;
            return self.from_file(&precompiled);
        }
        let _span = tracing::info_span!("compile").entered();
        let module = Module::from_binary(&self.engine.wasmtime, wasm)
            .map_err(Error::module(format!("the module of {} bytes", wasm.len())))?;
        self.load(module)
    }

    fn load(self, module: Module) -> Result<Sandbox> {
        self.check()?;
        let sandbox = Sandbox::new(Parts {
            engine: self.engine,
            module,
            grants: Arc::new(self.grants),
            limits: self.limits,
            trims: self.trims,
        })?;
        if self.trims {
            sandbox.trim()?;
        }
        Ok(sandbox)
    }

    fn check(&self) -> Result<()> {
        let (settings, limits) = (self.engine.settings(), self.limits);
        if limits.fuel.is_some() && !settings.fuel {
            return Err(Error::Setting {
                what: "the fuel of an execution",
                read: format!("{:?}", limits.fuel),
                allowed: "only an engine with `fuel` counts it",
            });
        }
        match (settings.allocator, settings.reserved_bytes) {
            (Allocator::Pooling { .. }, Some(bytes)) if limits.memory_bytes > bytes => {
                Err(Error::Setting {
                    what: "the limit of a memory in a pool",
                    read: format!("{} bytes", limits.memory_bytes),
                    allowed: "at most the `reserved_bytes` of its engine, beyond which none grows",
                })
            }
            _ => Ok(()),
        }
    }
}

impl Installed {
    fn grant(&self, grants: Grants) -> Grants {
        grants.folder(self.library(), "/usr/local/lib", Access::Read)
    }
}
