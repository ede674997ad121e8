//! `report`: one row for each budget, in three shapes.

use serde_json::{Value, json};

use crate::scratch::{BUDGETS, Scratch, others, peak_heap};

#[test]
fn failures_come_first_and_results_of_earlier_sessions_are_marked() {
    let scratch = Scratch::new();
    // 31,457 B of 1,048,576 B are 3.0 %; 1,080,033 B are 1.03 MiB.
    scratch.judged(&[peak_heap(31_457)]);
    scratch.judged(&others()[..3]);
    let printed = scratch.plimsoll("report");
    assert_eq!(
        printed.out,
        "\
verdict     budget                              id  promise                       measured  limit              headroom    cost
✗ over      my_store::read::peak_heap           S1  \"at most 1 MiB\"               1.03 MiB  at most 1 MiB        -3.0 %  250 ms
✓ within    my_store::read::cpu_time            S2  \"in under 20 ms\"                850 µs  at most 20 ms        95.8 %  250 ms
✓ within *  my_store::read_twice::total_blocks      \"with 12 blocks | or fewer\"  12 blocks  at most 12 blocks     0.0 %  250 ms
✓ within    my_store::put::peak_heap                \"takes about 34 MB\"            34.2 MB  34 MB ± 5 %           4.5 %  250 ms
· not run   my_store::put::throughput               \"does 100 /s\"                        —  at least 100 /s           —       —

5 budgets: 3 within, 0 near, 1 over, 1 not run
3 cases measured in 750 ms, 600 ms of processor time
* from an earlier session than the newest
"
    );
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
}

/// Results of two compilers cannot be compared.
#[test]
fn results_of_different_builds_are_reported() {
    let scratch = Scratch::new();
    let [mut time, mut blocks, ..] = others();
    for (record, commit) in [(&mut time, "bbb2"), (&mut blocks, "aaa1")] {
        record["provenance"]["commit"] = json!(commit);
        record["provenance"]["rustc"] = json!("1.94.0");
    }
    scratch.judged(&[peak_heap(0), time, blocks]);
    let differ = "the results are from different builds or machines: rustc 1.94.0, 1.95.0; commit aaa1, bbb2";
    for command in ["report", "report --format markdown"] {
        let printed = scratch.plimsoll(command);
        assert!(printed.out.ends_with(&format!("{differ}\n")), "{}", printed.out);
    }
}

#[test]
fn markdown_has_failures_in_bold_at_the_top() {
    let scratch = Scratch::new();
    let [time, mut blocks, heap, rate] = others();
    // The output was unexpected, so there is no figure.
    blocks["verdict"] = json!({ "unexpected_result": "sum is 1, expected 2" });
    blocks["measured"] = Value::Null;
    blocks["headroom"] = Value::Null;
    scratch.judged(&[peak_heap(0), time, blocks, heap, rate]);
    let printed = scratch.plimsoll("report --format markdown");
    let threads = std::thread::available_parallelism().unwrap();
    let (arch, os) = (std::env::consts::ARCH, std::env::consts::OS);
    assert_eq!(
        printed.out,
        format!(
            "\
**5 budgets: 3 within, 1 near, 0 over, 1 unexpected result, 0 not run**

| verdict | id | budget | promise | measured | limit | headroom | cost |
|---|---|---|---|--:|---|--:|--:|
| **unexpected result \\*** |  | **`my_store::read_twice::total_blocks`** | **“with 12 blocks \\| or fewer”** | **—** | **at most 12 blocks** | **—** | **250 ms** |
| near | S1 | `my_store::read::peak_heap` | “at most 1 MiB” | 1.00 MiB | at most 1 MiB | 0.0 % | 250 ms |
| within | S2 | `my_store::read::cpu_time` | “in under 20 ms” | 850 µs | at most 20 ms | 95.8 % | 250 ms |
| within |  | `my_store::put::peak_heap` | “takes about 34 MB” | 34.2 MB | 34 MB ± 5 % | 4.5 % | 250 ms |
| within |  | `my_store::put::throughput` | “does 100 /s” | 1,250 /s | at least 100 /s | 1150.4 % | 250 ms |

Measured on {arch} {os}, {threads} hardware threads; 3 cases measured in 750 ms, 600 ms of processor time.

\\* from an earlier session than the newest
"
        )
    );
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
}

#[test]
fn json_has_null_for_a_budget_that_was_not_run() {
    let scratch = Scratch::new();
    scratch.judged(&[peak_heap(1)]);
    let printed = scratch.plimsoll("report --format json");
    let rows: Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 5);
    let first =
        json!({ "test": "my_store::read::peak_heap", "older": false, "record": peak_heap(1) });
    let second = json!({ "test": "my_store::read::cpu_time", "older": false, "record": null });
    assert_eq!((&rows[0], &rows[1]), (&first, &second));
    assert_eq!(printed.code, Some(0));
}

#[test]
fn result_of_another_limit_is_ignored() {
    let scratch = Scratch::new();
    scratch.judged(&others());
    scratch.write("budgets.toml", &BUDGETS.replace("\"20 ms\", ", "\"0.02 s\", "));
    let printed = scratch.plimsoll("report");
    let row = printed.out.lines().find(|line| line.contains("cpu_time")).unwrap();
    assert!(row.starts_with("· not run"), "{row}");
}

#[test]
fn unreadable_result_is_an_error() {
    let scratch = Scratch::new();
    scratch.write("target/plimsoll/results/my_store/read/peak_heap.json", "{}");
    let printed = scratch.plimsoll("report");
    assert!(
        printed.err.contains("peak_heap.json is not readable: run the tests again"),
        "{}",
        printed.err
    );
    assert_eq!((printed.code, printed.out.as_str()), (Some(2), ""));
}
