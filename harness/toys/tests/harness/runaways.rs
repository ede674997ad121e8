//! A runaway is stopped at its cap, is distinguished from other failures, and leaves the machine its
//! memory.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::judge::{Printed, assert_green, assert_red, print, toys};
use crate::sessions::{files, fresh_folder};

/// Runs one test of the toys, and samples the free memory of the machine: its output, and the least
/// free memory.
fn judge_and_watch(test: &str) -> (Printed, u64) {
    let mut command = toys();
    command.args(["--exact", test]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let test = thread::spawn(move || child.wait_with_output().unwrap());
    let mut least = available();
    while !test.is_finished() {
        least = least.min(available());
        thread::sleep(Duration::from_millis(5));
    }
    let output = test.join().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    (Printed { code: output.status.code(), text }, least)
}

/// `MemAvailable`, in bytes.
fn available() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
}

/// The test fails as over cap and prints all these messages; its output, and the least free memory.
#[track_caller]
fn assert_over_cap(test: &str, messages: &[&str]) -> (String, u64) {
    let (printed, least) = judge_and_watch(test);
    assert_eq!(printed.code, Some(101), "{test} is not stopped:\n{}", printed.text);
    printed.assert_has(&["the work went over its cap and was stopped", "cap        "]);
    printed.assert_has(messages);
    (printed.text, least)
}

/// The figure in MiB after a label, such as `live`.
fn mib(text: &str, label: &str) -> f64 {
    let (_, rest) = text.split_once(label).unwrap_or_default();
    let figure = rest.split_whitespace().zip(rest.split_whitespace().skip(1)).next();
    let figure = figure.filter(|(_, unit)| *unit == "MiB").and_then(|(text, _)| text.parse().ok());
    figure.unwrap_or_else(|| panic!("there is no `{label}` in MiB:\n{text}"))
}

/// A runaway that is stopped near its cap of 256 MiB.
struct Runaway {
    test: &'static str,
    messages: &'static [&'static str],
    /// The label of the printed memory, and the most that it may be, in MiB.
    within: (&'static str, f64),
}

impl Runaway {
    /// Fails over its cap; the least free memory.
    #[track_caller]
    fn assert_over_cap(&self) -> u64 {
        let (text, least) = assert_over_cap(self.test, self.messages);
        let (label, most) = self.within;
        let figure = mib(&text, label);
        assert!((128.0..=most).contains(&figure), "{label} {figure} of {most} MiB:\n{text}");
        least
    }
}

/// 1 MiB at a time on one thread: with the list of the pieces, the 256th exceeds the cap.
const BLOCKS: Runaway = Runaway {
    test: "toys::runaway_blocks::peak_heap",
    messages: &[
        "256.0 MiB, stated by the case: cap = \"256 MiB\"",
        "live       255.0 MiB on the heap",
        "refused    a block of 1.00 MiB, at the cap",
        "requested  toys::runaway::push",
        "src/runaway.rs:",
        "255.0 MiB            toys::runaway::push",
        "memory allocation of 1048576 bytes failed",
        "look      cargo plimsoll show toys::runaway_blocks",
        "cap = \"384 MiB\"",
    ],
    within: ("live", 256.0),
};

/// Each of eight threads may exceed the cap by one piece.
const THREADS: Runaway = Runaway {
    test: "toys::runaway_threads::peak_heap",
    messages: &["refused    a block of 1.00 MiB, at the cap", "requested  toys::runaway::push"],
    within: ("where the memory was then", 256.0 + 8.0),
};

/// 256 + 256 / 4 + 256 = 576 MiB of data, and some 10 MiB that were resident before.
const MAPS: Runaway = Runaway {
    test: "toys::runaway_maps::peak_heap",
    messages: &[
        "refused    more memory, by the kernel",
        "no map: Cannot allocate memory (os error 12)",
        "the work continued without that memory",
    ],
    within: ("resident", 576.0 + 10.0),
};

#[test]
fn runaway_allocations_are_stopped_and_their_function_is_named() {
    BLOCKS.assert_over_cap();
    THREADS.assert_over_cap();
}

#[test]
fn runaway_maps_are_stopped_by_the_kernel() {
    MAPS.assert_over_cap();
}

#[test]
fn workload_that_ignores_a_refused_block_is_over_cap() {
    assert_over_cap(
        "toys::runaway_reserves::peak_heap",
        &[
            "live       255.0 MiB",
            "requested  toys::runaway::reserve",
            "the work continued without that memory",
        ],
    );
}

