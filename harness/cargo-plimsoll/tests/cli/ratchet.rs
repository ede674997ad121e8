//! `ratchet`: proposals from the figures of the last runs.

use serde_json::{Value, json};

use crate::scratch::{BUDGETS, Scratch, others, peak_heap, record};

/// Writes the history of a budget: two figures of an old build, then these of the current one.
fn write_history(scratch: &Scratch, test: &str, unit: &str, figures: &[f64]) {
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
    write_history(&scratch, "read/peak_heap", "bytes", &[500_000.0]);
    write_history(&scratch, "read/cpu_time", "seconds", &[0.010, 0.012, 0.011]);
    write_history(&scratch, "read_twice/total_blocks", "blocks", &[12.0]);
    write_history(&scratch, "put/throughput", "per_second", &[1250.0, 1240.0]);
    scratch
}

#[test]
fn each_max_or_min_gets_a_ratchet_to_paste_or_a_reason() {
    // 500,000 B ÷ 1,024 = 488.3 KiB; 490 KiB are 0.4 % more. 11 ms ± 1 ms: 12 + 2 × 1 = 14 ms.
    let printed = judged().plimsoll("ratchet");
    assert_eq!(
        printed.out,
        "\
budgets.toml:5  my_store::read::peak_heap  at most 1 MiB
    ratchet = \"490 KiB\"
    exact figure: 500,000 B

budgets.toml:6  my_store::read::cpu_time  at most 20 ms
    ratchet = \"14 ms\"
    3 runs: 10.0 ms to 12.0 ms, plus twice their standard deviation of 1.00 ms

budgets.toml:12  my_store::read_twice::total_blocks  at most 12 blocks
    no ratchet: exact figure: 12 blocks; no room between this and the limit

budgets.toml:19  my_store::put::throughput  at least 100 /s
    no ratchet yet: 2 runs of this build; at least 3 are needed
    cargo plimsoll run my_store::put
"
    );
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
}

#[test]
fn pasted_proposal_is_set_already() {
    let scratch = judged();
    let ratcheted = BUDGETS.replace("max = \"20 ms\",", "max = \"20 ms\", ratchet = \"14 ms\",");
    let ratcheted =
        ratcheted.replace("max = \"1 MiB\",", "max = \"1 MiB\", ratchet = \"600 KiB\",");
    scratch.write("budgets.toml", &ratcheted);
    let printed = scratch.plimsoll("ratchet my_store::read");
    assert_eq!(
        printed.out,
        "\
budgets.toml:5  my_store::read::peak_heap  at most 1 MiB
    ratchet = \"490 KiB\" (now \"600 KiB\")
    exact figure: 500,000 B

budgets.toml:6  my_store::read::cpu_time  at most 20 ms
    ratchet = \"14 ms\" is set already
"
    );
    assert_eq!(scratch.read("budgets.toml"), ratcheted);
}

#[test]
fn figures_of_another_limit_are_not_used() {
    let scratch = judged();
    scratch.write("budgets.toml", &BUDGETS.replace("\"20 ms\", ", "\"0.02 s\", "));
    let printed = scratch.plimsoll("ratchet cpu_time");
    let expected = "    no ratchet yet: this build has no result\n    cargo plimsoll run";
    assert!(printed.out.contains(expected), "{}", printed.out);
}

/// All three cases take one line, and 300,000 B ÷ 1,024 = 292.97 KiB.
#[test]
fn default_budget_gets_the_ratchet_that_every_case_keeps() {
    let scratch = Scratch::new();
    let defaults = "[my_store.defaults.budgets]\nend_heap = { max = \"1 MiB\", quote = \"at most 1 MiB\" }\n\n";
    scratch.write("budgets.toml", &format!("{defaults}{BUDGETS}"));
    for (case, figure) in [("read", 100_000.0), ("read_twice", 300_000.0), ("put", 200_000.0)] {
        let measured = json!({ "value": figure, "unit": "bytes" });
        let test = format!("{case}::end_heap");
        scratch.judged(&[record(&test, "end_heap", "at most 1 MiB", measured, json!(0.5))]);
        write_history(&scratch, &format!("{case}/end_heap"), "bytes", &[figure]);
    }
    let loosest = "\
budgets.toml:2  my_store::read_twice::end_heap and 2 more  at most 1 MiB
    ratchet = \"293 KiB\"
    exact figure: 300,000 B
";
    assert_eq!(scratch.plimsoll("ratchet my_store::read::end_heap").out, loosest);
    // A case without a figure may need any ratchet.
    scratch.remove("target/plimsoll/results/my_store/put/end_heap.json");
    assert_eq!(
        scratch.plimsoll("ratchet my_store::read::end_heap").out,
        "\
budgets.toml:2  my_store::put::end_heap and 2 more  at most 1 MiB
    no ratchet yet: this build has no result
    cargo plimsoll run my_store::put
"
    );
}

#[test]
fn limit_of_two_sides_and_unknown_name_are_errors() {
    let scratch = judged();
    let printed = scratch.plimsoll("ratchet my_store::put::peak_heap");
    assert!(printed.err.starts_with("error: none of these budgets has a `max` or a `min`"));
    assert_eq!(printed.code, Some(2));
    let printed = scratch.plimsoll("ratchet my_store::raed");
    assert!(
        printed.err.contains("example: cargo plimsoll ratchet my_store::read"),
        "{}",
        printed.err
    );
    assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""));
}

#[test]
fn old_subcommand_hold_is_an_error_that_names_ratchet() {
    let printed = judged().plimsoll("hold my_store::read");
    let first = printed.err.lines().next().unwrap();
    assert_eq!(first, "error: the subcommand `hold` is now `ratchet`");
    assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""));
}
