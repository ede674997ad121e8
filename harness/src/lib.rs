//! Every documented memory budget becomes a named test.
//!
//! A team writes memory promises into its documents; `budgets.toml` cites each of them, and
//! [`main!`] turns every citation into a test that runs the real workload in a process of its
//! own, measures it and judges it:
//!
//! ```ignore
//! //! tests/budgets.rs, with `harness = false` in Cargo.toml
//! plimsoll::main!(keys::generate, keys::sign);
//! ```
//!
//! The format of `budgets.toml` is described in [`mod@format`], the way in which each number is made
//! in `METHODOLOGY.md`.

mod judge;
mod measure;
mod os;
mod report;
pub mod selftest;
mod session;
mod sites;
mod trials;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;

pub use insta;
pub use judge::case_runs::{Evidence, Sample};
pub use judge::precision::is_exact;
pub use judge::verdict::{Judgement, Point, Verdict, judge};
pub use measure::allocator::Allocator;
pub use measure::embedded::{Build, Embedded};
pub use measure::measurement::{Cause, Crash, Measurement, Outcome, Recorded, Sites, Trace};
pub use measure::probe::Mode;
pub use measure::probe::c_heap::CHeap;
pub use measure::probe::clock::Clock;
pub use measure::probe::heap::Heap;
pub use measure::probe::mappings::Mapping;
pub use measure::probe::phases::{Phase, PhaseSite};
pub use measure::probe::process::{Process, Resident, Sampled, Window};
pub use measure::probe::stack::{OtherStacks, StackUse};
pub use measure::runaway::cap::{Cap, Origin};
pub use measure::runaway::limit_hit::{LimitHit, RefusedAllocation, StopCause};
pub use measure::stack;
pub use measure::workload::{Workload, workload};
pub use plimsoll_format as format;
pub use plimsoll_macros::{main, system};
pub use report::provenance::Provenance;
pub use report::{export, history, record, results};
pub use sites::component::Component;
pub use sites::frame::Frame;
pub use sites::own::profile_of;
pub use sites::profile::{Amount, Caller, Held, Profile, Site, Stack};

/// Runs the tests of one system: what the `main` that [`main!`] writes does. Understands the
/// arguments of an ordinary test binary (`--list`, `--exact`, a filter, `--ignored` …).
///
/// The exit code is 0 when all tests passed, 101 when one failed, 2 when there was nothing to
/// judge them by.
pub fn run(embedded: Embedded) -> ExitCode {
    match try_run(embedded) {
        Ok(code) => code,
        Err(error) => {
            os::stderr::complain(&format!("plimsoll: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn try_run(embedded: Embedded) -> anyhow::Result<ExitCode> {
    let system: format::System =
        serde_json::from_str(embedded.table).context("the embedded table is not readable")?;
    if let Some(request) = measure::child::request() {
        return Ok(measure::child::answer(&request, &system, &embedded));
    }
    if std::env::var_os("CARGO").is_some() {
        // Started by cargo or nextest: when they are killed, nothing stays behind.
        measure::child::end_with_parent()?;
    }
    check_params(&system, &embedded.workloads)?;
    check_root(Path::new(embedded.root))?;
    let base = target_folder(Path::new(embedded.root))?.join("plimsoll");
    let arguments = libtest_mimic::Arguments::from_args();
    let run = session::Run::current(&base)?;
    let runner = report::runner::Runner::current();
    let shared =
        Arc::new(trials::Shared { system, embedded, run, runner, provenance: OnceLock::new() });
    if let Some(report) = std::env::var_os(selftest::VARIABLE) {
        selftest::run(&shared, Path::new(&report))?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(libtest_mimic::run(&arguments, trials::trials(&shared)).exit_code())
}

/// A target folder that two checkouts share can hold the other one's binary, which cargo then
/// takes for fresh: it must not judge this one by the other's table.
fn check_root(root: &Path) -> anyhow::Result<()> {
    let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return Ok(());
    };
    let (Ok(package), Ok(root)) = (package.canonicalize(), root.canonicalize()) else {
        return Ok(());
    };
    anyhow::ensure!(
        package.starts_with(&root),
        "this binary was built from {}, but it is to judge {}: touch its tests/budgets.rs, and \
         give each checkout a target folder of its own",
        root.display(),
        package.display()
    );
    Ok(())
}

/// Parameters are parsed at every start, listing too: a case that cannot run is not listed.
fn check_params(system: &format::System, workloads: &[Workload]) -> anyhow::Result<()> {
    for case in &system.cases {
        let workload = workloads.iter().find(|workload| workload.name == case.workload);
        let workload = workload
            .with_context(|| format!("{}: no workload is named `{}`", case.place, case.workload))?;
        for size in case.sizes() {
            workload
                .check(&case.params_at(size))
                .with_context(|| format!("{}: {}::{}", case.place, system.name, case.name))?;
        }
    }
    Ok(())
}

/// Cargo's target folder, which it marks; for a binary that was moved, the one of the root.
fn target_folder(root: &Path) -> anyhow::Result<PathBuf> {
    let binary = std::env::current_exe().context("cannot find the test binary")?;
    let marked = binary.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    Ok(marked.map_or_else(|| root.join("target"), Path::to_path_buf))
}
