//! One session of the tests, and its folder: budgets of one case share one measurement within a
//! session, and no later session sees it.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use plimsoll_format::{Case, System, Unit};

use crate::measure::child::Task;
use crate::measure::measurement::Outcome;
use crate::measure::probe::Mode;
use crate::measure::probes::Probes;
use crate::measure::runaway::cap::Cap;
use crate::measure::spawn;
use crate::measure::synthetic::SyntheticLoad;
use crate::os::binary::own_identity;
use crate::os::files::write_whole;
use crate::os::machine;
use crate::report::results;

/// Set by `cargo plimsoll run`, so that the test binaries of one `cargo test` are one session.
const RUN_VARIABLE: &str = "PLIMSOLL_RUN_ID";

/// Folders of sessions that ended longer ago than this are removed.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// dhat takes several times the processor time of the work that it records. With the usual time-out
/// of a minute this stays below the five minutes after which nextest kills a test.
const DHAT_FACTOR: u32 = 4;

/// A synthetic load takes a second or two.
const SYNTHETIC_TIMEOUT: Duration = Duration::from_secs(60);

/// The session of this process.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    id: String,
    folder: PathBuf,
    results: PathBuf,
    symbols: PathBuf,
    /// Identifies this build of the test binary: no other build reuses its measurements, not even
    /// within a session.
    binary: String,
}

impl Session {
    /// The current session, with its folder under `base` (`target/plimsoll`). Made once in a
    /// process: where no runner names the session, each call would name another.
    pub(crate) fn current(base: &Path) -> anyhow::Result<Self> {
        let id = session_id();
        let folder = base.join("runs").join(&id);
        let (results, symbols) = (base.join("results"), base.join("symbols"));
        Ok(Self { id, folder, results, symbols, binary: own_identity()? })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Identifies this build of the test binary.
    pub(crate) fn build(&self) -> &str {
        &self.binary
    }

    /// The folder of the newest results, of any session.
    pub(crate) fn results(&self) -> &Path {
        &self.results
    }

    /// Where the names of addresses are kept, for every build of every test binary.
    pub(crate) fn symbols(&self) -> &Path {
        &self.symbols
    }

    /// The measurement of `case` at one size in one mode: taken once in a session, by the first
    /// test that needs it.
    pub(crate) fn outcome(
        &self,
        system: &System,
        case: &Case,
        size: Option<u64>,
        mode: Mode,
    ) -> anyhow::Result<Outcome> {
        self.make_folder()?;
        let measured = results::measurement_name(&case.name, size, mode);
        let stem = format!("{}-{measured}-{}", system.name, self.binary);
        let stem = self.folder.join(stem);
        let lock = File::create(stem.with_extension("lock"))?;
        lock.lock().context("cannot lock the case")?;
        let file = stem.with_extension("json");
        if let Ok(text) = fs::read(&file) {
            return serde_json::from_slice(&text).context("the run's measurement is not readable");
        }
        let _quiet = self.machine(system, case, mode)?;
        let timeout = Duration::from_secs_f64(case.timeout.value())
            * if mode == Mode::Dhat { DHAT_FACTOR } else { 1 };
        let probes = match mode {
            Mode::Counting => Probes::of(system, case),
            Mode::Dhat => Probes::under_dhat(case),
        };
        let outcome = match Cap::of(case, machine::available()) {
            Ok(cap) => {
                let case = case.name.clone();
                let task = Task { case, size, mode, probes, cap, load: None };
                spawn::run(task, timeout, &stem)?
            }
            Err(reason) => Outcome::NotMeasured(reason),
        };
        let text = serde_json::to_vec(&outcome)?;
        write_whole(&results::measurement_file(&self.results, &system.name, &measured), &text)?;
        write_whole(&file, &text)?;
        Ok(outcome)
    }

    /// The outcome of a synthetic load in the place of a case's work. No other test needs it.
    pub(crate) fn run_synthetic(
        &self,
        system: &System,
        case: &Case,
        size: Option<u64>,
        load: SyntheticLoad,
    ) -> anyhow::Result<Outcome> {
        self.make_folder()?;
        let turn = LOADS.fetch_add(1, Ordering::Relaxed);
        let stem = self.folder.join(format!("{}-{}-load-{turn}", system.name, case.name));
        let probes = Probes::of(system, case);
        let case = case.name.clone();
        let task = Task { case, size, mode: Mode::Counting, probes, cap: None, load: Some(load) };
        spawn::run(task, SYNTHETIC_TIMEOUT, &stem)
    }

    fn make_folder(&self) -> anyhow::Result<()> {
        if self.folder.exists() {
            return Ok(());
        }
        if let Some(runs) = self.folder.parent() {
            remove_old(runs);
        }
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot make the run's folder {}", self.folder.display()))
    }

    /// A timed case has the machine to itself, and so has a heavy one; all others share it.
    fn machine(&self, system: &System, case: &Case, mode: Mode) -> anyhow::Result<File> {
        let lock = File::create(self.folder.join("machine.lock"))?;
        let timed = system
            .budgets_on(case)
            .any(|budget| matches!(budget.metric.unit(), Unit::Seconds | Unit::PerSecond));
        let alone = case.heavy || timed && mode == Mode::Counting;
        if alone { lock.lock() } else { lock.lock_shared() }.context("cannot lock the machine")?;
        Ok(lock)
    }
}

/// Numbers the synthetic loads of this process.
static LOADS: AtomicU64 = AtomicU64::new(0);

/// nextest's run (and its turn in a stress run), that of `cargo plimsoll run`, or this process.
fn session_id() -> String {
    let from = |name: &str| env::var(name).ok();
    let id = match (from("NEXTEST_RUN_ID"), from(RUN_VARIABLE)) {
        (Some(run), _) => match from("NEXTEST_STRESS_CURRENT") {
            Some(turn) => format!("{run}-{turn}"),
            None => run,
        },
        (None, Some(run)) => run,
        (None, None) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            format!("{}-{}", std::process::id(), now.as_nanos())
        }
    };
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// A folder that cannot be removed now is removed by a later run: nothing depends on it.
fn remove_old(runs: &Path) {
    let Ok(entries) = fs::read_dir(runs) else { return };
    for entry in entries.flatten() {
        let modified = entry.metadata().and_then(|data| data.modified());
        let age = modified.ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > KEPT) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
