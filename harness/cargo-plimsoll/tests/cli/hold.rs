//! `hold`: proposals from the figures of the last runs.

use serde_json::{Value, json};

use crate::scratch::{BUDGETS, Scratch, others, peak_heap};

/// Writes the figures of a budget as runs of one build would have left them, after two of another.
fn past(scratch: &Scratch, test: &str, unit: &str, figures: &[f64]) {
    let of = |build: &str, run: usize, value: f64| {
        let figure = json!({ "value": value, "unit": unit });
        json!({ "run": format!("{build}-{run}"), "unix_seconds": 1, "build": build, "figure": figure })
    };
    let mut all = vec![of("old", 0, 1e12), of("old", 1, 1e12)];
    all.extend(figures.iter().enumerate().map(|(run, figure)| of("new", run, *figure)));
    let file = format!("target/plimsoll/results/my_store/{test}.history.json");
    scratch.write(&file, &Value::Array(all).to_string());
}

fn judged() -> Scratch {
    let scratch = Scratch::new();
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    past(&scratch, "read/peak_heap", "bytes", &[500_000.0]);
    past(&scratch, "read/cpu_time", "seconds", &[0.010, 0.012, 0.011]);
    past(&scratch, "read_twice/total_blocks", "blocks", &[12.0]);
    past(&scratch, "put/throughput", "per_second", &[1250.0, 1240.0]);
    scratch
}

#[test]
fn each_budget_with_one_side_gets_a_line_to_paste_or_a_reason() {
    // 500,000 B ÷ 1,024 = 488.3 KiB; 490 KiB are 0.4 % more. 11 ms ± 1 ms: 12 + 2 × 1 = 14 ms.
    let said = judged().plimsoll("hold");
    assert_eq!(
        said.out,
        "\
budgets.toml:5  my_store::read::peak_heap  at most 1 MiB
    ratchet = \"490 KiB\"
    exact: 500,000 B

budgets.toml:6  my_store::read::cpu_time  at most 20 ms
    ratchet = \"14 ms\"
    3 runs: 10.0 ms to 12.0 ms, and twice their spread of 1.00 ms

budgets.toml:12  my_store::read_twice::total_blocks  at most 12 blocks
    no hold: exact: 12 blocks: there is nothing between that and the line

budgets.toml:19  my_store::put::throughput  at least 100 /s
    no hold yet: 2 runs of this build, and 3 are the least
    cargo plimsoll run my_store::put
"
    );
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[test]
fn what_is_proposed_can_be_pasted_and_is_then_held() {
    let scratch = judged();
    let held = BUDGETS.replace("max = \"20 ms\",", "max = \"20 ms\", ratchet = \"14 ms\",");
    let held = held.replace("max = \"1 MiB\",", "max = \"1 MiB\", ratchet = \"600 KiB\",");
    scratch.write("budgets.toml", &held);
    let said = scratch.plimsoll("hold my_store::read");
    assert_eq!(
        said.out,
        "\
budgets.toml:5  my_store::read::peak_heap  at most 1 MiB
    ratchet = \"490 KiB\" (now \"600 KiB\")
    exact: 500,000 B

budgets.toml:6  my_store::read::cpu_time  at most 20 ms
    held at 14 ms already
"
    );
    assert_eq!(scratch.read("budgets.toml"), held);
}

#[test]
fn figures_of_another_line_are_not_used() {
    let scratch = judged();
    scratch.write("budgets.toml", &BUDGETS.replace("\"20 ms\", ", "\"0.02 s\", "));
    let said = scratch.plimsoll("hold cpu_time");
    let expected = "    no hold yet: it was not judged by this build\n    cargo plimsoll run";
    assert!(said.out.contains(expected), "{}", said.out);
}

#[test]
fn a_line_of_two_sides_holds_by_itself_and_a_wrong_name_is_told() {
    let scratch = judged();
    let said = scratch.plimsoll("hold my_store::put::peak_heap");
    assert!(said.err.starts_with("error: none of these budgets has a `max` or a `min`"));
    assert_eq!(said.code, Some(2));
    let said = scratch.plimsoll("hold my_store::raed");
    assert!(said.err.contains("example: cargo plimsoll hold my_store::read"), "{}", said.err);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
}
