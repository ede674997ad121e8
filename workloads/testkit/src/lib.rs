//! What the tests and the examples of several workloads need: tests that start their own binary again
//! as a child and kill it, folders that several processes share, and readers of the process's memory.
//!
//! A development dependency only. A test target with `harness = false` lists its tests and its
//! children, so that no child poses as a test:
//!
//! ```no_run
//! use std::path::Path;
//! use std::time::Duration;
//!
//! use testkit::{Reports, Victim, child};
//!
//! testkit::main! {
//!     tests: [a_killed_writer_loses_nothing_that_it_reported],
//!     children: [write_forever],
//! }
//!
//! fn a_killed_writer_loses_nothing_that_it_reported() {
//!     let folder = Path::new("some folder of this test");
//!     let reports = Reports::below(folder);
//!     Victim::start(&mut child("write_forever", folder))
//!         .kill_after(|| reports.count() > 0, Duration::from_micros(97));
//!     // Opens the folder, and compares its content with `reports.count()`.
//! }
//!
//! fn write_forever(folder: &Path) {
//!     loop {
//!         // Commits something, and then reports it.
//!         Reports::below(folder).add();
//!     }
//! }
//! ```

mod child;
mod folder_lock;
mod harness;
pub mod heap;
mod process;
mod reports;
mod victim;

pub use child::{assert_success, child};
pub use folder_lock::FolderLock;
pub use harness::{Child, Test, run};
pub use process::{PageTables, Resident, Resources, cpu_time};
pub use reports::Reports;
pub use victim::Victim;
