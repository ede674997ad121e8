//! The kernel's figures and those of the C library, on toys whose memory is known to the page.
#![cfg(target_os = "linux")]

use plimsoll::measure::{CHeap, Process};
use serial_test::file_serial;

use crate::judge::{assert_green, assert_red, measured};

/// 16,384 pages of 4,096 B.
const MAPPED: u64 = 67_108_864;

/// The resident code that differs between toys: the kernel maps up to 16 pages of a file around each
/// touched one, and the touched pages differ by a few. The most in 16 toys was 270,336 B, subprocesses
/// included.
const CODE: u64 = 1 << 19;

/// Pss differs more, because the code is shared with other processes of the same binary: 585,728 B at
/// most, and a toy has some 4.2 MB of code resident.
const SHARED_CODE: u64 = 9 << 19;

fn process(case: &str) -> Process {
    measured(case).process.unwrap()
}

#[track_caller]
fn assert_about(figure: u64, expected: u64, code: u64) {
    assert!(figure.abs_diff(expected) <= code, "{figure} is not about {expected}");
}

/// The growth of each figure in the work: anonymous, file, Pss, address space.
fn grown(case: &str) -> [u64; 4] {
    let Process { start, end, .. } = process(case);
    let grown = |figure: fn(&plimsoll::measure::Resident) -> u64| {
        figure(&end).saturating_sub(figure(&start))
    };
    [
        grown(|at| at.anonymous),
        grown(|at| at.file),
        grown(|at| at.pss.unwrap()),
        grown(|at| at.address_space),
    ]
}

#[test]
fn anonymous_file_and_untouched_maps_are_distinguished() {
    for test in [
        "toys::mapped_anonymous::anonymous_rss",
        "toys::mapped_anonymous::pss",
        "toys::mapped_anonymous::file_rss",
        "toys::mapped_anonymous::peak_rss",
        "toys::mapped_file::anonymous_rss",
        "toys::mapped_file::pss",
        "toys::mapped_file::file_rss",
        "toys::mapped_untouched::anonymous_rss",
        "toys::mapped_untouched::pss",
        "toys::mapped_untouched::file_rss",
        "toys::mapped_untouched::peak_virtual",
    ] {
        assert_green(test);
    }
    for (case, expected) in [
        ("mapped_anonymous", [MAPPED, 0, MAPPED, MAPPED]),
        ("mapped_file", [0, MAPPED, MAPPED, MAPPED]),
        ("mapped_untouched", [0, 0, 0, MAPPED]),
    ] {
        let code = [CODE, CODE, SHARED_CODE, CODE];
        for ((figure, expected), code) in grown(case).into_iter().zip(expected).zip(code) {
            assert_about(figure, expected, code);
        }
    }
    // The recorder's tables are shared memory of the harness, which is subtracted; the toy has none.
    let Process { start, end, .. } = process("mapped_untouched");
    for at in [start, end] {
        assert_eq!((at.shmem, at.rss), (0, at.anonymous + at.file));
    }
    // Anonymous memory and addresses are exact: at most one page of stack.
    assert!(grown("mapped_anonymous")[0] - MAPPED <= 4096);
    assert_eq!(grown("mapped_untouched")[3], MAPPED);
}

/// The counting allocator does not see a map, and the failure report shows the mappings.
#[test]
fn memory_outside_the_heap_is_reported_by_mapping() {
    let messages =
        ["that became resident, the Rust heap holds 0 B; 64.", "64.0 MiB            no name "];
    assert_red("toys::mapped_anonymous::too_low", &messages);
    let mappings = measured("mapped_anonymous").mappings;
    let [grown, ..] = &mappings[..] else { panic!("there are mappings") };
    assert_eq!(grown.name, "no name");
    assert_about(grown.end - grown.start, MAPPED, 4_096);
    assert!(mappings.iter().any(|mapping| mapping.name == "toys"), "{mappings:?}");
    assert!(mappings.iter().all(|mapping| !mapping.name.contains("recorder")), "{mappings:?}");
}

#[test]
fn peak_that_is_freed_at_the_end_is_sampled() {
    for test in ["toys::spiking::anonymous_rss", "toys::spiking::peak_anonymous_rss"] {
        assert_green(test);
    }
    let process = process("spiking");
    let peak = process.peak_anonymous.unwrap();
    assert_about(peak.seen - process.start.anonymous, MAPPED, CODE);
    assert!(peak.at_most.unwrap() >= peak.seen && peak.samples >= 3, "{peak:?}");
    assert_red("toys::spiking::too_low", &["is over its limit", "64.0 MiB of 1.00 MiB"]);
}

#[cfg(target_env = "gnu")]
#[test]
fn c_heap_excludes_the_rust_heap() {
    for test in ["toys::borrowed::c_heap", "toys::borrowed_from_rust::c_heap"] {
        assert_green(test);
    }
    let CHeap { start, end } = measured("borrowed").c_heap.unwrap().unwrap();
    // 10,240 chunks of 1,024 + 8 B, rounded up to 1,040 B; and the chunks that Rust's small blocks left
    // in the thread's cache: seven of one size, of 1,040 B, are 7,280 B.
    assert!((end - start).abs_diff(10_240 * 1_040) <= 7_280, "{start} {end}");
    assert_red("toys::borrowed::too_low", &["is over its limit", "10.2 MiB of 1.00 MiB"]);
}

#[test]
fn subprocesses_count_where_the_case_has_children() {
    for test in [
        "toys::family::anonymous_rss",
        "toys::family::pss",
        "toys::family::peak_anonymous_rss",
        "toys::family::peak_rss",
        "toys::family_unseen::anonymous_rss",
    ] {
        assert_green(test);
    }
    let Process { start, end, .. } = process("family");
    assert_about(end.anonymous - start.anonymous, 2 * MAPPED, CODE);
    let Process { start, end, .. } = process("family_unseen");
    assert_about(end.anonymous - start.anonymous, 0, CODE);
}

/// Four processes read 64 MiB of one file: it is resident once, and each process maps all of it.
#[test]
fn shared_pages_count_once_in_pss_and_in_each_process_in_rss() {
    for test in [
        "toys::family_sharing::pss",
        "toys::family_sharing::file_rss",
        "toys::family_sharing::anonymous_rss",
    ] {
        assert_green(test);
    }
    let [anonymous, file, pss, _] = grown("family_sharing");
    // Each of the four has the code of one process.
    assert_about(anonymous, 0, 2 * CODE);
    assert_about(file, 4 * MAPPED, 4 * SHARED_CODE);
    assert_about(pss, MAPPED, 2 * SHARED_CODE);
}

/// Two use 100 ms each, and some more to start and to exit.
#[test]
#[file_serial(toys_timed)]
fn time_of_subprocesses_counts_where_the_case_has_children() {
    assert_green("toys::family_at_work::cpu_time");
}
