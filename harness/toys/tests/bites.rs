//! Each gate passes the honest toys and bites the others, and says why.
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::process::{Command, Output};

use serial_test::file_serial;

/// Runs one test of the toys, in a run of its own.
fn judge(binary: &str, test: &str) -> Output {
    let mut command = Command::new(binary);
    // Under nextest the run would be shared by all tests here.
    command.env_remove("NEXTEST_RUN_ID").env_remove("PLIMSOLL_RUN_ID");
    command.args(["--exact", test]).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[track_caller]
fn passes(test: &str) {
    let output = judge(env!("CARGO_BIN_EXE_toys"), test);
    let text = text(&output);
    assert!(output.status.success() && text.contains("1 passed"), "{test} does not pass:\n{text}");
}

#[track_caller]
fn bites(test: &str, says: &[&str]) {
    let output = judge(env!("CARGO_BIN_EXE_toys"), test);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(101), "{test} does not bite:\n{text}");
    for words in says {
        assert!(text.contains(words), "{test} does not say `{words}`:\n{text}");
    }
}

/// One of them is timed: what else is timed in this package waits.
#[test]
#[file_serial(toys_timed)]
fn honest_toys_keep_their_lines() {
    for test in [
        "toys::exact::peak_heap",
        "toys::exact::peak_heap_low",
        "toys::exact::end_heap",
        "toys::exact::cpu_time",
        "toys::doubling::peak_heap",
        "toys::doubling::total_heap",
        "toys::doubling::total_blocks",
        "toys::doubling::reallocations",
        "toys::branching::peak_heap",
        "toys::branching::total_blocks",
        "toys::branching::total_blocks_low",
        "toys::nested::total_heap",
        "toys::nested::total_blocks",
        "toys::leaky::forgets",
        "toys::talkative::end_heap",
        "toys::right_answer::peak_heap",
    ] {
        passes(test);
    }
    // Resident memory is read where there is a /proc.
    if cfg!(target_os = "linux") {
        passes("toys::exact::resident");
    }
}

#[test]
fn nothing_measures_exactly_zero_under_threads_too() {
    for test in [
        "toys::idle::total_blocks",
        "toys::idle::total_heap",
        "toys::idle_threads::total_blocks",
        "toys::idle_threads::total_heap",
    ] {
        passes(test);
    }
}

#[test]
fn the_peak_of_racing_threads_is_exact() {
    passes("toys::racing::peak_heap");
    passes("toys::racing::total_blocks");
}

#[test]
fn one_byte_over_the_line_is_over_it_and_shown_in_bytes() {
    bites(
        "toys::short::peak_heap",
        &["is over its limit", "8,192 B of 8,191 B   +1 B, +0.0 %", "toys::grows::prepare"],
    );
}

#[test]
fn a_leak_is_seen_beside_a_freed_block_of_the_preparation() {
    bites(
        "toys::leaky::end_heap",
        &["is over its limit", "1.02 kB of 0 B", "toys::leaks::forget", "src/leaks.rs:"],
    );
}

#[test]
fn a_wrong_answer_fails_and_names_each_field() {
    bites(
        "toys::wrong_answer::peak_heap",
        &[
            "returned an unexpected result",
            "sum is 5050, expected 5051",
            "by.method is \"addition\", expected \"guessing\"",
            "absent is absent, expected true",
        ],
    );
}

#[test]
fn a_budget_on_what_was_not_measured_is_broken() {
    bites("toys::uncountable::throughput", &["could not be measured", "no number `absent`"]);
}

#[test]
fn ways_to_end_are_told_apart() {
    let table = [
        ("ends_in_panic", "the work panicked: the toy broke"),
        ("ends_in_preparation", "preparing it panicked: the preparation gave up"),
        ("ends_in_abort", "the work aborted its process"),
        ("ends_in_overflow", "the work overflowed its stack"),
        ("ends_never", "did not end within 300 ms"),
        ("ends_early", "exited with code 0 before it returned"),
        ("ends_in_error", "the work failed: the toy gave up"),
        ("ends_after_all", "the work aborted its process"),
        ("ends_exhausted", "the allocator could not give the work a block"),
    ];
    for (case, says) in table {
        bites(&format!("toys::{case}::peak_heap"), &[says, "promised", "rerun"]);
    }
}

/// The recorder's tables outlive the process, even where nobody in it could say anything more.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_was_cut_short_says_what_it_held_and_where() {
    for case in ["ends_in_abort", "ends_in_overflow", "ends_never", "ends_exhausted"] {
        bites(
            &format!("toys::{case}::peak_heap"),
            &["1.05 MB were live then, 1.05 MB at the peak", "1.05 MB            toys::ends::hold"],
        );
    }
}

