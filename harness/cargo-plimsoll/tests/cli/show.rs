//! `show`: all results of one case.

use serde_json::{Value, json};

use crate::scratch::{BUDGETS, Scratch, others, peak_heap};

fn resident(rss: u64, anonymous: u64, file: u64) -> Value {
    json!({
        "rss": rss, "anonymous": anonymous, "file": file, "shmem": 0, "pss": anonymous + 1_000,
        "address_space": 6_000_000,
    })
}

fn measured(sites: &Value, heap: &Value) -> Value {
    json!({ "measured": {
        "output": { "read": 1_048_576 },
        "heap": heap,
        "process": { "Ok": {
            "start": resident(3_000_000, 200_000, 2_800_000),
            "end": resident(4_400_000, 1_200_000, 3_200_000),
            "peak_rss": 4_500_000,
            "peak_anonymous": {
                "seen": 1_250_000, "at_most": 1_700_000, "samples": 12, "longest_gap": 0.002,
            },
            "peak_virtual": 7_000_000,
            "window": { "opened": 0, "closed": 0, "own_anonymous": 0, "own_shmem": 0 },
        } },
        "mappings": [
            {
                "name": "[heap]", "count": 1, "mapped": 2_000_000,
                "start": 200_000, "end": 1_200_000, "anonymous": 1_200_000,
            },
            { "name": "guard", "count": 1, "mapped": 4_096, "start": 0, "end": 0, "anonymous": 0 },
        ],
        "c_heap": { "Ok": { "start": 4_000, "end": 10_004_000 } },
        "stack": { "Err": "not optimised" },
        "clock": { "wall_seconds": 0.0013, "cpu_seconds": 0.00085 }, "phases": [],
        "sites": sites, "threads_left": [], "cost_wall_seconds": 0.25, "cost_cpu_seconds": 0.2,
    } })
}

pub(crate) fn counting() -> Value {
    measured(
        &json!({ "missing": "no frame pointers" }),
        &json!({
            "peak_bytes": 1_048_576, "peak_blocks": 1, "total_bytes": 1_050_000,
            "total_blocks": 3, "reallocations": 2, "end_bytes": 24, "end_blocks": 1,
        }),
    )
}

/// Two stacks of one function of the crate, one of another, one of a dependency.
fn dhat() -> Value {
    let stack = |peak: u64, total: u64, frames: &[&str]| {
        let amount = |bytes: u64| json!({ "bytes": bytes, "blocks": u64::from(bytes > 0) });
        json!({
            "usage": { "peak": amount(peak), "total": amount(total), "end": amount(0) },
            "frames": frames,
        })
    };
    let alloc = "alloc::raw_vec::finish_grow (src/raw_vec.rs:1:1)";
    measured(
        &json!({ "named": [
            stack(0, 400, &[alloc, "my_store::index (my_store/src/lib.rs:7:5)"]),
            stack(1_000, 1_000, &[alloc, "my_store::read::block (src/read.rs:9:5)"]),
            stack(
                500,
                2_000,
                &[alloc, "my_store::read::block (src/read.rs:11:5)", "my_store::main"]
            ),
            stack(300, 300, &[alloc, "tokio::spawn (a.rs:1:1)"]),
        ] }),
        &Value::Null,
    )
}

fn read() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("src/read.rs", "");
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    let results = "target/plimsoll/results/my_store";
    scratch.write(&format!("{results}/read-counting.json"), &counting().to_string());
    scratch.write(&format!("{results}/read-dhat.json"), &dhat().to_string());
    scratch
}

