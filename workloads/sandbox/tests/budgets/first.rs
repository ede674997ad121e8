//! Workload: the first result of a guest, started beforehand or not.

use sandbox::{Engine, EngineSettings, Guest, Guests, Sandbox, Session};
use serde::{Deserialize, Serialize};

/// The guest: the image of [`Guest::Numpy`] holds a started interpreter that has imported numpy.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    guest: Guest,
}

/// The result, and the session, which lives until memory is read.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Its output.
    pub(crate) printed: String,
    #[serde(skip)]
    _kept: Session,
}

/// Loads the guest; the work opens a session and executes an expression of numpy in it.
///
/// # Errors
///
/// If the guest is unavailable: the message names the command that installs it.
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