#[test]
fn default_cap_is_twice_the_largest_limit() {
    assert_over_cap(
        "toys::runaway_uncapped::peak_heap",
        &["300.0 MiB, twice the limit of `peak_heap`, at most 150 MiB", "live       299.0 MiB"],
    );
}

/// dhat replaces the allocator: there is no counter, and the kernel's limit is higher.
#[test]
fn under_dhat_the_kernel_stops_a_runaway() {
    assert_over_cap("toys::runaway_blocks::profile", &["plimsoll refused a block: 1048576 B"]);
}

/// The request of a parent for this test's case.
fn request(case: &str, test: &str) -> Value {
    let session = format!("stopped-{}", case.replace('_', "-"));
    let folder = fresh_folder(&session);
    print(toys().env("PLIMSOLL_RUN_ID", session).args(["--exact", test]));
    let requests = files(&folder, "request");
    serde_json::from_slice(&fs::read(&requests[0]).unwrap()).unwrap()
}

/// Runs a child for this test's case with another cap and this much free memory: its exit code and its
/// output. It cannot create the recorder's tables, as where no stack can be walked.
fn run_unrecorded(test: &str, cap: u64, available: u64) -> Printed {
    let case = test.split("::").nth(1).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(case).with_extension("request");
    let mut request = request(case, test);
    request["parent"] = json!(std::process::id());
    request["outcome"] = json!(folder.join(case).with_extension("outcome"));
    request["tables"] = json!(folder.join("no/such/folder"));
    request["task"]["cap"]["bytes"] = json!(cap);
    request["task"]["cap"]["available"] = json!(available);
    fs::write(&file, request.to_string()).unwrap();
    print(toys().env("PLIMSOLL_REQUEST", &file).env("PLIMSOLL_MODE", "counting"))
}

const MIB: u64 = 1 << 20;

#[test]
fn without_the_recorder_the_refused_block_is_printed() {
    let printed = run_unrecorded("toys::runaway_threads::peak_heap", 64 * MIB, 8_192 * MIB);
    assert_ne!(printed.code, Some(0));
    printed.assert_has(&["plimsoll refused a block: 1048576 B, at the cap\n"]);
}

/// It needs 1 GiB; three quarters of 1,024 MiB are not enough.
#[test]
fn preparation_may_exceed_the_cap_but_not_the_free_memory() {
    assert_green("toys::runaway_first::end_heap");
    let refused = run_unrecorded("toys::runaway_first::end_heap", 256 * MIB, 1_024 * MIB);
    assert_ne!(refused.code, Some(0));
    refused
        .assert_has(&["plimsoll refused a block: 1073741824 B, at the limit of the preparation\n"]);
    let allowed = run_unrecorded("toys::runaway_first::end_heap", 256 * MIB, 8_192 * MIB);
    assert_eq!(allowed.code, Some(0), "{}", allowed.text);
}

#[test]
fn shared_memory_is_measured_and_has_no_cap() {
    assert_green("toys::runaway_shared::peak_heap");
    assert_red("toys::runaway_shared::shared", &["512.0 MiB of 100.0 MiB"]);
}

#[test]
fn cap_below_its_own_limit_is_refused() {
    assert_red(
        "toys::runaway_contradicted::peak_heap",
        &["could not be measured", "its cap of 99 MiB is less than the 104,857,600 B"],
    );
}

/// Each of the three, twenty times: `cargo test -p toys --test harness -- --ignored --nocapture`.
#[test]
#[ignore = "sixty runaways: some 30 s, and up to 1 GB of memory"]
fn runaways_are_stopped_twenty_times_of_twenty_with_memory_left() {
    for runaway in [BLOCKS, THREADS, MAPS] {
        let (before, started) = (available(), Instant::now());
        let least = (0..20).map(|_| runaway.assert_over_cap()).min().unwrap();
        let seconds = started.elapsed().as_secs_f64() / 20.0;
        let name = runaway.test;
        let [least_mb, before_mb] = [least, before].map(|bytes| bytes / 1_000_000);
        eprintln!(
            "{name}: 20 of 20, {seconds:.2} s each; free {least_mb} of {before_mb} MB at least"
        );
        assert!(least > before / 2, "{least} of {before}");
    }
}
