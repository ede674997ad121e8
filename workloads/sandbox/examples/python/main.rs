//! Runs Python in a sandbox, and prints its time and memory:
//!
//! `cargo run -p sandbox --example python -- -c 'import numpy as np; print(np.arange(10).sum())'`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool prints there")]

mod costs;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser;
use costs::{Costs, ms};
use sandbox::{
    Access, Allocator, Engine, EngineSettings, Grants, Guest, Guests, Installed, Limits, Outcome,
    Output, Precompiled, PrecompiledBytes, Sandbox, SandboxBuilder, Session,
};

/// Runs Python in sandboxes, and prints their time in milliseconds and their memory in MiB.
#[derive(Parser)]
struct Arguments {
    /// A file of Python.
    #[arg(required_unless_present = "code", conflicts_with = "code")]
    file: Option<PathBuf>,
    /// A line of Python.
    #[arg(short)]
    code: Option<String>,
    /// How often each session executes it.
    #[arg(long, default_value_t = 1)]
    executions: usize,
    /// How many sessions live at the end.
    #[arg(long, default_value_t = 1)]
    sessions: usize,
    /// Drop each session, and each sandbox of its own, before the next one opens.
    #[arg(long)]
    one_at_a_time: bool,
    /// Give each session a sandbox of its own, which loads the module again.
    #[arg(long)]
    own_sandbox: bool,
    /// Give each of these sandboxes an engine of its own.
    #[arg(long, requires = "own_sandbox")]
    own_engine: bool,
    /// Load the module, but open no session.
    #[arg(long)]
    load_only: bool,
    /// Load the module from bytes, not mapped from its file.
    #[arg(long)]
    from_bytes: bool,
    /// Start an interpreter from nothing, without numpy.
    #[arg(long)]
    plain: bool,
    /// Copy each memory's image instead of mapping it.
    #[arg(long)]
    no_cow: bool,
    /// Take memory from a pool.
    #[arg(long)]
    pooled: bool,
    /// Give back clean pages at the end.
    #[arg(long)]
    trim: bool,
    /// Give back clean pages after each execution.
    #[arg(long)]
    trim_each: bool,
    /// Grant a folder for reading, at the same path.
    #[arg(long)]
    read: Vec<PathBuf>,
    /// The seconds that an execution may take.
    #[arg(long)]
    deadline: Option<f64>,
    /// The MiB that a guest's memory may have.
    #[arg(long, default_value_t = 1024)]
    memory: u64,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let code = match (&arguments.code, &arguments.file) {
        (Some(code), _) => code.clone(),
        (None, file) => {
            let file = file.as_deref().unwrap_or("".as_ref());
            fs::read_to_string(file).with_context(|| file.display().to_string())?
        }
    };
    let engine = Engine::new(settings(&arguments))?;
    let guest = if arguments.plain { Guest::Python } else { Guest::Numpy };
    let installed = Guests::obtain(guest, &engine)?;
    let costs = run(&arguments, &engine, &installed, &code)?;
    costs.print();
    Ok(())
}

fn settings(arguments: &Arguments) -> EngineSettings {
    let sessions = u32::try_from(arguments.sessions).unwrap_or(u32::MAX);
    EngineSettings {
        memory_init_cow: !arguments.no_cow,
        allocator: if arguments.pooled {
            Allocator::Pooling { sessions }
        } else {
            Allocator::OnDemand
        },
        ..Default::default()
    }
}

fn run(
    arguments: &Arguments,
    engine: &Engine,
    installed: &Installed,
    code: &str,
) -> anyhow::Result<Costs> {
    let mut costs = Costs::default();
    let bytes = arguments.from_bytes.then(|| Precompiled::read(installed.precompiled()));
    let host = Host { arguments, engine, installed, bytes: bytes.transpose()?, code };
    costs.read_memory("at first")?;
    let (sandboxes, mut sessions) = host.fill(&mut costs)?;
    costs.read_memory("at the end")?;
    if arguments.trim {
        host.trim(&sandboxes, &mut sessions, &mut costs)?;
    }
    drop((sandboxes, sessions));
    costs.read_memory("after all was dropped")?;
    Ok(costs)
}

