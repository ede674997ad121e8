//! Workload: sandboxes that come and go, one at a time.

use sandbox::{Engine, EngineSettings, Guest, Guests, Installed, Sandbox};
use serde::{Deserialize, Serialize};

/// How many sandboxes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    sandboxes: u32,
}

/// What came of them.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// What every one of them printed.
    pub(crate) printed: String,
    /// How many there were, for a throughput.
    pub(crate) sandboxes: u32,
    #[serde(skip)]
    _kept: (Engine, Installed),
}

/// Has one sandbox come and go, so that what is made once is there; the work has others do so. Each
/// loads the module, executes an expression of numpy, and is dropped.
///
/// # Errors
///
/// If the guest cannot be had: the message names the command that mends it.
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
