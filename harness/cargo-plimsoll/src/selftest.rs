//! `cargo plimsoll selftest`: tries whether each gate bites.

use std::fs;

use anyhow::Context as _;
use plimsoll::selftest::{Report, VARIABLE};

use crate::console;
use crate::ending::Ending;
use crate::metadata::cargo;
use crate::project::Project;
use crate::run::packages;

/// Puts a ballast in every work's place and lists the gates that do not notice.
pub(crate) fn selftest() -> anyhow::Result<Ending> {
    let project = Project::here()?;
    let mut sum = Report::default();
    for package in packages(&project, |_| true)? {
        let report = project.results.with_file_name(format!("selftest-{package}.json"));
        _ = fs::remove_file(&report);
        let status = std::process::Command::new(cargo())
            .current_dir(&project.root)
            .env(VARIABLE, &report)
            .args(["test", "--quiet", "--package", package, "--test", "budgets"])
            .status()
            .context("cargo cannot be started: is it in PATH?")?;
        anyhow::ensure!(
            status.success(),
            "the gates of `{package}` could not be tried; the words stand above"
        );
        let text = fs::read(&report).context("the trial left no report")?;
        let Report { gates, probes, faults } = serde_json::from_slice(&text)?;
        sum.gates += gates;
        sum.probes += probes;
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
            fault.test, fault.tried, fault.expected, fault.said
        );
    }
    let biting = match report.faults.len() {
        0 => "all bite".to_owned(),
        faults => format!("{faults} times wrong"),
    };
    out + &format!("{} gates, {} ballasts: {biting}\n", report.gates, report.probes)
}
