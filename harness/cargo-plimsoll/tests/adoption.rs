//! The README's adoption steps and the guide's commands, followed to the letter in a crate outside
//! this workspace: first green, then red.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The pages of the guide whose commands a reader of the README can run.
const PAGES: [&str; 3] = ["start", "snapshots", "ci"];

/// The blocks of the adoption section that begin with a comment naming their file.
fn files(readme: &str) -> Vec<(String, String)> {
    let section = readme.split("ANCHOR: adopt").nth(1).unwrap().split("ANCHOR_END").next().unwrap();
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

/// The lines of the blocks of shell commands on a page.
fn commands(page: &str) -> Vec<String> {
    let page = fs::read_to_string(format!("{ROOT}/guide/src/{page}.md")).unwrap();
    let blocks = page.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    blocks.flat_map(str::lines).map(str::to_owned).collect()
}

/// A shell command in the crate's folder, with this `cargo plimsoll` in the path.
fn shell(folder: &Path, command: &str) -> Output {
    let subcommand = Path::new(env!("CARGO_BIN_EXE_cargo-plimsoll")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(subcommand.to_owned()).chain(std::env::split_paths(&path));
    let mut shell = Command::new("sh");
    // The runner of this test must not configure the runner that the reader starts, nor name a package.
    let inherited = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let foreign = ["CARGO_MANIFEST", "CARGO_PKG", "INSTA", "NEXTEST"];
    for name in inherited.filter(|name| foreign.iter().any(|prefix| name.starts_with(prefix))) {
        shell.env_remove(name);
    }
    shell.env_remove("CI");
    shell
        .current_dir(folder)
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("CARGO_NET_OFFLINE", "true")
        // The scratch crate is new each time, its dependencies are not.
        .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/adoption"))
        .args(["-c", command])
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_readmes_steps_and_the_guides_commands_lead_to_a_green_and_a_red_budget() {
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
            "tests/budgets/main.rs"
        ]
    );
    for (name, text) in &files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    // Dependencies are not what is measured there, and build in a third of the time unoptimised. Cargo
    // reads this file beside the crate's own.
    fs::create_dir_all(parent.path().join(".cargo")).unwrap();
    let quickly = "[profile.dev.package.\"*\"]\nopt-level = 0\n";
    fs::write(parent.path().join(".cargo/config.toml"), quickly).unwrap();
    // The same versions as here, so that nothing has to be fetched.
    fs::copy(format!("{ROOT}/Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let judge = "cargo test --test budgets";
    let green = shell(&folder, &format!("INSTA_UPDATE=always {judge}"));
    assert!(green.status.success(), "{}", text(&green));
    assert!(text(&green).contains("3 passed"), "{}", text(&green));
    let page = fs::read_to_string(folder.join("snapshots/words.ten_thousand.snap")).unwrap();
    assert!(page.contains("\nwords::count\n"), "{page}");
    assert!(page.contains("source: tests/budgets/main.rs"), "{page}");

    let commands: Vec<String> = PAGES.into_iter().flat_map(commands).collect();
    assert!(commands.len() >= 10, "{commands:?}: were some lost?");
    for command in commands {
        let output = shell(&folder, &command);
        assert!(output.status.success(), "{command}\n{}", text(&output));
    }

    let library = fs::read_to_string(folder.join("src/lib.rs")).unwrap();
    let owning =
        library.replace("&str, u32>", "String, u32>").replace("(word)", "(word.to_owned())");
    assert_ne!(library, owning);
    fs::write(folder.join("src/lib.rs"), owning).unwrap();
    let second_run = "these are the sites of a second run, by dhat: there are no frame pointers";
    let red = text(&shell(&folder, judge));
    assert!(red.contains("words::ten_thousand::peak_heap is over its limit"), "{red}");
    assert!(red.contains("words::count"), "{red}");
    assert!(red.contains(" src/lib.rs:"), "{red}");
    assert!(!red.contains(second_run), "{red}");

    // Without frame pointers the verdict is the same, and the report says how to get them.
    fs::remove_file(folder.join(".cargo/config.toml")).unwrap();
    let red = text(&shell(&folder, judge));
    assert!(red.contains("words::ten_thousand::peak_heap is over its limit"), "{red}");
    assert!(red.contains("words::count"), "{red}");
    assert!(red.contains(second_run), "{red}");
    assert!(red.contains(r#"build.rustflags = ["-C", "force-frame-pointers=yes"]"#), "{red}");
}
