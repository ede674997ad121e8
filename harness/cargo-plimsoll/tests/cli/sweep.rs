//! Budgets over several runs, in every shape of the report.

use serde_json::{Value, json};

use crate::scratch::{Scratch, record};

const BUDGETS: &str = r#"[my_store.grow]
sweep = { users = [10, 100, 1_000] }

[my_store.grow.budgets]
class = { measure = "peak_heap", grows = "log", quote = "with the logarithm of the users" }
each = { measure = "peak_heap", per = "users", max = "1 kB", ratchet = "900 B", quote = "1 kB a user" }
far = { measure = "anonymous_rss", at_size = 1_000_000, max = "2 GB", quote = "2 GB for a million" }
less = { measure = "peak_heap", ratio_to = "my_store.plain", max = "0.5×", quote = "0.5× the plain way" }

[my_store.plain]
sweep = { users = [10, 100, 1_000] }

[my_store.plain.budgets]
peak_heap = { max = "3 MB", quote = "at most 3 MB" }
"#;

const DOCUMENT: &str = "# Store

It grows with the logarithm of the users: 1 kB a user. It takes 2 GB for a million. That is
0.5× the plain way, which takes at most 3 MB.
";

fn bytes(value: f64) -> Value {
    json!({ "value": value, "unit": "bytes" })
}

/// The records of all budgets over runs of 10 kB, 110 kB and 1 MB.
fn swept() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("budgets.toml", BUDGETS);
    scratch.write("docs/my_store.md", DOCUMENT);
    let points = json!([
        { "size": 10, "figure": bytes(10_000.0) },
        { "size": 100, "figure": bytes(110_000.0) },
        { "size": 1000, "figure": bytes(1_000_000.0) },
    ]);
    let judged = |test: &str, metric: &str, limit: &str, measured: Value, fields: Value| {
        let mut record = record(&format!("grow::{test}"), metric, limit, measured, json!(null));
        record["points"] = points.clone();
        for (key, value) in fields.as_object().unwrap() {
            record[key] = value.clone();
        }
        record
    };
    scratch.judged(&[
        judged(
            "class",
            "peak_heap",
            "log growth at most",
            Value::Null,
            json!({ "growth": "linear", "verdict": "over" }),
        ),
        judged(
            "each",
            "peak_heap",
            "at most 1 kB",
            bytes(990.0),
            json!({ "bounds": [bytes(980.0), bytes(1000.0)], "verdict": "regressed" }),
        ),
        judged(
            "far",
            "anonymous_rss",
            "at most 2 GB",
            bytes(1e9),
            json!({ "bounds": [bytes(0.9e9), bytes(2.1e9)], "verdict": { "inconclusive": "x" } }),
        ),
        judged(
            "less",
            "peak_heap",
            "at most 0.5×",
            json!({ "value": 0.4, "unit": "times" }),
            json!({ "sides": [bytes(1e6), bytes(2.5e6)] }),
        ),
    ]);
    scratch
}

#[test]
fn table_has_classes_bounds_and_extrapolations() {
    let printed = swept().plimsoll("report");
    assert_eq!(
        printed.out,
        "\
verdict         budget                      promise                                                             measured  limit               headroom    cost
✗ over          my_store::grow::class       \"with the logarithm of the user…                                      linear  log growth at most         —  250 ms
✗ regressed     my_store::grow::each        \"1 kB a user\"                                       990 B (980 B to 1.00 kB)  at most 1 kB               —  250 ms
✗ inconclusive  my_store::grow::far         \"2 GB for a million\"              1.00 GB (900.0 MB to 2.10 GB) extrapolated  at most 2 GB               —  250 ms
✓ within        my_store::grow::less        \"0.5× the plain way\"                                                  0.400×  at most 0.5×               —  250 ms
· not run       my_store::plain::peak_heap  \"at most 3 MB\"                                                             —  at most 3 MB               —       —

5 budgets: 1 within, 0 near, 1 over, 1 inconclusive, 1 regressed, 1 not run
1 case measured in 250 ms, 200 ms of processor time
"
    );
}

/// The bounds that the sweep predicts for a million users.
const PREDICTED: [f64; 2] = [999_000_000.0, 1_020_000_000.0];

