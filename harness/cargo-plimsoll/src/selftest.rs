//! `cargo plimsoll selftest`: tries whether each gate bites.

use std::fs;

use anyhow::Context as _;
use plimsoll::selftest::{Report, VARIABLE};

use crate::ending::Ending;
use crate::project::Project;
use crate::run::packages;
use crate::{build, console};

/// Puts a ballast in every work's place and lists the gates that do not notice.
pub(crate) fn selftest() -> anyhow::Result<Ending> {
    let project = Project::here()?;
    let mut sum = Report::default();
    let binaries = build::budgets(&project.root)?;
    for package in packages(&project, |_| true)? {
        let name = &package.name;
        let report = project.results.with_file_name(format!("selftest-{name}.json"));
        _ = fs::remove_file(&report);
        let binary = binaries.iter().find(|binary| binary.manifest == package.manifest);
        let binary = binary.with_context(|| format!("`{name}` has no test target `budgets`"))?;
        let status = std::process::Command::new(&binary.executable)
            .current_dir(package.manifest.parent().unwrap_or(&project.root))
            .env(VARIABLE, &report)
            .status()
            .with_context(|| format!("{} cannot be started", binary.executable.display()))?;
        anyhow::ensure!(
            status.success(),
            "the gates of `{name}` could not be tried; the words stand above"
        );
        let text = fs::read(&report).context("the trial left no report")?;
        let Report { budgets, loads, faults } = serde_json::from_slice(&text)?;
        sum.budgets += budgets;
        sum.loads += loads;
        sum.faults.extend(faults);
    }
    console::print(&text(&sum))?;
    Ok(if sum.faults.is_empty() { Ending::Kept } else { Ending::Broken })
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    for fault in &report.faults {
        out += &format!(
            "{} does not bite\n  tried     a ballast that {}\n  expected  {}\n  said      {}\n\n",
            fault.test, fault.tried, fault.expected, fault.verdict
        );
    }
    let biting = match report.faults.len() {
        0 => "all bite".to_owned(),
        faults => format!("{faults} times wrong"),
    };
    out + &format!("{} gates, {} ballasts: {biting}\n", report.budgets, report.loads)
}
