//! The reference is read as its readers will read it.

use plimsoll_format::{Metric, Source, Unit, parse};

const REFERENCE: &str = include_str!("../reference.md");

/// Each block of TOML is accepted, or refused where it is marked as a fault.
#[test]
fn examples_are_accepted_or_refused_as_marked() {
    let mut examples = 0;
    for block in REFERENCE.split("\n```toml").skip(1) {
        let (mark, rest) = block.split_once('\n').unwrap();
        let (text, _) = rest.split_once("\n```").unwrap();
        let parsed = parse(&Source::new("budgets.toml", text));
        match mark {
            "" => assert!(parsed.is_ok(), "{text}\n\n{}", parsed.unwrap_err()),
            ",fault" => assert!(parsed.is_err(), "nothing is wrong with:\n{text}"),
            mark => panic!("`{mark}` is no mark of an example"),
        }
        examples += 1;
    }
    assert_eq!(examples, 26);
}

/// Each metric has its row, with the words of the code.
#[test]
fn every_metric_has_its_row() {
    for metric in Metric::ALL {
        let row = format!("| `{metric}` | {} | {} |", metric.unit(), metric.describe());
        assert!(REFERENCE.contains(&row), "{row}");
    }
}

/// Each unit is named.
#[test]
fn every_unit_is_named() {
    for metric in Metric::ALL {
        for (name, _) in Unit::spellings(metric.unit()) {
            assert!(REFERENCE.contains(&format!("`{name}`")), "{name}");
        }
    }
}
