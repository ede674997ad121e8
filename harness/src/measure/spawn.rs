//! The parent's side: starts the child, waits for it on the same thread, reads how it ended.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::measure::allocator::LENS_VARIABLE;
use crate::measure::child::{REQUEST_VARIABLE, Request, Task};
use crate::measure::measurement::{Cause, Crash, Outcome, Sites};
use crate::measure::poll::poller::Lookout;
use crate::measure::recorded;
use crate::measure::runaway::reclassify;
use crate::os::binary::own_binary;

/// Runs one case in a process of its own and returns what it left behind. The files of the
/// exchange are `stem` with an ending.
///
/// # Errors
/// When the exchange itself fails: no room for the request, no child. How the child fared is an
/// [`Outcome`], not an error.
pub(crate) fn run(task: Task, timeout: Duration, stem: &Path) -> anyhow::Result<Outcome> {
    let request_file = stem.with_extension("request");
    let output_file = stem.with_extension("output");
    let tables = TablesFile::new(stem)?;
    let request = Request {
        task,
        parent: std::process::id(),
        outcome: stem.with_extension("outcome"),
        tables: tables.for_the_child.clone(),
    };
    let task = &request.task;
    // Left by an earlier try whose parent was killed, it would speak for this one.
    remove_if_there(&request.outcome)?;
    fs::write(&request_file, serde_json::to_vec(&request)?)
        .with_context(|| format!("cannot write {}", request_file.display()))?;
    let output = File::create(&output_file)?;
    let mut child =
        command(&request_file, mode(task), output)?.spawn().context("cannot start a child")?;
    let started = Instant::now();
    let lookout = Lookout::over(child.id(), task);
    let mut lookout = or_end(&mut child, lookout).context("cannot look at the child")?;
    let ended = wait(&mut child, timeout, &mut lookout);
    if !matches!(ended, Ok(Some(_))) {
        // Nothing is left running, whatever went wrong with the waiting.
        child.kill()?;
        child.wait()?;
    }
    let wall = started.elapsed().as_secs_f64();
    let output = tail(&output_file)?;
    let outcome = match ended.context("cannot wait for the child")? {
        None => {
            let (after_seconds, output) = (timeout.as_secs_f64(), output.clone());
            Outcome::TimedOut { after_seconds, output, sites: Sites::default() }
        }
        Some(status) => lookout.complete(outcome(&request.outcome, status, &output, wall)?),
    };
    let cap = task.cap.as_ref();
    let complete =
        |outcome| recorded::complete(outcome, cap, &tables.file, &tables.for_this_process);
    match (cap, lookout.seen()) {
        (Some(cap), Some(seen)) => {
            let outcome = reclassify::in_the_light_of(&seen, cap, outcome, &output);
            Ok(reclassify::with_samples(&seen, complete(outcome)?))
        }
        _ => complete(outcome),
    }
}

/// What was made of a child; where that failed, the child is ended first.
fn or_end<T>(child: &mut Child, made: io::Result<T>) -> io::Result<T> {
    if made.is_err() {
        child.kill()?;
        child.wait()?;
    }
    made
}

/// The empty file that a child's recorder lays its tables out in.
struct TablesFile {
    file: File,
    for_the_child: PathBuf,
    for_this_process: PathBuf,
}

impl TablesFile {
    /// In memory alone: no disk is written, and nothing can be left behind. The child finds it
    /// among its parent's open files.
    #[cfg(target_os = "linux")]
    fn new(_stem: &Path) -> anyhow::Result<Self> {
        use rustix::fs::{MemfdFlags, memfd_create};
        use std::os::fd::AsRawFd as _;

        let file = memfd_create("plimsoll recorder", MemfdFlags::CLOEXEC)
            .context("cannot make a file in memory")?;
        let number = file.as_raw_fd();
        Ok(Self {
            file: file.into(),
            for_the_child: format!("/proc/{}/fd/{number}", std::process::id()).into(),
            for_this_process: format!("/proc/self/fd/{number}").into(),
        })
    }

    /// Removed with the run's folder.
    #[cfg(not(target_os = "linux"))]
    fn new(stem: &Path) -> anyhow::Result<Self> {
        let path = stem.with_extension("tables");
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { file, for_the_child: path.clone(), for_this_process: path })
    }
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The child is this very binary, without the runner's environment: what differs from run to
/// run must not reach the workload.
fn command(request: &Path, mode: &str, output: File) -> anyhow::Result<Command> {
    let mut command = Command::new(own_binary()?);
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if ["NEXTEST", "INSTA", "RUST_BACKTRACE", "RUST_LIB_BACKTRACE", "PLIMSOLL"]
            .iter()
            .any(|prefix| name_text.starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    command
        .env(REQUEST_VARIABLE, request)
        .env(LENS_VARIABLE, mode)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    Ok(command)
}

/// What the child's allocator is told at its first block.
fn mode(task: &Task) -> &'static str {
    if task.needs.c_heap { "malloc" } else { task.lens.name() }
}