/// A copy of the toys whose debug information nobody finds.
#[cfg(target_os = "linux")]
fn nameless() -> std::path::PathBuf {
    let mut program = std::fs::read(env!("CARGO_BIN_EXE_toys")).unwrap();
    // With its zeroes it stands in the table of sections alone, and not among the toys' strings.
    let section = b"\0.debug_info\0";
    let at = program.windows(section.len()).position(|window| window == section).unwrap();
    program[at..at + section.len()].copy_from_slice(b"\0.renamed_in\0");
    let copy = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("nameless");
    std::fs::copy(env!("CARGO_BIN_EXE_toys"), &copy).unwrap();
    std::fs::write(&copy, program).unwrap();
    copy
}

#[cfg(target_os = "linux")]
#[test]
fn a_verdict_is_told_where_no_names_are_to_be_had() {
    let output = judge(nameless().to_str().unwrap(), "toys::short::peak_heap");
    let text = text(&output);
    for words in ["is over its limit", "8,192 B of 8,191 B", "it has no debug information: set"] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
}

/// A comparison that C calls takes 1,000 B. C code need not keep frame pointers, so that nobody knows
/// whether `sort` is further out: it may be the component's, or not, and where that decides nothing passes.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
fn what_lies_below_c_code_is_not_taken_for_nothing() {
    passes("toys::sorting::total_heap");
    // 64 B are known, 64 + 1,000 B may be: kept, whoever asked for them.
    passes("toys::sorting::roomy");
    bites(
        "toys::sorting::bad_near",
        &["could not be measured", "1.00 kB were allocated on call stacks that are not whole"],
    );
    // 64 B of 63 B: over, whoever asked for the rest.
    bites("toys::sorting::bad_zero", &["is over its limit", "64 B of 63 B"]);
}

/// Both components allocate through one function; one is also filled again after it was dropped.
#[cfg(target_os = "linux")]
#[test]
fn a_component_is_judged_by_itself() {
    for budget in ["whole", "index_peak", "index_low", "cache", "fills", "both", "checks"] {
        passes(&format!("toys::parts::{budget}"));
    }
    bites(
        "toys::parts::too_much",
        &[
            "4,096 B of 4,095 B   +1 B",
            "counted    allocations below toys::parts::index",
            "4.10 kB            toys::parts::block",
        ],
    );
    // It is freed before the work returns, and a line of zero is the tightest there is.
    passes("toys::parts::index");
    bites(
        "toys::parts::misspelt",
        &[
            "nothing was allocated below a function that matches `toys::parts::indx`",
            "the most was allocated in toys::parts::block",
        ],
    );
    bites(
        "toys::parts::misspelt_zero",
        &["no function of the program matches `toys::parts::chek`"],
    );
}

/// Beside the first 1,000 B: 8,192 B read and 4,096 B kept at once are 13,288 B; with two parses of
/// 512 B they are 13,312 B in all. Serving, 1,000 + 4,096 + 2 × 2,000 B are held.
#[cfg(target_os = "linux")]
#[test]
fn a_phase_is_judged_by_itself() {
    for budget in [
        "loading",
        "loading_low",
        "loaded",
        "read",
        "blocks",
        "parsed",
        "idle",
        "serving",
        "kept",
        "kept_low",
    ] {
        passes(&format!("toys::phases::{budget}"));
    }
    bites(
        "toys::phases::too_much",
        &[
            "13,288 B of 13,287 B   +1 B",
            "during     the span load",
            "where the memory is (total bytes)",
            "13.3 kB            toys::phases::block",
        ],
    );
    bites("toys::phases::never", &["the work never entered a span named `lode`"]);
}

#[test]
fn without_the_allocator_nothing_is_judged() {
    for test in ["toys::exact::peak_heap", "toys::exact::profile", "toys::idle::profile"] {
        let output = judge(env!("CARGO_BIN_EXE_unmanaged"), test);
        let text = text(&output);
        assert_eq!(output.status.code(), Some(101), "{text}");
        assert!(text.contains("plimsoll::Allocator is not the global allocator"), "{text}");
    }
}

#[test]
fn what_a_workload_prints_stays_out_of_the_results() {
    let output = judge(env!("CARGO_BIN_EXE_toys"), "toys::talkative::end_heap");
    assert!(!text(&output).contains("toys::prints"), "{}", text(&output));
}
