//! The macros in a crate that adopts them: a scratch workspace with a stand-in for `plimsoll`.
//!
//! The workspaces share a target folder, in which cargo takes one of them for the other if they are
//! written at the same time: so each is made when the one before is done with.

mod scratch;

use scratch::Scratch;
use serial_test::file_serial;

/// The binary gets the table, the root and the workloads in their order.
#[test]
#[file_serial(scratch)]
fn the_table_reaches_the_test_binary() {
    let scratch = Scratch::new();
    let run = scratch.cargo(&["test", "--test", "budgets"]);
    assert!(run.passed, "{}", run.text);
    for words in [
        r#""name":"storage""#,
        r#""id":"S1""#,
        "workload read",
        "workload put",
        "opt-level 0, debug assertions true",
        "a snapshot is a text",
    ] {
        assert!(run.text.contains(words), "no {words} in {}", run.text);
    }
    assert!(run.text.contains(&format!("root {}", scratch.root().display())), "{}", run.text);
}

/// Each fault stops `cargo check --tests`; its place is in the first line, and rustc adds no error of its own.
#[test]
#[file_serial(scratch)]
fn a_fault_stops_the_check() {
    for (file, text, first) in [
        (
            "budgets.toml",
            "peek_rss",
            "error: budgets.toml:4:1: `peek_rss` is not a metric; the nearest is `peak_rss`",
        ),
        (
            "docs/storage.md",
            "is light",
            "error: budgets.toml:4:47: the text at the anchor `S1` does not contain \"at most 7 MB\"",
        ),
        (
            "docs/other.md",
            "nothing",
            "error: docs/other.md:1:1: docs/other.md belongs to no system",
        ),
    ] {
        let scratch = Scratch::new();
        let old = if file == "budgets.toml" { "peak_rss" } else { "at most 7 MB" };
        scratch.edit(file, |before| match before {
            Some(before) => before.replace(old, text),
            None => text.to_owned(),
        });
        scratch.refused(first);
    }
}

/// A table that no crate claims stops it too.
#[test]
#[file_serial(scratch)]
fn an_unclaimed_table_stops_the_check() {
    let scratch = Scratch::new();
    scratch.edit("budgets.toml", |before| {
        let table = "\n[node.all.budgets]\npeak_rss = { max = \"1 GB\", quote = \"under 1 GB\" }\n";
        before.unwrap_or_default() + table
    });
    scratch.refused("error: budgets.toml:9:2: no member of the workspace is named `node`");
}

/// Where there is no `budgets.toml` at all, the message names the folder of the package.
#[test]
#[file_serial(scratch)]
fn a_missing_budgets_toml_stops_the_check() {
    let scratch = Scratch::new();
    std::fs::remove_file(scratch.root().join("budgets.toml")).unwrap();
    scratch.refused("error: there is no budgets.toml in ");
}

/// An edit of any file that was read checks again, from good to bad and back.
#[test]
#[file_serial(scratch)]
fn an_edit_is_checked_again() {
    let scratch = Scratch::new();
    scratch.accepted();
    for (file, old, new, first) in [
        ("budgets.toml", "max = \"7 MB\"", "max = \"8 MB\"", "error: budgets.toml:4:47: \"at most"),
        ("docs/storage.md", "Nothing more.", "And 5 GB.", "error: docs/storage.md:5:5: no budget"),
        (
            "storage/tests/budgets.rs",
            "storage::put",
            "storage::get",
            "error: budgets.toml:6:12: there",
        ),
    ] {
        scratch.edit(file, |before| before.unwrap_or_default().replace(old, new));
        scratch.refused(first);
        scratch.edit(file, |before| before.unwrap_or_default().replace(new, old));
        scratch.accepted();
    }
}

/// A target that libtest runs would judge nothing: its only test fails with the reason.
#[test]
#[file_serial(scratch)]
fn a_target_with_libtest_fails() {
    let scratch = Scratch::new();
    scratch.edit("storage/Cargo.toml", |before| {
        before.unwrap_or_default().replace("harness = false", "")
    });
    let run = scratch.cargo(&["test", "--test", "budgets"]);
    assert!(
        !run.passed && run.text.contains("this target needs `harness = false`"),
        "{}",
        run.text
    );
}

/// A file that the top-level one includes is watched, and its folder is no root of its own.
#[test]
#[file_serial(scratch)]
fn an_included_file_is_checked_again() {
    let scratch = Scratch::new();
    let mut tables = String::new();
    scratch.edit("budgets.toml", |before| {
        tables = before.unwrap_or_default();
        "include = [\"*/budgets.toml\"]\n".to_owned()
    });
    scratch.edit("storage/budgets.toml", |_| tables);
    scratch.accepted();
    let change = |old: &str, new: &str| {
        scratch.edit("storage/budgets.toml", |before| before.unwrap_or_default().replace(old, new));
    };
    change("max = \"7 MB\"", "max = \"8 MB\"");
    scratch.refused("error: storage/budgets.toml:4:47: \"at most");
    change("max = \"8 MB\"", "max = \"7 MB\"");
    scratch.accepted();
    let again = r#"[storage.get.budgets]
end_heap = { id = "S1", max = "7 MB", quote = "at most 7 MB" }"#;
    scratch.edit("plimsoll/budgets.toml", |_| again.to_owned());
    scratch.edit("budgets.toml", |before| before.unwrap_or_default() + "# looked at again\n");
    scratch
        .refused("error: storage/budgets.toml:1:10: the case `get` is stated in plimsoll/budgets");
}
