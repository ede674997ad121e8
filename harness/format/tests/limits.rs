//! Any text can be read, quantities survive being written, and a thousand budgets cost little.

use std::{fmt::Write, fs};

use plimsoll_format::{Quantity, Source, Unit, Written, check_all, check_system, find_root, parse};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC*") {
        drop(parse(&Source::new("budgets.toml", text)));
    }

    /// Words of the format in any order get further into the parser than noise does.
    #[test]
    fn any_words_are_read_without_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "[storage.get.budgets]", "[storage]", "[[waiver]]", "\n", "peak_rss", "=", "{", "}",
                "max", "about", "tolerance", "between", "[", "]", ",", "\"200 MB\"", "\"5 %\"", "200",
                "quote", "\"unter 200 µB – ·\"", "document", "why", "threads", "timeout", "params",
                "heavy", "varies", "true", "sweep", "keys", "per", "at_size", "grows", "\"log\"", "ratio_to",
                "matches_sweep", "include", "[storage.defaults]", "[storage.defaults.budgets]", "without",
                "at", "during", "after", "above_start", "ratchet", "cap", "children", "expect",
                "inf", "2026-01-01", "id", "measure", "\"profile\"", ".", "\t", "'''", "é",
            ]),
            0..60,
        )
    ) {
        drop(parse(&Source::new("budgets.toml", words.join(" "))));
    }

    /// A project of two files, which state parts of one system and its defaults in any order.
    #[test]
    fn any_two_files_are_read_without_panic(
        files in prop::collection::vec(
            prop::collection::vec(
                prop::sample::select(vec![
                    "[storage.get]", "[storage.put]", "[storage]", "[storage.defaults]", "[node.get]",
                    "[storage.get.budgets]", "[storage.put.budgets]", "[storage.defaults.budgets]",
                    "[[waiver]]", "include = [\"*.toml\", \"b.toml\"]", "include = [\"b.toml\"]",
                    "include = \"?\"", "document = \"README.md\"", "document = \"docs/storage.md\"",
                    "workload = \"read\"", "threads = 2", "without = [\"peak_rss\"]", "without = [3]",
                    "without = [\"peak_rss\", \"end_heap\"]", "sweep = { keys = [1, 2, 3] }",
                    "params = { keys = 9 }", "peak_rss = { max = \"200 MB\", quote = \"200 MB\" }",
                    "end_heap = { max = \"0 B\", per = \"keys\", quote = \"nothing\" }",
                    "c_heap = { max = \"2×\", ratio_to = \"storage.put\", quote = \"twice\" }",
                    "c_heap = { matches_sweep = \"storage.get\", quote = \"200 MB\" }", "\u{202f}", "é = [",
                ]),
                0..12,
            ),
            2,
        )
    ) {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| fs::write(root.path().join(file), text).unwrap();
        write("Cargo.toml", "[package]\nname = \"storage\"\n");
        write("README.md", "It stays under 200 MB and leaves nothing.");
        write("budgets.toml", &files[0].join("\n"));
        write("b.toml", &files[1].join("\n"));
        let checked = check_all(root.path());
        if let Err(faults) = checked.outcome {
            prop_assert!(!faults.to_string().is_empty());
        }
        for name in ["", "deeper"] {
            prop_assert_eq!(find_root(&root.path().join(name)), Some(root.path().to_owned()));
        }
    }

    #[test]
    fn any_document_is_read_without_panic(
        document in prop::collection::vec(
            prop::sample::select(vec![
                "200 MB", "200", "–", "\u{202f}", "\u{2009}", "~", "<", "<a id=\"S1\"></a>", "<!--",
                "|", "\n", "\n\n", "|--|--|\n", "# Findings\n", "```\n", "`", "**", "&nbsp;", "&lt;",
                "KB", "µs", "/s", "1,000", "- ", "> ", "[", "](x)", "under", " ", "é", "<br>",
            ]),
            0..60,
        )
    ) {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| fs::write(root.path().join(file), text).unwrap();
        write("Cargo.toml", "[package]\nname = \"storage\"\n");
        write("README.md", &document.concat());
        write("budgets.toml", concat!(
            "[storage]\ndocument = \"README.md\"\n[storage.get.budgets]\n",
            "peak_rss = { max = \"200 MB\", quote = \"under 200 MB\" }\n",
            "peak_heap = { id = \"S1\", max = \"200 MB\", quote = \"200 MB\" }\n",
        ));
        let workloads = ["read".to_owned()];
        if let Err(faults) = check_system(root.path(), "storage", &workloads).outcome {
            prop_assert!(!faults.to_string().is_empty());
        }
    }

    /// What `exact` writes is read as the same quantity.
    #[test]
    fn a_quantity_survives_being_written(whole in 0_u64..1 << 50, unit in prop::sample::select(
        vec![Unit::Bytes, Unit::Blocks, Unit::Reallocations, Unit::Seconds, Unit::PerSecond]
    )) {
        let quantity = Quantity::new(whole as f64, unit);
        let read = quantity.exact().parse::<Written>();
        prop_assert_eq!(read.map(|written| written.quantity), Ok(quantity));
    }

    /// What a person reads is within half a unit of the last of three digits.
    #[test]
    fn a_quantity_reads_about_right(value in 1e-6_f64..1e15, unit in prop::sample::select(
        vec![Unit::Bytes, Unit::Seconds]
    )) {
        let value = if unit == Unit::Bytes { value.ceil() } else { value };
        let text = Quantity::new(value, unit).to_string();
        let read = text.parse::<Written>().map(|written| written.quantity.value()).unwrap();
        prop_assert!((read - value).abs() <= value * 0.0051, "{} reads {}", value, text);
    }
}

/// A thousand budgets, each with its own sentence, in one file and one document.
#[test]
fn a_thousand_budgets_are_checked_in_a_moment() {
    let root = tempfile::tempdir().unwrap();
    let (mut budgets, mut document) = (String::new(), String::new());
    for case in 0..100 {
        writeln!(budgets, "[storage.case_{case}.budgets]").unwrap();
        for n in 0..10 {
            let figure = case * 10 + n + 1;
            let quote = format!("part {n} of case {case} stays under {figure} MB");
            writeln!(document, "The {quote}, which is enough.\n").unwrap();
            let limit = format!("max = \"{figure} MB\", quote = \"{quote}\"");
            writeln!(budgets, "b{n} = {{ measure = \"peak_heap\", {limit} }}").unwrap();
        }
    }
    let write = |file: &str, text: &str| fs::write(root.path().join(file), text).unwrap();
    fs::create_dir(root.path().join("docs")).unwrap();
    write("Cargo.toml", "[package]\nname = \"storage\"\n");
    write("docs/storage.md", &document);
    write("budgets.toml", &budgets);
    let checked = check_system(root.path(), "storage", &["read".to_owned()]);
    let system = checked.outcome.unwrap();
    assert_eq!(system.cases.iter().map(|case| case.budgets.len()).sum::<usize>(), 1000);
}
