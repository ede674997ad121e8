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

mod allocator;
mod answer;
mod ballast;
mod binary;
mod cap;
mod child;
mod component;
mod embedded;
mod evidence;
pub mod export;
mod figure;
mod files;
mod fit;
mod frame;
mod growth;
mod guard;
pub mod history;
mod lens;
mod lookout;
mod machine;
mod measurement;
mod needs;
mod oracle;
mod own;
mod page;
mod precision;
mod profile;
mod provenance;
mod quiet;
mod reclassify;
pub mod record;
mod recorded;
mod repeats;
pub mod results;
mod run;
mod runner;
#[cfg(target_os = "linux")]
mod sampler;
mod screen;
pub mod selftest;
mod spawn;
pub mod stack;
mod stop;
mod symbols;
mod trials;
mod verdict;
mod watch;
mod window;
mod workload;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;

pub use allocator::Allocator;
pub use cap::{Cap, Origin};
pub use component::Component;
pub use embedded::{Build, Embedded};
pub use evidence::{Evidence, Sample};
pub use frame::Frame;
pub use insta;
pub use lens::Mode;
pub use lens::c_heap::CHeap;
pub use lens::clock::Clock;
pub use lens::heap::Heap;
pub use lens::mappings::Mapping;
pub use lens::phases::{Phase, PhaseSite};
pub use lens::process::{Process, Resident, Sampled, Window};
pub use lens::stack::{OtherStacks, StackUse};
pub use measurement::{Cause, Crash, Measurement, Outcome, Recorded, Sites, Trace};
pub use own::profile_of;
pub use plimsoll_format as format;
pub use plimsoll_macros::{main, system};
pub use precision::is_exact;
pub use profile::{Amount, Caller, Held, Profile, Site, Stack};
pub use provenance::Provenance;
pub use stop::{LimitHit, RefusedAllocation, StopCause};
pub use verdict::{Judgement, Point, Verdict, judge};
pub use workload::{Workload, workload};

/// Runs the tests of one system: what the `main` that [`main!`] writes does. Understands the
/// arguments of an ordinary test binary (`--list`, `--exact`, a filter, `--ignored` …).
///
/// The exit code is 0 when all tests passed, 101 when one failed, 2 when there was nothing to
/// judge them by.
pub fn run(embedded: Embedded) -> ExitCode {
    match try_run(embedded) {
        Ok(code) => code,
        Err(error) => {
            screen::complain(&format!("plimsoll: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn try_run(embedded: Embedded) -> anyhow::Result<ExitCode> {
    let system: format::System =
        serde_json::from_str(embedded.table).context("the embedded table is not readable")?;
    if let Some(request) = child::request() {
        return Ok(child::answer(&request, &system, &embedded));
    }
    if std::env::var_os("CARGO").is_some() {
        // Started by cargo or nextest: when they are killed, nothing stays behind.
        child::end_with_parent()?;
    }
    check_params(&system, &embedded.workloads)?;
    check_root(Path::new(embedded.root))?;
    let base = target_folder(Path::new(embedded.root))?.join("plimsoll");
    let arguments = libtest_mimic::Arguments::from_args();
    let run = run::Run::current(&base)?;
    let runner = runner::Runner::current();
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
