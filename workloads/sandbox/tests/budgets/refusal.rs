//! Workload: a guest that requests more memory than its limit.

use sandbox::{Engine, EngineSettings, Guest, Guests, Limits, Outcome, Sandbox, Session};
use serde::{Deserialize, Serialize};

/// The limit of its memory.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    limit_bytes: u64,
}

/// The result, and the session, which lives until memory is read.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The exception that its code raised.
    pub(crate) raised: String,
    /// Its linear memory at the end.
    pub(crate) memory_bytes: u64,
    #[serde(skip)]
    _kept: Session,
}

/// Opens a session; the work fills its memory by the megabyte until Python raises an exception.
///
/// # Errors
///
/// If the guest is unavailable: the message names the command that installs it.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let engine = Engine::new(EngineSettings::default())?;
    let installed = Guests::obtain(Guest::Numpy, &engine)?;
    let limits = Limits { memory_bytes: params.limit_bytes, ..Limits::default() };
    let mut session = Sandbox::builder(&engine).limits(limits).python(&installed)?.session()?;
    Ok(move || {
        let output = session.execute("hoard = []\nwhile True: hoard.append(b'x' * 1_000_000)")?;
        let Outcome::Raised { kind, .. } = output.outcome else {
            anyhow::bail!("the guest did not run out of memory: {output:?}")
        };
        let memory_bytes = session.memory_bytes();
        Ok(Output { raised: kind, memory_bytes, _kept: session })
    })
}
