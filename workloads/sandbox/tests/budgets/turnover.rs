//! Workload: sandboxes that are opened and dropped, one at a time.

use sandbox::{Engine, EngineSettings, Guest, Guests, Installed, Sandbox};
use serde::{Deserialize, Serialize};

/// The number of sandboxes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    sandboxes: u32,
}

/// The result, and the engine, which lives until memory is read.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The output of each.
    pub(crate) printed: String,
    /// Their number.
    pub(crate) sandboxes: u32,
    #[serde(skip)]
    _kept: (Engine, Installed),
}

/// Opens and drops one sandbox, so that all that is made once exists; the work opens and drops the
/// others. Each loads the module, executes an expression of numpy, and is dropped.
///
/// # Errors
///
/// If the guest is unavailable: the message names the command that installs it.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let engine = Engine::new(EngineSettings::default())?;
    let installed = Guests::obtain(Guest::Numpy, &engine)?;
    let mut printed = visit(&engine, &installed)?;
    Ok(move || {
        for _ in 0..params.sandboxes {
            let again = visit(&engine, &installed)?;
            anyhow::ensure!(again == printed, "{printed:?} and then {again:?}");
            printed = again;
        }
        Ok(Output { printed, sandboxes: params.sandboxes, _kept: (engine, installed) })
    })
}

fn visit(engine: &Engine, installed: &Installed) -> anyhow::Result<String> {
    let sandbox = Sandbox::builder(engine).python(installed)?;
    let code = "import numpy as np; print(int(np.arange(1000).sum()))";
    Ok(sandbox.execute(code)?.stdout)
}
