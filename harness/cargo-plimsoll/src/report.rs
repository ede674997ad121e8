//! `cargo plimsoll report`: the newest result of every budget.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::arguments::{Format, ReportArguments};
use crate::project::Project;
use crate::row::{self, Row};
use crate::splice::{REPORT, SYSTEMS, splice};
use crate::status::Status;
use crate::{console, json, markdown, results, systems, text};

/// Prints the report, or writes it into a page.
pub(crate) fn report(arguments: &ReportArguments) -> anyhow::Result<Status> {
    let project = Project::here()?;
    let rows = row::rows(&project, |_| true)?;
    if let Some(file) = &arguments.splice {
        return splice_into(file, arguments.check, &project, &rows);
    }
    let page = match arguments.format {
        Format::Text => text::page(&rows),
        Format::Markdown => markdown::page(&rows, &here()),
        Format::Json => json::page(&rows)?,
    };
    console::print(&page)?;
    Ok(Status::Passed)
}

/// Brings a committed page up to date, or checks that it is.
fn splice_into(
    file: &Path,
    check: bool,
    project: &Project,
    rows: &[Row<'_>],
) -> anyhow::Result<Status> {
    let shown = file.display();
    let old = fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    results::ensure_complete(rows)?;
    let (systems, up) = (&project.systems, up(file, &project.root));
    let has_results = project.root.join(systems::RESULTS).is_file();
    let report = results::sections(systems, rows, up.as_deref(), &target(), &old);
    let summary = systems::table(systems, rows, up.as_deref(), has_results, &old);
    let parts = [(REPORT, report), (SYSTEMS, summary)];
    let new = splice(&old, &parts).with_context(|| shown.to_string())?;
    match (old == new, check) {
        (true, _) => console::print(&format!("{shown} is up to date\n"))?,
        (false, true) => {
            console::note(&format!(
                "{shown} is stale: its results are not the measured ones\n   \
                 remedy: cargo plimsoll report --splice {shown}"
            ));
            return Ok(Status::Failed);
        }
        (false, false) => {
            fs::write(file, new).with_context(|| format!("cannot write {shown}"))?;
            console::print(&format!("{shown} is updated\n"))?;
        }
    }
    Ok(Status::Passed)
}

/// How a link of `file` leads to the root: `../` for each folder between them.
fn up(file: &Path, root: &Path) -> Option<String> {
    let file = fs::canonicalize(file).ok()?;
    let below = file.strip_prefix(fs::canonicalize(root).ok()?).ok()?;
    Some("../".repeat(below.components().count().saturating_sub(1)))
}

/// The machine's kind: `x86_64 linux`.
fn target() -> String {
    format!("{} {}", std::env::consts::ARCH, std::env::consts::OS)
}

/// Where the results come from: they lie in the target folder of this machine.
fn here() -> String {
    match std::thread::available_parallelism() {
        Ok(threads) => format!("{}, {threads} hardware threads", target()),
        Err(_) => target(),
    }
}