fn outcome(
    file: &Path,
    status: ExitStatus,
    output: &str,
    wall_seconds: f64,
) -> anyhow::Result<Outcome> {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(died(status, output));
        }
        Err(error) => return Err(error).context("cannot read the outcome"),
    };
    if !status.success() {
        // The work is done, but its process fell over on the way out.
        return Ok(died(status, output));
    }
    let mut outcome = serde_json::from_slice(&text).context("the outcome is not readable")?;
    match &mut outcome {
        Outcome::Measured(measurement) => measurement.cost_wall_seconds = wall_seconds,
        Outcome::Crashed { crash, .. } => crash.output = output.to_owned(),
        Outcome::OverCap { stop, .. } => stop.add(output),
        Outcome::Failed(_) | Outcome::TimedOut { .. } | Outcome::NotMeasured(_) => {}
    }
    Ok(outcome)
}

fn died(status: ExitStatus, output: &str) -> Outcome {
    let crash = Crash { cause: cause(status, output), output: output.to_owned() };
    Outcome::Crashed { crash, sites: Sites::default() }
}

/// Tells the ways to die apart. Rust's runtime says of an overflown stack and of a refused
/// allocation what happened, and then aborts in both cases.
fn cause(status: ExitStatus, output: &str) -> Cause {
    if output.contains("has overflowed its stack") {
        return Cause::StackOverflow;
    }
    if output.contains("memory allocation of ") && output.contains(" bytes failed") {
        return Cause::OutOfMemory;
    }
    match (status.code(), signal(status)) {
        (_, Some(6)) => Cause::Abort,
        (_, Some(signal)) => Cause::Signal(signal),
        (code, None) => Cause::Exit(code.unwrap_or(-1)),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

/// The last 30 lines, or 4,000 bytes, of what the child printed.
fn tail(output: &Path) -> io::Result<String> {
    let mut file = File::open(output)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(4_000)))?;
    let mut end = Vec::new();
    file.take(4_000).read_to_end(&mut end)?;
    let text = String::from_utf8_lossy(&end);
    // The child never gets that variable, so the advice would mislead.
    let advice = "note: run with `RUST_BACKTRACE=1`";
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with(advice)).collect();
    Ok(lines[lines.len().saturating_sub(30)..].join("\n").trim_matches('\n').to_owned())
}

/// Waits until the child ends, or until the time is up (`None`). Meanwhile it is looked at.
#[cfg(target_os = "linux")]
fn wait(
    child: &mut Child,
    timeout: Duration,
    lookout: &mut Lookout,
) -> io::Result<Option<ExitStatus>> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    let handle = pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
    let deadline = Instant::now() + timeout;
    loop {
        let look = lookout.look();
        if look.kill {
            child.kill()?;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let pause = Timespec::try_from(left.min(look.next)).map_err(io::Error::other)?;
        match poll(&mut [PollFd::new(&handle, PollFlags::IN)], Some(&pause)) {
            Ok(0) if Instant::now() >= deadline => return Ok(None),
            Ok(0) => {}
            Ok(_) => return child.wait().map(Some),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Waits until the child ends, or until the time is up (`None`), looking every millisecond. There
/// is no memory to watch.
#[cfg(not(target_os = "linux"))]
fn wait(
    child: &mut Child,
    timeout: Duration,
    _lookout: &mut Lookout,
) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Command, Stdio, io, or_end, signal};

    /// `cat` ends when its input does, which stays open here: whatever ends it is a signal.
    #[test]
    fn a_child_that_cannot_be_looked_at_is_ended() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        assert_eq!(or_end(&mut child, Ok(7)).unwrap(), 7);
        assert_eq!(child.try_wait().unwrap(), None);
        let error = or_end(&mut child, Err::<(), _>(io::Error::other("no /proc"))).unwrap_err();
        assert_eq!(error.to_string(), "no /proc");
        // Nobody else waits for it: had it not been ended, it would still run.
        assert_eq!(child.try_wait().unwrap().and_then(signal), Some(9));
    }
}
