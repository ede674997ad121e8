//! Workload: the first result of a guest that was started beforehand, and of one that was not.

use sandbox::{Engine, EngineSettings, Guest, Guests, Sandbox, Session};
use serde::{Deserialize, Serialize};

/// Which guest: [`Guest::Numpy`] has its interpreter started and numpy imported when it was built.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    guest: Guest,
}

/// What it computed.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// What it printed.
    pub(crate) printed: String,
    #[serde(skip)]
    _kept: Session,
}

/// Loads the guest; the work opens a session and executes an expression of numpy in it.
///
/// # Errors
///
/// If the guest cannot be had: the message names the command that mends it.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let engine = Engine::new(EngineSettings::default())?;
    let installed = Guests::obtain(params.guest, &engine)?;
    let sandbox = Sandbox::builder(&engine).python(&installed)?;
    Ok(move || {
        let mut session = sandbox.session()?;
        let output = session.execute("import numpy as np; print(int(np.arange(1000).sum()))")?;
        anyhow::ensure!(!output.stdout.is_empty(), "{output:?}");
        Ok(Output { printed: output.stdout, _kept: session })
    })
}
