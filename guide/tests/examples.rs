//! Each TOML example of the guide is one that the tool accepts.

mod pages;

use std::fs;

use plimsoll_format::check_system;

/// A fenced block: its language, and its lines.
struct Block {
    page: String,
    language: String,
    text: String,
}

/// The blocks of all pages, in order.
fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for (page, text) in pages::all() {
        let mut parts = text.split("\n```");
        parts.next();
        while let (Some(body), Some(_)) = (parts.next(), parts.next()) {
            let (language, text) = body.split_once('\n').unwrap_or((body, ""));
            let (page, language) = (page.clone(), language.to_owned());
            blocks.push(Block { page, language, text: text.to_owned() + "\n" });
        }
    }
    blocks
}

/// What a block is the text of: `budgets.toml` of `# budgets.toml`.
fn file(block: &Block) -> &str {
    let first = block.text.lines().next().unwrap_or_default();
    first.trim_matches(['#', '<', '!', '-', '>', ' '])
}

#[test]
fn each_budget_cites_the_document_above_it() {
    let blocks = blocks();
    let mut document = "";
    let mut checked = 0;
    for block in &blocks {
        if file(block) == "docs/words.md" {
            document = &block.text;
        }
        if file(block) != "budgets.toml" {
            continue;
        }
        let root = tempfile::tempdir().expect("a folder for a project");
        fs::create_dir(root.path().join("docs")).expect("a folder for documents");
        let files = [
            ("Cargo.toml", "[package]\nname = \"words\"\n"),
            ("docs/words.md", document),
            ("budgets.toml", &block.text),
        ];
        for (name, text) in files {
            fs::write(root.path().join(name), text).expect("the file is written");
        }
        let outcome = check_system(root.path(), "words", &["counting".to_owned()]).outcome;
        if let Err(faults) = outcome {
            panic!("{}: an example is refused:\n{faults}\n{}", block.page, block.text);
        }
        checked += 1;
    }
    assert!(checked >= 8, "{checked} examples of budgets.toml: were some lost?");
}

#[test]
fn each_toml_example_names_its_file_and_is_toml() {
    for block in blocks().iter().filter(|block| block.language == "toml") {
        let name = file(block);
        assert!(name.ends_with(".toml"), "{}: `{name}` does not name a file", block.page);
        if let Err(error) = block.text.parse::<toml::Table>() {
            panic!("{}: {name}: {error}", block.page);
        }
    }
}

#[test]
fn each_block_states_its_language() {
    let known = ["toml", "sh", "console", "text", "markdown", "yaml", "rust"];
    for block in blocks() {
        let language = block.language.as_str();
        assert!(known.contains(&language), "{}: a block of `{language}`", block.page);
    }
}
