//! Each message of the troubleshooting page is one that the source contains.

mod pages;

use std::fs;
use std::path::Path;

/// The text of every Rust file below a folder, with the breaks inside string literals taken out.
fn source(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() {
            text += &source(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &fs::read_to_string(&path).expect("the file is a text");
        }
    }
    text
}

/// A literal that continues after `\\` at the end of a line, as one line.
fn joined(text: &str) -> String {
    let mut lines = text.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.trim_start())
}

#[test]
fn each_message_of_the_troubleshooting_page_is_in_the_source() {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness");
    // The harness composes some messages; the tests of the toys quote them whole.
    let tests = "toys/tests/harness";
    let folders = ["src", "format/src", "macros/src", "recorder/src", "cargo-plimsoll/src", tests];
    let source: String = folders.iter().map(|folder| source(&harness.join(folder))).collect();
    let source = joined(&source).replace('`', "");
    let page = &pages::all()["troubleshooting.md"];
    let headings = page.lines().filter_map(|line| line.strip_prefix("### `"));
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let quoted = headings.chain(rows).filter_map(|rest| rest.split('`').next());
    let messages: Vec<&str> = quoted.collect();
    assert!(messages.len() >= 20, "{} messages: were some lost?", messages.len());
    let missing: Vec<&&str> =
        messages.iter().filter(|message| !source.contains(&message.replace('`', ""))).collect();
    assert!(missing.is_empty(), "no code prints these messages: {missing:#?}");
}
