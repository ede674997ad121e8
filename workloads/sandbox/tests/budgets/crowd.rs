//! Workload: many sandboxes at once, each loaded, or live with its expression computed.

use anyhow::Context as _;
use sandbox::{
    Allocator, Engine, EngineSettings, Guest, Guests, Installed, Limits, Precompiled,
    PrecompiledBytes, Sandbox, Session,
};
use serde::{Deserialize, Serialize};

/// The kind and the number of sandboxes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    sandboxes: u32,
    guest: Guest,
    /// How often a live sandbox executes its expression.
    #[serde(default = "once")]
    executions: u32,
    /// The source of the compiled module.
    #[serde(default)]
    load: Load,
    /// The part that all sandboxes share.
    #[serde(default)]
    shared: Shared,
    /// Whether each has a session, which executes its guest's expression.
    #[serde(default = "yes")]
    live: bool,
    /// Whether a memory maps the module's image instead of copying it.
    #[serde(default = "yes")]
    memory_init_cow: bool,
    /// Whether memories come from a pool.
    #[serde(default)]
    pooled: bool,
    /// Whether a session gives its clean pages back after each execution.
    #[serde(default)]
    trim: bool,
    /// The address space that a linear memory reserves, which is also its limit.
    reserved_bytes: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Load {
    /// Each sandbox maps the file.
    #[default]
    File,
    /// Each sandbox copies the bytes.
    Bytes,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Shared {
    /// Each sandbox has an engine and a module of its own.
    Nothing,
    /// Each sandbox loads the module, on one engine.
    Engine,
    /// All sandboxes are sessions of one loaded module.
    #[default]
    Module,
}

fn once() -> u32 {
    1
}

fn yes() -> bool {
    true
}

/// The result, and the sandboxes, which live until memory is read.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// The output of each; empty if none executed.
    pub(crate) printed: String,
    /// Their number at the end.
    pub(crate) sandboxes: u32,
    #[serde(skip)]
    _kept: (Vec<Sandbox>, Vec<Session>),
}

/// Installs the guest if the cache lacks it, and makes an engine; the work makes the sandboxes.
///
/// # Errors
///
/// If the guest is unavailable: the message names the command that installs it.
pub(crate) fn prepare(params: Params) -> anyhow::Result<impl FnOnce() -> anyhow::Result<Output>> {
    let host = Host::new(params)?;
    Ok(move || host.fill())
}

struct Host {
    params: Params,
    engine: Engine,
    installed: Installed,
    bytes: Option<PrecompiledBytes>,
}

impl Host {
    fn new(params: Params) -> anyhow::Result<Self> {
        let engine = Engine::new(settings(&params))?;
        let installed = Guests::obtain(params.guest, &engine)?;
        let bytes = match params.load {
            Load::File => None,
            Load::Bytes => Some(Precompiled::read(installed.precompiled())?),
        };
        Ok(Self { params, engine, installed, bytes })
    }

    fn fill(&self) -> anyhow::Result<Output> {
        let (mut sandboxes, mut sessions, mut printed) = (Vec::new(), Vec::new(), String::new());
        for _ in 0..self.params.sandboxes {
            if sandboxes.is_empty() || self.params.shared != Shared::Module {
                sandboxes.push(self.load()?);
            }
            if self.params.live {
                let mut session = sandboxes.last().context("a sandbox")?.session()?;
                for _ in 0..self.params.executions {
                    let output = session.execute(expression(self.params.guest))?;
                    let same = printed.is_empty() || printed == output.stdout;
                    anyhow::ensure!(same, "{printed:?} and then {output:?}");
                    printed = output.stdout;
                }
                sessions.push(session);
            }
        }
        let made = sessions.len().max(sandboxes.len()) as u32;
        Ok(Output { printed, sandboxes: made, _kept: (sandboxes, sessions) })
    }

    fn load(&self) -> anyhow::Result<Sandbox> {
        let own = match self.params.shared {
            Shared::Nothing => Some(Engine::new(self.engine.settings())?),
            _ => None,
        };
        let builder = Sandbox::builder(own.as_ref().unwrap_or(&self.engine))
            .limits(limits(&self.params))
            .trim_after_execution(self.params.trim);
        Ok(match &self.bytes {
            Some(bytes) => builder.python_from_bytes(&self.installed, bytes)?,
            None => builder.python(&self.installed)?,
        })
    }
}

fn settings(params: &Params) -> EngineSettings {
    let allocator = match params.pooled {
        true => Allocator::Pooling { sessions: params.sandboxes },
        false => Allocator::OnDemand,
    };
    let (memory_init_cow, reserved_bytes) = (params.memory_init_cow, params.reserved_bytes);
    EngineSettings { memory_init_cow, reserved_bytes, allocator, ..EngineSettings::default() }
}

fn limits(params: &Params) -> Limits {
    let limits = Limits::default();
    Limits { memory_bytes: params.reserved_bytes.unwrap_or(limits.memory_bytes), ..limits }
}

/// The sum of the first thousand numbers, by numpy where the guest has it.
fn expression(guest: Guest) -> &'static str {
    match guest {
        Guest::Numpy => "import numpy as np; print(int(np.arange(1000).sum()))",
        Guest::Python => "print(sum(range(1000)))",
    }
}
