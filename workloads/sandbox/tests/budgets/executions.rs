//! Workload: one session that executes an expression again and again.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use sandbox::{Engine, EngineSettings, Guest, Guests, Sandbox, Session};
use serde::{Deserialize, Serialize};

/// The expression of each execution.
const EXPRESSION: &str = "print(int(np.arange(1000).sum()))";

/// The number of executions.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    executions: u32,
}

/// The result, and the session, which lives until memory is read.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The output of each.
    pub(crate) printed: String,
    /// Their number, for a throughput.
    pub(crate) executions: u32,
    /// Their median wall-clock time.
    pub(crate) median_microseconds: f64,
    #[serde(skip)]
    _kept: Session,
}

/// Opens a session in which numpy is imported; the work executes an expression in it again and again.
///
/// # Errors
///
/// If the guest is unavailable: the message names the command that installs it.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let engine = Engine::new(EngineSettings::default())?;
    let installed = Guests::obtain(Guest::Numpy, &engine)?;
    let mut session = Sandbox::builder(&engine).python(&installed)?.session()?;
    let executions = params.executions;
    let mut times = Vec::with_capacity(executions as usize);
    let mut printed = session.execute(&format!("import numpy as np; {EXPRESSION}"))?.stdout;
    Ok(move || {
        for _ in 0..executions {
            let from = Instant::now();
            let output = session.execute(EXPRESSION)?;
            times.push(from.elapsed());
            anyhow::ensure!(output.stdout == printed, "{printed:?} and then {output:?}");
            printed = output.stdout;
        }
        let median_microseconds = median(&mut times)?.as_secs_f64() * 1e6;
        Ok(Output { printed, executions, median_microseconds, _kept: session })
    })
}

fn median(times: &mut [Duration]) -> anyhow::Result<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied().context("0 executions; 1 or more are allowed")
}