struct Host<'a> {
    arguments: &'a Arguments,
    engine: &'a Engine,
    installed: &'a Installed,
    bytes: Option<PrecompiledBytes>,
    code: &'a str,
}

impl Host<'_> {
    /// Opens the sessions, and returns those that still live, with their sandboxes.
    fn fill(&self, costs: &mut Costs) -> anyhow::Result<(Vec<Sandbox>, Vec<Session>)> {
        let (mut sandboxes, mut sessions): (Vec<Sandbox>, Vec<Session>) = Default::default();
        let Arguments { one_at_a_time, own_sandbox, load_only, .. } = *self.arguments;
        for _ in 0..self.arguments.sessions {
            if own_sandbox || sandboxes.is_empty() {
                let started = Instant::now();
                sandboxes.push(self.load()?);
                costs.load.push(started.elapsed());
            }
            let Some(sandbox) = sandboxes.last().filter(|_| !load_only) else {
                sandboxes.truncate(if one_at_a_time { 0 } else { usize::MAX });
                continue;
            };
            let session = self.open(sandbox, costs)?;
            if one_at_a_time {
                drop(session);
                sandboxes.truncate(if own_sandbox { 0 } else { 1 });
            } else {
                sessions.push(session);
            }
        }
        Ok((sandboxes, sessions))
    }

    fn load(&self) -> anyhow::Result<Sandbox> {
        let own = self.arguments.own_engine.then(|| Engine::new(self.engine.settings()));
        let own = own.transpose()?;
        let builder = builder(self.arguments, own.as_ref().unwrap_or(self.engine));
        Ok(match &self.bytes {
            Some(bytes) => builder.python_from_bytes(self.installed, bytes)?,
            None => builder.python(self.installed)?,
        })
    }

    /// Opens a session and executes the code in it.
    fn open(&self, sandbox: &Sandbox, costs: &mut Costs) -> anyhow::Result<Session> {
        let executions = self.arguments.executions;
        let started = Instant::now();
        let mut session = sandbox.session()?;
        costs.open.push(started.elapsed());
        for at in 0..executions {
            let started = Instant::now();
            let output = session.execute(self.code)?;
            costs.execute.push(started.elapsed());
            if costs.execute.len() == 1 {
                show(&output);
            }
            match at + 1 {
                1 if executions > 1 => costs.read_memory("after the 1st execution")?,
                10 if executions > 10 => costs.read_memory("after the 10th execution")?,
                _ => {}
            }
        }
        Ok(session)
    }

    /// Gives clean pages back, and executes the code once more, which needs some of them again.
    fn trim(
        &self,
        sandboxes: &[Sandbox],
        sessions: &mut [Session],
        costs: &mut Costs,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        for session in &mut *sessions {
            session.trim()?;
        }
        println!("{:32}{:10.3} ms", "trim of all sessions", ms(started.elapsed()));
        costs.read_memory("with trimmed sessions")?;
        for sandbox in sandboxes {
            sandbox.trim()?;
        }
        costs.read_memory("with trimmed sandboxes")?;
        let started = Instant::now();
        for session in sessions {
            session.execute(self.code)?;
        }
        println!("{:32}{:10.3} ms", "an execution of each after it", ms(started.elapsed()));
        costs.read_memory("after these")
    }
}

fn builder(arguments: &Arguments, engine: &Engine) -> SandboxBuilder {
    let grants = arguments.read.iter().fold(Grants::default(), |grants, folder| {
        grants.folder(folder, &folder.to_string_lossy(), Access::Read)
    });
    Sandbox::builder(engine).grants(grants).trim_after_execution(arguments.trim_each).limits(
        Limits {
            memory_bytes: arguments.memory << 20,
            deadline: arguments.deadline.map(Duration::from_secs_f64),
            ..Limits::default()
        },
    )
}

fn show(output: &Output) {
    print!("{}", output.stdout);
    eprint!("{}", output.stderr);
    if output.outcome != Outcome::Finished {
        println!("{:?}", output.outcome);
    }
}
