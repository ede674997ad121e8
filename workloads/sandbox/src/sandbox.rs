//! A loaded guest with its grants and its limits.

use std::fmt;
use std::sync::Arc;

use wasmtime::{InstancePre, Module};
use wasmtime_wasi::p1::WasiP1Ctx;

use crate::door::Door;
use crate::limits::Limiter;
use crate::{
    Engine, Error, Grants, Limits, Output, Result, SandboxBuilder, Session, Trimmed, imports, pages,
};

/// A loaded guest with its grants and its limits. A clone is the same module.
///
/// A guest is a module of WASI 0.1 that exports `memory`, `host_alloc(bytes: i32) -> address: i32`,
/// `run() -> i32` and, if it wants, `_initialize()`. It imports
/// `host::call(reply, reply_bytes, &code, &code_bytes) -> i32`, all addresses and lengths of 32 bits:
/// this hands in the reply to the last code (any bytes at first), and returns 0 with the next code in
/// memory from `host_alloc`. A reply is `=` for code that has finished, `x` and a decimal for an exit
/// code, or `!`, a name, a newline and a text for an error. Its last two arguments are the name of a
/// program and `-c`, followed by a Python program that does this.
#[derive(Clone)]
pub struct Sandbox(Arc<Loaded>);

pub(crate) struct Parts {
    pub(crate) engine: Engine,
    pub(crate) module: Module,
    pub(crate) grants: Arc<Grants>,
    pub(crate) limits: Limits,
    pub(crate) trims: bool,
}

pub(crate) struct Loaded {
    pub(crate) parts: Parts,
    pub(crate) instances: InstancePre<State>,
}

/// The host's data of one instance.
pub(crate) struct State {
    pub(crate) wasi: WasiP1Ctx,
    pub(crate) limiter: Limiter,
    pub(crate) door: Door,
}

impl Sandbox {
    /// Starts to make a sandbox on this engine. Sandboxes that share an engine differ only in speed from
    /// those that do not.
    pub fn builder(engine: &Engine) -> SandboxBuilder {
        SandboxBuilder::new(engine)
    }

    pub(crate) fn new(parts: Parts) -> Result<Self> {
        let instances = imports::linker(&parts.engine.wasmtime)
            .and_then(|linker| linker.instantiate_pre(&parts.module))
            .map_err(Error::start)?;
        Ok(Self(Arc::new(Loaded { parts, instances })))
    }

    /// Opens a session: instantiates the module and runs it until it waits for code.
    ///
    /// # Errors
    ///
    /// [`Error::Start`] if the module cannot be instantiated within its limits, and the errors that
    /// stop a guest, such as [`Error::Deadline`].
    pub fn session(&self) -> Result<Session> {
        Session::open(&self.0)
    }

    /// Executes code in an instance of its own, which is dropped afterwards.
    ///
    /// # Errors
    ///
    /// As [`session`](Self::session) and [`Session::execute`].
    pub fn execute(&self, code: &str) -> Result<Output> {
        self.session()?.execute(code)
    }

    /// Gives back the module's own pages, code above all, that equal those of its file. They come back,
    /// page by page, when guests run. A module from bytes has no such pages.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the kernel does not let this process read its page map.
    pub fn trim(&self) -> Result<Trimmed> {
        let _span = tracing::info_span!("trim").entered();
        let image = self.0.parts.module.image_range();
        pages::trim(image.start.expose_provenance()..image.end.expose_provenance(), None)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("engine", &self.0.parts.engine)
            .field("limits", &self.0.parts.limits)
            .finish_non_exhaustive()
    }
}
