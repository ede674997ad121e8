//! One run of one work in a process of its own.

use std::env;
use std::io::{self, ErrorKind, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use super::{churn, clock, directory, recorder};

/// What is run under each recorder.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// With so many accounts.
    Directory(usize),
    /// On so many threads.
    Churn(usize),
}

pub(crate) const WORKS: [Work; 4] =
    [Work::Directory(2_000), Work::Directory(20_000), Work::Churn(1), Work::Churn(2)];

/// Of a churn, over all its threads.
pub(crate) const PAIRS: usize = 2_000_000;

/// Stands for a path in a folder that is removed after the run.
pub(crate) const SCRATCH: &str = "{scratch}";

/// What stands beside the work.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Program {
    /// A recorder in the process.
    Recorder(&'static str),
    /// A command that runs the process.
    Tool(&'static [&'static str]),
}

/// CPU time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ran {
    /// Of the work, by the clocks of its threads.
    pub(crate) inside: Duration,
    /// Of the command and all of its processes, in the steps of the system's clock.
    pub(crate) whole: Duration,
}

impl Work {
    /// How far apart the cores are just now, where that bears on the work.
    pub(crate) fn transfer(self) -> Option<Duration> {
        matches!(self, Self::Churn(2..)).then(clock::ping_pong)
    }

    fn argument(self) -> String {
        match self {
            Self::Directory(accounts) => format!("directory {accounts}"),
            Self::Churn(threads) => format!("churn {threads}"),
        }
    }

    fn from_argument(argument: &str) -> Result<Self> {
        let (name, number) = argument.split_once(' ').context("a work and its size")?;
        match name {
            "directory" => Ok(Self::Directory(number.parse()?)),
            "churn" => Ok(Self::Churn(number.parse()?)),
            _ => bail!("there is no work {name}"),
        }
    }

    fn time(self) -> Duration {
        match self {
            Self::Directory(accounts) => {
                clock::cpu_time_of(|| _ = directory::grow(accounts).expect("all proofs hold"))
            }
            Self::Churn(threads) => churn::pairs_on(threads, 20, PAIRS / threads) * threads as u32,
        }
    }
}

impl Program {
    /// `None` when the tool is not installed.
    pub(crate) fn run(self, work: Work) -> Result<Option<Ran>> {
        let scratch = tempfile::tempdir()?;
        let mut command = match self {
            Self::Recorder(name) => recorder::under(name),
            Self::Tool(words) => {
                let inner = recorder::under("none");
                let mut words = words.iter().map(|word| match *word {
                    SCRATCH => scratch.path().join("out").into_os_string(),
                    word => word.into(),
                });
                let mut command = Command::new(words.next().context("a tool has a name")?);
                command.args(words).arg(inner.get_program());
                command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
                command
            }
        };
        let before = time_of_children()?;
        let output = match command.arg(work.argument()).stdin(Stdio::null()).output() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            output => output?,
        };
        let whole = time_of_children()? - before;
        ensure!(output.status.success(), "{self:?}, {work:?}: {output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        let found = text.lines().find_map(|line| line.strip_prefix(PREFIX));
        let nanos =
            found.with_context(|| format!("{self:?} printed no figure: {text}"))?.parse()?;
        Ok(Some(Ran { inside: Duration::from_nanos(nanos), whole }))
    }
}

const PREFIX: &str = "CPU nanoseconds: ";

/// Runs the work that the parent named.
pub(crate) fn child(recorder: &str) -> Result<()> {
    let work = Work::from_argument(&env::args().nth(1).context("a work")?)?;
    let mut time = Duration::ZERO;
    recorder::record(recorder, || time = work.time());
    writeln!(io::stdout(), "{PREFIX}{}", time.as_nanos())?;
    Ok(())
}

/// CPU time of all processes that this one has waited for: fields 16 and 17 of proc(5)'s `stat`,
/// of which the name in parentheses is the second.
fn time_of_children() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').context("a name in parentheses")?;
    let mut ticks = 0;
    for field in fields.split_whitespace().skip(13).take(2) {
        ticks += field.parse::<u64>()?;
    }
    let a_second = rustix::param::clock_ticks_per_second();
    Ok(Duration::from_nanos(ticks * 1_000_000_000 / a_second))
}
