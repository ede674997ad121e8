//! Every documented memory budget becomes a named test.
//!
//! A team writes memory promises into its documents. `budgets.toml` cites each of them, and
//! [`main!`] turns every citation into a test. The test runs the real workload in a process of its
//! own, measures it and judges it:
//!
//! ```ignore
//! //! tests/budgets.rs, with `harness = false` in Cargo.toml
//! plimsoll::main!(keys::generate, keys::sign);
//! ```
//!
//! [`mod@format`] describes `budgets.toml`; `METHODOLOGY.md` describes how each number is made.

use std::path::Path;
use std::process::ExitCode;

// From the bottom to the top: each folder uses only those before it.
mod os;

pub mod sites;

pub mod measure;

pub mod judge;

mod report;

// These use all of them.
pub mod selftest;
mod session;
mod startup;
mod trials;

pub use insta;
pub use measure::allocator::Allocator;
pub use measure::embedded::{Build, Embedded};
pub use measure::stack;
pub use measure::workload::{Workload, workload};
pub use plimsoll_format as format;
pub use plimsoll_macros::{main, system};
pub use report::{export, history, record, results};

/// Runs the tests of one system: the `main` that [`main!`] writes calls this. It understands the
/// arguments of an ordinary test binary (`--list`, `--exact`, a filter, `--ignored` …).
///
/// The exit code is 0 when all tests passed, 101 when one failed, 2 when no test could be listed.
///
/// ```no_run
/// # mod fill {
/// #     #[derive(serde::Deserialize)]
/// #     pub struct Params { bytes: usize }
/// #     pub fn prepare(params: Params) -> Result<impl FnOnce() -> Result<usize, String>, String> {
/// #         Ok(move || Ok(vec![1u8; params.bytes].len()))
/// #     }
/// # }
/// let budgets = plimsoll::Embedded {
///     table: r#"{ "name": "keys", "document": "keys.md", "members": [], "cases": [] }"#,
///     root: env!("CARGO_MANIFEST_DIR"),
///     workloads: vec![plimsoll::workload("fill", fill::prepare)],
///     build: plimsoll::Build { opt_level: "2", debug_assertions: true },
///     assert_snapshot: |name, text| plimsoll::insta::assert_snapshot!(name, text),
/// };
/// plimsoll::run(budgets);
/// ```
pub fn run(embedded: Embedded) -> ExitCode {
    try_run(embedded).unwrap_or_else(|error| {
        os::stderr::complain(&format!("plimsoll: {error:#}"));
        ExitCode::from(2)
    })
}

fn try_run(embedded: Embedded) -> anyhow::Result<ExitCode> {
    let system = startup::table(&embedded)?;
    if let Some(request) = measure::child::request() {
        return Ok(measure::child::answer(&request, &system, &embedded));
    }
    startup::check(&system, &embedded)?;
    let shared = trials::Shared::new(system, embedded)?;
    if let Some(report) = std::env::var_os(selftest::VARIABLE) {
        selftest::run(&shared, Path::new(&report))?;
        return Ok(ExitCode::SUCCESS);
    }
    let arguments = libtest_mimic::Arguments::from_args();
    Ok(libtest_mimic::run(&arguments, trials::trials(&shared)).exit_code())
}
