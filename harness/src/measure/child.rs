//! The child's side: one case, one process, one outcome in a file.

use std::any::Any;
use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use plimsoll_format::System;
use serde::{Deserialize, Serialize};

use crate::measure::embedded::Embedded;
use crate::measure::measurement::Outcome;
use crate::measure::needs::Needs;
use crate::measure::probe::{Mode, phases, stack};
use crate::measure::runaway::cap::Cap;
use crate::measure::runaway::guard;
use crate::measure::synthetic::{self, Ballast};
use crate::os::files::write_whole;
use crate::os::stderr::complain;

/// Names the file with the request. Results travel back in a file as well, never over stdout,
/// which belongs to the workload.
pub(crate) const REQUEST_VARIABLE: &str = "PLIMSOLL_REQUEST";

/// What the parent asks of a child.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) task: Task,
    /// The process that waits for the outcome; without it there is no reason to live.
    pub(crate) parent: u32,
    pub(crate) outcome: PathBuf,
    /// Where the recorder lays its tables out.
    pub(crate) tables: PathBuf,
}

/// What is to be run, and what of it is to be seen.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Task {
    pub(crate) case: String,
    /// Where in the case's sweep.
    pub(crate) size: Option<u64>,
    pub(crate) lens: Mode,
    pub(crate) needs: Needs,
    /// What it may hold.
    pub(crate) cap: Option<Cap>,
    /// What runs in the place of the case's work.
    pub(crate) ballast: Option<Ballast>,
}

/// The request, where this process is a child.
pub(crate) fn request() -> Option<PathBuf> {
    env::var_os(REQUEST_VARIABLE).map(PathBuf::from)
}

/// Does what the request says. The exit code tells only whether an outcome was written.
pub(crate) fn answer(request: &Path, system: &System, embedded: &Embedded) -> ExitCode {
    match try_answer(request, system, embedded) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("plimsoll's child: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn try_answer(request: &Path, system: &System, embedded: &Embedded) -> anyhow::Result<()> {
    let text = fs::read(request).with_context(|| format!("no request at {}", request.display()))?;
    let request: Request = serde_json::from_slice(&text).context("the request is not readable")?;
    let Request { task, parent, outcome: file, tables } = request;
    die_with(parent)?;
    let case = system.cases.iter().find(|case| case.name == task.case);
    let case = case.with_context(|| format!("no case is named `{}`", task.case))?;
    let workload = embedded.workloads.iter().find(|workload| workload.name == case.workload);
    let workload = workload.with_context(|| format!("no workload `{}`", case.workload))?;
    let spans = match (&task.ballast, task.lens) {
        (Some(_), _) => vec![synthetic::SPAN],
        (None, Mode::Counting) => system.spans_of(case),
        // Under dhat nobody asks for them.
        (None, Mode::Dhat) => Vec::new(),
    };
    if let Err(reason) = phases::watch(&spans) {
        return write(&file, &Outcome::NotMeasured(reason.to_owned()));
    }
    let params = case.params_at(task.size);
    if let Some(cap) = &task.cap {
        guard::set_out(cap, task.lens);
    }
    let run = || match task.ballast.clone() {
        Some(ballast) => synthetic::run(ballast, task.lens, task.needs, &tables),
        None => workload.run(&params, task.lens, task.needs, &tables),
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        match (task.needs.stack, embedded.build.stack_is_of_no_use()) {
            (false, _) => run(),
            (true, None) => stack::run(run).unwrap_or_else(Outcome::NotMeasured),
            (true, Some(reason)) => without_stack(run(), reason),
        }
    }))
    .unwrap_or_else(|panic| Outcome::NotMeasured(prepare_panicked(panic.as_ref())));
    let outcome = match &task.cap {
        Some(cap) => guard::verdict(cap, outcome),
        None => outcome,
    };
    write(&file, &outcome)
}

fn without_stack(mut outcome: Outcome, reason: String) -> Outcome {
    if let Outcome::Measured(measurement) = &mut outcome {
        measurement.stack = Some(Err(reason));
    }
    outcome
}

fn prepare_panicked(panic: &(dyn Any + Send)) -> String {
    format!("preparing it panicked: {}", crate::measure::window::panic_message(panic))
}

fn write(path: &Path, outcome: &Outcome) -> anyhow::Result<()> {
    write_whole(path, &serde_json::to_vec(outcome)?)
}

/// Asks the kernel to end this process with its parent, and makes sure that the parent did not
/// go before it was asked.
#[cfg(target_os = "linux")]
fn die_with(parent: u32) -> anyhow::Result<()> {
    end_with_parent()?;
    let now = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get().unsigned_abs());
    anyhow::ensure!(now == Some(parent), "the test process {parent} is gone");
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn die_with(_parent: u32) -> anyhow::Result<()> {
    Ok(())
}

/// Has this process killed when the thread that started it ends.
#[cfg(target_os = "linux")]
pub(crate) fn end_with_parent() -> anyhow::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .context("the kernel refused PR_SET_PDEATHSIG")
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn end_with_parent() -> anyhow::Result<()> {
    Ok(())
}