const PAGE: &str = "\
my_store::read  budgets.toml:1
  params     {\"bytes\":1048576}
  output     {\"read\":1048576}
  cost       250 ms, 200 ms of processor time

  verdict   budget     measured  limit          headroom  promise
  ✓ near    peak_heap  1.00 MiB  at most 1 MiB     0.0 %  \"at most 1 MiB\"   docs/my_store.md:3
  ✓ within  cpu_time     850 µs  at most 20 ms    95.8 %  \"in under 20 ms\"  docs/my_store.md:4

  heap                        bytes  blocks
  peak           1.05 MB  1,048,576       1
  total          1.05 MB  1,050,000       3
  end               24 B         24       1
  reallocations                           2

  process                          bytes
  start               3.00 MB  3,000,000
    anonymous        200.0 kB    200,000
    pss              201.0 kB    201,000
  peak                4.50 MB  4,500,000
    anonymous, seen   1.25 MB  1,250,000
    anonymous, most   1.70 MB  1,700,000
  end                 4.40 MB  4,400,000
    anonymous         1.20 MB  1,200,000
    file              3.20 MB  3,200,000
    shmem                 0 B          0
    pss               1.20 MB  1,201,000
  virtual             7.00 MB  7,000,000
  12 samples, the longest gap between two 2.00 ms

  mapping  number   mapped  at the start  at the end  anonymous
  [heap]        1  2.00 MB      200.0 kB     1.20 MB    1.20 MB

  optional                           bytes
  C heap, start        4.00 kB       4,000
  C heap, end          10.0 MB  10,004,000
  stack          not optimised

  clock
  wall   1.30 ms
  cpu     850 µs

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

  peak bytes  blocks  total bytes  blocks  end bytes  blocks  allocation site        place
       1,800       3        3,700       4          0       0  all sites
       1,500       2        3,000       2          0       0  my_store::read::block  src/read.rs:11
         300       1          300       1          0       0  [tokio]
           0       0          400       1          0       0  my_store::index        src/lib.rs:7
  recorded by dhat in a second run: no frame pointers
";

#[test]
fn page_has_all_results_of_a_case() {
    let printed = read().plimsoll("show my_store::read");
    // The peaks of the sites: 1,000 + 500, 300, 0; the totals: 1,000 + 2,000, 300, 400.
    assert_eq!(printed.out, PAGE);
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
}

#[test]
fn page_of_a_varying_case_has_its_tolerance() {
    let scratch = read();
    scratch.write("budgets.toml", &BUDGETS.replacen("params =", "varies = \"7.5 %\"\nparams =", 1));
    let page = scratch.plimsoll("show my_store::read").out;
    assert!(page.contains("\n  varies     two runs differ by 7.5 % at most\n"), "{page}");
    assert!(page.contains("\n  figures of one run; another may differ by 7.5 %\n"), "{page}");
}

#[test]
fn name_of_a_test_shows_its_case() {
    let scratch = read();
    for test in ["peak_heap", "cpu_time", "profile"] {
        assert_eq!(scratch.plimsoll(&format!("show my_store::read::{test}")).out, PAGE);
    }
}

#[test]
fn stacks_are_complete_and_the_largest_comes_first() {
    let printed = read().plimsoll("show my_store::read --stacks");
    let stacks = printed.out.strip_prefix(PAGE).unwrap();
    assert_eq!(
        stacks,
        "
  1,000 B in 1 block at the peak, 1,000 B in 1 block in all
    alloc::raw_vec::finish_grow  src/raw_vec.rs:1
    my_store::read::block  src/read.rs:9

  500 B in 1 block at the peak, 2,000 B in 1 block in all
    alloc::raw_vec::finish_grow  src/raw_vec.rs:1
    my_store::read::block  src/read.rs:11
    my_store::main

  300 B in 1 block at the peak, 300 B in 1 block in all
    alloc::raw_vec::finish_grow  src/raw_vec.rs:1
    tokio::spawn  a.rs:1

  0 B in 0 blocks at the peak, 400 B in 1 block in all
    alloc::raw_vec::finish_grow  src/raw_vec.rs:1
    my_store::index  my_store/src/lib.rs:7

"
    );
}

#[test]
fn json_has_the_outcomes_unchanged() {
    let printed = read().plimsoll("show my_store::read --format json");
    let shown: Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!((&shown["counting"], &shown["dhat"]), (&counting(), &dhat()));
    assert_eq!(shown["case"]["name"], "read");
}

#[test]
fn stacks_are_exported_in_dhat_and_folded_format() {
    let scratch = read();
    let folded = scratch.plimsoll("show my_store::read --format folded");
    let alloc = "alloc::raw_vec::finish_grow";
    assert_eq!(
        folded.out,
        format!(
            "\
my_store::main;my_store::read::block;{alloc} 500
my_store::read::block;{alloc} 1000
tokio::spawn;{alloc} 300
"
        )
    );
    let dhat = scratch.plimsoll("show my_store::read --format dhat");
    let dhat: Value = serde_json::from_str(&dhat.out).unwrap();
    assert_eq!((&dhat["dhatFileVersion"], &dhat["cmd"]), (&json!(2), &json!("my_store::read")));
    assert_eq!(dhat["pps"].as_array().map(Vec::len), Some(4));
}

#[test]
fn missing_program_is_an_error_in_place_of_allocation_sites() {
    let scratch = read();
    let held = json!({ "bytes": 8, "blocks": 1 });
    let mut outcome = counting();
    outcome["measured"]["sites"] = json!({ "recorded": {
        "executable": "/nowhere/budgets", "identity": "2a-1f", "depth": 64,
        "traces": [{ "number": 2, "usage": { "peak": held, "total": held, "end": held }, "returns": [16] }],
    } });
    let results = "target/plimsoll/results/my_store";
    scratch.write(&format!("{results}/read-counting.json"), &outcome.to_string());
    let printed = scratch.plimsoll("show my_store::read");
    let last = printed.out.lines().last().unwrap_or_default();
    assert_eq!(
        last,
        "  no allocation sites; cargo plimsoll run my_store::read: cannot read the symbols of \
         /nowhere/budgets: cannot look at /nowhere/budgets: No such file or directory (os error 2)"
    );
    let folded = scratch.plimsoll("show my_store::read --format folded");
    assert_eq!((folded.code, folded.out.as_str()), (Some(2), ""));
}

#[test]
fn page_of_an_unmeasured_case_has_the_command_that_measures_it() {
    let printed = Scratch::new().plimsoll("show my_store::read_twice");
    assert_eq!(
        printed.out,
        "\
my_store::read_twice  budgets.toml:8
  params     {\"bytes\":2097152}
  status     not measured yet: cargo plimsoll run my_store::read_twice

  verdict    budget        measured  limit              headroom  promise
  · not run  total_blocks         —  at most 12 blocks         —  \"with 12 blocks | or fewer\"  docs/my_store.md:5

  no allocation sites yet: cargo plimsoll run my_store::read_twice
"
    );
    assert_eq!(printed.code, Some(0));
}

#[test]
fn page_of_a_crashed_case_has_its_output() {
    let scratch = read();
    let crash = json!({ "cause": { "panic": "no room" }, "output": "one\ntwo\n" });
    let crash = json!({ "crashed": { "crash": crash, "sites": { "missing": "it died" } } });
    let results = "target/plimsoll/results/my_store";
    scratch.write(&format!("{results}/read-counting.json"), &crash.to_string());
    scratch.write(
        &format!("{results}/read-dhat.json"),
        &json!({ "not_measured": "no dhat" }).to_string(),
    );
    let printed = scratch.plimsoll("show my_store::read");
    assert_eq!(
        printed.out,
        "\
my_store::read  budgets.toml:1
  params     {\"bytes\":1048576}
  status     panicked: no room
             │ one
             │ two

  verdict   budget     measured  limit          headroom  promise
  ✓ near    peak_heap  1.00 MiB  at most 1 MiB     0.0 %  \"at most 1 MiB\"   docs/my_store.md:3
  ✓ within  cpu_time     850 µs  at most 20 ms    95.8 %  \"in under 20 ms\"  docs/my_store.md:4

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

  no allocation sites: under dhat the case could not be measured: no dhat
"
    );
}
