//! What the macros refuse, as rustc shows it.

use std::{fs, path::Path};

/// trybuild compiles in a package of its own: a `budgets.toml` beside its manifest is its root.
const BUDGETS: &str = r#"
[plimsoll_macros_tests]
document = "README.md"

[plimsoll_macros_tests.get]
workload = "read"

[plimsoll_macros_tests.get.budgets]
peak_rss = { max = "200 MB", quote = "stays under 200 MB" }
"#;

#[test]
fn refusals_print_their_expected_text() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let package = target.join("tests/trybuild/plimsoll-macros");
    fs::create_dir_all(&package).unwrap();
    fs::write(package.join("budgets.toml"), BUDGETS).unwrap();
    fs::write(package.join("README.md"), "It stays under 200 MB.\n").unwrap();
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