/// The same project with a run beyond the sweep, and the bounds that the sweep predicts for it.
fn beyond([low, high]: [f64; 2]) -> Scratch {
    let scratch = swept();
    let large = "\n[my_store.million]\nparams = { users = 1_000_000 }\nheavy = true\n\n[my_store.million.budgets]\n\
                 far = { measure = \"anonymous_rss\", matches_sweep = \"my_store.grow\", quote = \"2 GB for a million\" }\n";
    scratch.write("budgets.toml", &format!("{BUDGETS}{large}"));
    let line = "matches the sweep grow";
    let mut record =
        record("million::far", "anonymous_rss", line, bytes(1_010_000_000.0), json!(null));
    record["bounds"] = json!([bytes(low), bytes(high)]);
    let point = |size: u64, figure| json!({ "size": size, "figure": bytes(figure) });
    record["points"] = json!([point(10, 10_000.0), point(100, 110_000.0), point(1000, 1e6)]);
    scratch.judged(&[record]);
    scratch
}

#[test]
fn run_beyond_a_sweep_is_shown_with_the_bounds_of_the_sweep() {
    let printed = beyond(PREDICTED).plimsoll("report");
    let row = printed.out.lines().find(|line| line.contains("million::far")).unwrap();
    let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let measured = "1.01 GB (sweep: 999.0 MB to 1.02 GB)";
    assert_eq!(cells[3..5], [measured, "matches the sweep grow"], "{row}");
    let printed = beyond(PREDICTED).plimsoll("show my_store::million");
    assert!(
        printed.out.contains("\n  users  anonymous_rss\n     10        10.0 kB"),
        "{}",
        printed.out
    );
    let line = "\n  far  sweep grow: 999,000,000 B to 1,020,000,000 B\n";
    assert!(printed.out.contains(line), "{}", printed.out);
    // Exact figures have equal bounds.
    let exact = beyond([1e9, 1e9]).plimsoll("report");
    assert!(exact.out.contains("1.01 GB (sweep: 1.00 GB)  "), "{}", exact.out);
}

#[test]
fn budget_without_a_figure_is_not_extrapolated() {
    let scratch = swept();
    let mut unexpected =
        record("grow::far", "anonymous_rss", "at most 2 GB", json!(null), json!(null));
    unexpected["verdict"] = json!({ "unexpected_result": "users is 1, expected 2" });
    scratch.judged(&[unexpected]);
    let printed = scratch.plimsoll("report");
    let row = printed.out.lines().find(|line| line.contains("grow::far")).unwrap();
    let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells[3..5], ["—", "at most 2 GB"], "{row}");
}

#[test]
fn show_prints_runs_ratios_and_ratchets() {
    let printed = swept().plimsoll("show my_store::grow");
    let (_, runs) = printed.out.split_once("\n  users").unwrap();
    assert_eq!(
        runs,
        "  peak_heap
     10    10.0 kB     10,000 B
    100   110.0 kB    110,000 B
   1000    1.00 MB  1,000,000 B

  users  anonymous_rss
     10        10.0 kB     10,000 B
    100       110.0 kB    110,000 B
   1000        1.00 MB  1,000,000 B

  each  ratchet 900 B
  less  1.00 MB of grow to 2.50 MB of plain

  measured
  target      x86_64-linux-gnu
  allocator   System
  libc        glibc 2.36
  rustc       1.95.0
  profile     opt-level 3
  page size   4096 B
  huge pages  madvise
  cpu         EPYC
  cores       2
  commit      aaa1

  no allocation sites yet: cargo plimsoll run my_store::grow
"
    );
}

#[test]
fn committed_page_has_the_class_and_no_noisy_figures() {
    let scratch = swept();
    let page = "<!-- plimsoll:report -->\n<!-- /plimsoll:report -->\n";
    scratch.write("README.md", page);
    let plain = record("plain::peak_heap", "peak_heap", "at most 3 MB", bytes(2.5e6), json!(0.1));
    scratch.judged(&[plain]);
    let printed = scratch.plimsoll("report --splice README.md");
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let page = scratch.read("README.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| [docs")).collect();
    let measured: Vec<&str> = rows.iter().filter_map(|row| row.split(" | ").nth(3)).collect();
    assert_eq!(
        measured,
        [
            "**over**: linear",
            "**regressed**: 990 B (980 B to 1.00 kB)",
            "**inconclusive**",
            "0.400×",
            "2.50 MB"
        ]
    );
}
