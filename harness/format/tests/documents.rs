//! Documents in every form, and the systems that are made of them.

mod rows;

use plimsoll_format::{Metric, Summary, System, check_all};

/// Each row is a small project, and its system in short.
#[test]
fn projects_match_their_rows() {
    let rows = rows::read(include_str!("documents.txt"));
    let mut wrong = String::new();
    for row in &rows {
        let actual = row.check().map_or_else(|faults| faults.to_string(), |system| short(&system));
        if actual.trim_end() != row.expected.trim_end() {
            wrong += &format!("=== {}\n{actual}\n\n", row.name);
        }
    }
    assert!(wrong.is_empty(), "these rows of tests/documents.txt read otherwise:\n\n{wrong}");
    assert!(rows.len() >= 16, "{} rows: were some lost?", rows.len());
}

/// The macro carries a system to the test binary as JSON: nothing is lost on the way.
#[test]
fn a_system_is_equal_after_json() {
    for row in rows::read(include_str!("documents.txt")) {
        if let Ok(system) = row.check() {
            let json = serde_json::to_string(&system).unwrap();
            assert_eq!(serde_json::from_str::<System>(&json).unwrap(), system);
        }
    }
}

/// The whole of the row `two_systems_share_a_page`, counted by hand, and then with a fault.
#[test]
fn check_all_returns_systems_and_counts() {
    let rows = rows::read(include_str!("documents.txt"));
    let row = rows.iter().find(|row| row.name == "two_systems_share_a_page").unwrap();
    let root = row.write();
    let expected = Summary { systems: 2, cases: 2, budgets: 2, promises: 2, waivers: 0, pages: 1 };
    let checked = check_all(root.path());
    let project = checked.outcome.unwrap();
    assert_eq!(project.summary, expected);
    let names: Vec<&str> = project.systems.iter().map(|system| system.name.as_str()).collect();
    assert_eq!(names, ["storage", "my_tool"]);
    let names = ["Cargo.toml", "README.md", "budgets.toml", "crates/storage/Cargo.toml"];
    for name in names.into_iter().chain(["tool/Cargo.toml"]) {
        assert!(checked.files.contains(&root.path().join(name)), "{name} was not read");
    }
    assert_eq!(checked.files.len(), 5);
    std::fs::write(root.path().join("README.md"), "Storage stays under 200 MB.").unwrap();
    let faults = check_all(root.path()).outcome.unwrap_err();
    assert_eq!(faults.count(), 1);
    assert!(faults.to_string().contains("does not contain \"the tool under 1 GB\""), "{faults}");
}

/// A case as one line, and each of its budgets.
fn short(system: &System) -> String {
    let mut text = String::new();
    for case in &system.cases {
        let threads = if case.threads == 1 { "thread" } else { "threads" };
        text += &format!("{} runs {} on {} ", case.name, case.workload, case.threads);
        text += &format!("{threads}, {}", case.timeout);
        text += if case.heavy { ", heavy" } else { "" };
        text += &case.varies.map_or(String::new(), |share| format!(", varies by {share}"));
        for map in std::iter::once(&case.params).chain(&case.expected).filter(|map| !map.is_empty())
        {
            text += &format!(" {}", serde_json::Value::Object(map.clone()));
        }
        for budget in &case.budgets {
            let rate = budget.rate.as_ref().map_or(String::new(), |rate| format!(" of {rate}"));
            assert!(Metric::ALL.contains(&budget.metric));
            text += &format!(
                "\n  {}: {} {}{rate} ({}, {})",
                budget.name,
                budget.metric,
                budget.limit,
                budget.place.precise(),
                budget.cited.precise()
            );
        }
        text.push('\n');
    }
    text
}
