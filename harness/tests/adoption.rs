//! The README's adoption steps, followed to the letter in a crate outside this workspace: first
//! green, then red.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The blocks of the adoption section that begin with a comment naming their file.
fn files(readme: &str) -> Vec<(String, String)> {
    let section = readme.split("## Adopt it").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = section.split("   ```").skip(1).step_by(2);
    blocks
        .filter_map(|block| {
            let lines: Vec<&str> = block
                .lines()
                .skip(1)
                .map(|line| line.strip_prefix("   ").unwrap_or(line))
                .collect();
            let name = lines.first()?.trim_matches(['#', '/', '<', '!', '-', '>', ' ']);
            Path::new(name).extension()?;
            Some((name.to_owned(), lines.join("\n") + "\n"))
        })
        .collect()
}

fn cargo_test(folder: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO"));
    for variable in ["INSTA_WORKSPACE_ROOT", "NEXTEST_RUN_ID", "CARGO_TARGET_DIR", "CI"] {
        command.env_remove(variable);
    }
    command
        .current_dir(folder)
        .env("INSTA_UPDATE", "always")
        // The scratch crate is new each time, what it depends on is not.
        .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/adoption"))
        .args(["test", "--offline", "--test", "budgets"])
        .args(options)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_readmes_steps_lead_to_a_first_green_and_a_first_red_budget() {
    let parent = tempfile::tempdir().unwrap();
    symlink(ROOT, parent.path().join("plimsoll")).unwrap();
    let folder = parent.path().join("words");
    let files = files(&fs::read_to_string(format!("{ROOT}/README.md")).unwrap());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Cargo.toml",
            ".cargo/config.toml",
            "src/lib.rs",
            "docs/words.md",
            "budgets.toml",
            "tests/budgets.rs"
        ]
    );
    for (name, text) in &files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    // The same versions as here, so that nothing has to be fetched.
    fs::copy(format!("{ROOT}/Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let green = cargo_test(&folder, &[]);
    assert!(green.status.success(), "{}", text(&green));
    assert!(text(&green).contains("3 passed"), "{}", text(&green));
    let page = fs::read_to_string(folder.join("snapshots/words.ten_thousand.snap")).unwrap();
    assert!(page.contains("\nwords::count\n"), "{page}");
    assert!(page.contains("source: tests/budgets.rs"), "{page}");

    let library = fs::read_to_string(folder.join("src/lib.rs")).unwrap();
    let owning =
        library.replace("&str, u32>", "String, u32>").replace("(word)", "(word.to_owned())");
    assert_ne!(library, owning);
    fs::write(folder.join("src/lib.rs"), owning).unwrap();
    let second_run = "these are the sites of a second run, by dhat: there are no frame pointers";
    let red = text(&cargo_test(&folder, &[]));
    assert!(red.contains("words::ten_thousand::peak_heap is over its limit"), "{red}");
    assert!(red.contains("words::count"), "{red}");
    assert!(red.contains(" src/lib.rs:"), "{red}");
    assert!(!red.contains(second_run), "{red}");

    // Without frame pointers the report says the same, and how to get them. All that it depends on is
    // built again for that, which is soon done where nothing is optimised.
    fs::remove_file(folder.join(".cargo/config.toml")).unwrap();
    let quickly = ["--config", r#"profile.dev.package."*".opt-level = 0"#];
    let red = text(&cargo_test(&folder, &quickly));
    assert!(red.contains("words::ten_thousand::peak_heap is over its limit"), "{red}");
    assert!(red.contains("words::count"), "{red}");
    assert!(red.contains(second_run), "{red}");
    assert!(red.contains(r#"build.rustflags = ["-C", "force-frame-pointers=yes"]"#), "{red}");
}
