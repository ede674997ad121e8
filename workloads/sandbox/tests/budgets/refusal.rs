//! Workload: a guest that asks for more memory than it may have.

use sandbox::{Engine, EngineSettings, Guest, Guests, Limits, Outcome, Sandbox, Session};
use serde::{Deserialize, Serialize};

/// How much it may have.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    limit_bytes: u64,
}

/// What became of it.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The exception that it got.
    pub(crate) raised: String,
    /// Its linear memory at the end.
    pub(crate) memory_bytes: u64,
    #[serde(skip)]
    _kept: Session,
}

/// Opens a session; the work has it fill memory by the megabyte until it gets no more.
///
/// # Errors
///
/// If the guest cannot be had: the message names the command that mends it.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let engine = Engine::new(EngineSettings::default())?;
    let installed = Guests::obtain(Guest::Numpy, &engine)?;
    let limits = Limits { memory_bytes: params.limit_bytes, ..Limits::default() };
    let mut session = Sandbox::builder(&engine).limits(limits).python(&installed)?.session()?;
    Ok(move || {
        let output = session.execute("hoard = []\nwhile True: hoard.append(b'x' * 1_000_000)")?;
        let Outcome::Raised { kind, .. } = output.outcome else {
            anyhow::bail!("it was to run out of memory: {output:?}")
        };
        let memory_bytes = session.memory_bytes();
        Ok(Output { raised: kind, memory_bytes, _kept: session })
    })
}
