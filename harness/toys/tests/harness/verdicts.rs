//! Every budget passes for an honest toy, and fails for the others with its reason.

use std::path::PathBuf;
use std::process::Command;

use serial_test::file_serial;

use crate::judge::{TOYS, assert_green, assert_red, judge, print};

/// One of them is timed: it runs alone among the timed tests of this package.
#[test]
#[file_serial(toys_timed)]
fn honest_toys_are_within_their_limits() {
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
        assert_green(test);
    }
    // Resident memory is read where there is a /proc.
    if cfg!(target_os = "linux") {
        assert_green("toys::exact::resident");
    }
}

#[test]
fn no_allocation_measures_exactly_zero_with_threads_too() {
    for test in [
        "toys::idle::total_blocks",
        "toys::idle::total_heap",
        "toys::idle_threads::total_blocks",
        "toys::idle_threads::total_heap",
    ] {
        assert_green(test);
    }
}

#[test]
fn peak_of_racing_threads_is_exact() {
    assert_green("toys::racing::peak_heap");
    assert_green("toys::racing::total_blocks");
}

/// The blocks are freed after the scope has returned.
#[test]
fn threads_that_are_still_ending_leave_nothing() {
    assert_green("toys::ending::end_heap");
    assert_green("toys::ending::end_blocks");
}

#[test]
fn thread_that_stays_is_named() {
    assert_red(
        "toys::ending_not::end_heap",
        &[
            "is over its limit",
            "\n  threads    1 thread that the work started is still there: keeper\n",
            "toys::ending_threads::stay",
        ],
    );
}

#[test]
fn one_byte_over_the_limit_is_over_and_printed_in_bytes() {
    assert_red(
        "toys::short::peak_heap",
        &[
            "is over its limit",
            "8,192 B of 8,191 B   +1 B, +0.0 %",
            "toys::doubling_vector::prepare",
        ],
    );
}

#[test]
fn leak_is_found_beside_a_freed_block_of_the_preparation() {
    assert_red(
        "toys::leaky::end_heap",
        &[
            "is over its limit",
            "1.02 kB of 0 B",
            "toys::hidden_leak::forget",
            "src/hidden_leak.rs:",
        ],
    );
}

#[test]
fn unexpected_output_fails_and_names_each_field() {
    assert_red(
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
fn budget_without_a_measured_figure_is_not_measured() {
    assert_red("toys::uncountable::throughput", &["could not be measured", "no number `absent`"]);
}

#[test]
fn failed_runs_have_distinct_reasons() {
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
    for (case, reason) in table {
        assert_red(&format!("toys::{case}::peak_heap"), &[reason, "promised", "rerun"]);
    }
}

/// The recorder's tables outlive the process, even where it can print nothing more.
#[cfg(target_os = "linux")]
#[test]
fn failed_run_reports_its_live_memory_and_where_it_is() {
    for case in ["ends_in_abort", "ends_in_overflow", "ends_never", "ends_exhausted"] {
        assert_red(
            &format!("toys::{case}::peak_heap"),
            &[
                "1.05 MB were live then, 1.05 MB at the peak",
                "1.05 MB            toys::bad_exits::allocate",
            ],
        );
    }
}

/// A copy of the toys without readable debug information.
#[cfg(target_os = "linux")]
fn without_debug_information() -> PathBuf {
    let mut program = std::fs::read(TOYS).unwrap();
    // With its zeroes the name is in the table of sections alone, and not among the toys' strings.
    let section = b"\0.debug_info\0";
    let at = program.windows(section.len()).position(|window| window == section).unwrap();
    program[at..at + section.len()].copy_from_slice(b"\0.renamed_in\0");
    let copy = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("without_debug_information");
    std::fs::copy(TOYS, &copy).unwrap();
    std::fs::write(&copy, program).unwrap();
    copy
}

#[cfg(target_os = "linux")]
#[test]
fn verdict_without_debug_information_has_no_names() {
    let mut command = session_of(without_debug_information());
    let printed = print(command.args(["--exact", "toys::short::peak_heap"]));
    printed.assert_has(&[
        "is over its limit",
        "8,192 B of 8,191 B",
        "it has no debug information: set",
    ]);
}

/// A comparison that C calls allocates 1,000 B. C code need not keep frame pointers, so `sort` may be
/// missing from the call stack. The bytes may belong to the component or not; where that decides the
/// verdict, the budget is not measured.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
fn cut_stacks_below_c_code_count_as_unknown() {
    assert_green("toys::sorting::total_heap");
    // 64 B are certain, 64 + 1,000 B are possible: within the limit in either case.
    assert_green("toys::sorting::roomy");
    assert_red(
        "toys::sorting::bad_near",
        &["could not be measured", "1.00 kB were allocated on call stacks that are not whole"],
    );
    // 64 B of 63 B are certain: over in either case.
    assert_red("toys::sorting::bad_zero", &["is over its limit", "64 B of 63 B"]);
}

/// Both components allocate through one function; one is filled again after it was dropped.
#[cfg(target_os = "linux")]
#[test]
fn component_is_judged_by_its_own_allocations() {
    for budget in ["whole", "index_peak", "index_low", "cache", "fills", "both", "checks"] {
        assert_green(&format!("toys::parts::{budget}"));
    }
    assert_red(
        "toys::parts::too_much",
        &[
            "4,096 B of 4,095 B   +1 B",
            "counted    allocations below toys::components::index",
            "4.10 kB            toys::components::block",
        ],
    );
    // It is freed before the work returns, so the tightest limit, zero, passes.
    assert_green("toys::parts::index");
    assert_red(
        "toys::parts::misspelt",
        &[
            "nothing was allocated below a function that matches `toys::components::indx`",
            "the most was allocated in toys::components::block",
        ],
    );
    assert_red(
        "toys::parts::misspelt_zero",
        &["no function of the program matches `toys::components::chek`"],
    );
}

/// With the first 1,000 B, 8,192 B and 4,096 B live at once are 13,288 B; with two parses of 512 B the
/// total is 13,312 B. While it serves, 1,000 + 4,096 + 2 × 2,000 B are live.
#[cfg(target_os = "linux")]
#[test]
fn phase_is_judged_by_its_own_allocations() {
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
        assert_green(&format!("toys::phases::{budget}"));
    }
    assert_red(
        "toys::phases::too_much",
        &[
            "13,288 B of 13,287 B   +1 B",
            "during     the span load",
            "where the memory is (total bytes)",
            "13.3 kB            toys::phases::block",
        ],
    );
    assert_red("toys::phases::never", &["the work never entered a span named `lode`"]);
}

#[test]
fn binary_without_the_allocator_judges_nothing() {
    for test in ["toys::exact::peak_heap", "toys::exact::profile", "toys::idle::profile"] {
        let mut command = session_of(env!("CARGO_BIN_EXE_without_allocator").into());
        let printed = print(command.args(["--exact", test]));
        assert_eq!(printed.code, Some(101), "{printed:?}");
        printed.assert_has(&["plimsoll::Allocator is not the global allocator"]);
    }
}

#[test]
fn output_of_a_workload_is_not_in_the_results() {
    let text = judge(&["--exact", "toys::talkative::end_heap"]).text;
    assert!(!text.contains("toys::prints"), "{text}");
}

/// Another binary, in a session of its own.
fn session_of(binary: PathBuf) -> Command {
    let mut command = Command::new(binary);
    command.env_remove("NEXTEST_RUN_ID").env_remove("PLIMSOLL_RUN_ID");
    command
}
