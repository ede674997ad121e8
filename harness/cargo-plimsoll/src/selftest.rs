//! `cargo plimsoll selftest`: checks that every limit can fail.

use std::fs;

use anyhow::Context as _;
use plimsoll::selftest::{Report, VARIABLE};

use crate::project::Project;
use crate::run::packages;
use crate::status::Status;
use crate::{build, console};

/// Runs synthetic loads in place of the workloads, and lists the limits with a wrong verdict.
pub(crate) fn selftest() -> anyhow::Result<Status> {
    let project = Project::here()?;
    let mut sum = Report::default();
    let binaries = build::budgets(&project.root)?;
    for package in packages(&project, |_| true)? {
        let name = &package.name;
        let report = project.results.with_file_name(format!("selftest-{name}.json"));
        _ = fs::remove_file(&report);
        let manifest = package.manifest_path.as_std_path();
        let binary = binaries.iter().find(|binary| binary.manifest == manifest);
        let binary = binary.with_context(|| format!("`{name}` has no test target `budgets`"))?;
        let status = std::process::Command::new(&binary.executable)
            .current_dir(manifest.parent().unwrap_or(&project.root))
            .env(VARIABLE, &report)
            .status()
            .with_context(|| format!("{} cannot be started", binary.executable.display()))?;
        anyhow::ensure!(
            status.success(),
            "the limits of `{name}` could not be checked; see the output above"
        );
        let text = fs::read(&report).with_context(|| format!("`{name}` wrote no report"))?;
        let Report { budgets, loads, faults } = serde_json::from_slice(&text)?;
        sum.budgets += budgets;
        sum.loads += loads;
        sum.faults.extend(faults);
    }
    console::print(&text(&sum))?;
    Ok(if sum.faults.is_empty() { Status::Passed } else { Status::Failed })
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    for fault in &report.faults {
        out += &format!(
            "{} has the wrong verdict\n  tried     a synthetic load that {}\n  expected  {}\n  \
             verdict   {}\n\n",
            fault.test, fault.tried, fault.expected, fault.verdict
        );
    }
    let result = match report.faults.len() {
        0 => "every limit can fail".to_owned(),
        1 => "1 wrong verdict".to_owned(),
        faults => format!("{faults} wrong verdicts"),
    };
    out + &format!("{} budgets, {} synthetic loads: {result}\n", report.budgets, report.loads)
}
