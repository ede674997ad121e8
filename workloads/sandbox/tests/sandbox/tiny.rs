//! A small guest in WebAssembly's text format, for tests that need no Python.

use std::sync::OnceLock;

use sandbox::{Engine, EngineSettings, Limits, Sandbox, SandboxBuilder, Session};

/// The first byte of its code selects an action; `guest.wat` lists the bytes.
pub(crate) fn wasm() -> &'static [u8] {
    static WASM: OnceLock<Vec<u8>> = OnceLock::new();
    WASM.get_or_init(|| wat::parse_str(include_str!("guest.wat")).unwrap())
}

/// The engine of all tests that do not make their own.
pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(EngineSettings::default()).unwrap())
}

pub(crate) fn builder(limits: Limits) -> SandboxBuilder {
    Sandbox::builder(engine()).limits(limits)
}

pub(crate) fn session(limits: Limits) -> Session {
    builder(limits).from_wasm(wasm()).unwrap().session().unwrap()
}
