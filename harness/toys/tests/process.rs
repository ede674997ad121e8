//! The kernel's figures and those of the C library, on toys whose appetite is known to the page.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod toys;

use plimsoll::measure::{CHeap, Process};
use serial_test::file_serial;

use toys::{bites, measured, passes};

/// 16,384 pages of 4,096 B.
const MAPPED: u64 = 67_108_864;

/// What the code that a toy is the first to run brings along: the kernel maps up to 16 pages of a
/// file around each that is touched, and what is touched differs by a handful. At the most 270,336 B
/// were seen in 16 toys, among them ones that start processes.
const CODE: u64 = 1 << 19;

/// Pss moves further, since the code is shared with whoever runs the same binary at that moment:
/// 585,728 B were seen, and all the code that a toy has resident is some 4.2 MB.
const SHARED_CODE: u64 = 9 << 19;

fn process(case: &str) -> Process {
    measured(case).process.unwrap()
}

#[track_caller]
fn about(figure: u64, expected: u64, code: u64) {
    assert!(figure.abs_diff(expected) <= code, "{figure} is not about {expected}");
}

/// What each figure grew by in the work: anonymous, file, Pss, address space.
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
fn own_memory_a_file_and_bare_addresses_are_told_apart() {
    passes(&[
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
    ]);
    for (case, expected) in [
        ("mapped_anonymous", [MAPPED, 0, MAPPED, MAPPED]),
        ("mapped_file", [0, MAPPED, MAPPED, MAPPED]),
        ("mapped_untouched", [0, 0, 0, MAPPED]),
    ] {
        let code = [CODE, CODE, SHARED_CODE, CODE];
        for ((figure, expected), code) in grown(case).into_iter().zip(expected).zip(code) {
            about(figure, expected, code);
        }
    }
    // The recorder's tables are shared memory of the lenses, and nobody else has any here.
    let Process { start, end, .. } = process("mapped_untouched");
    for at in [start, end] {
        assert_eq!((at.shmem, at.rss), (0, at.anonymous + at.file));
    }
    // Of what is its own and of addresses there is no doubt at all: at the most one page of stack.
    assert!(grown("mapped_anonymous")[0] - MAPPED <= 4096);
    assert_eq!(grown("mapped_untouched")[3], MAPPED);
}

/// The counting allocator knows nothing of a map, and the screen says so.
#[test]
fn what_lies_outside_the_heap_is_told_by_mapping() {
    let told =
        ["that became resident, the Rust heap holds 0 B; 64.", "64.0 MiB            no name "];
    bites("toys::mapped_anonymous::too_low", &told);
    let mappings = measured("mapped_anonymous").mappings;
    let [grown, ..] = &mappings[..] else { panic!("there are mappings") };
    assert_eq!(grown.name, "no name");
    about(grown.end - grown.start, MAPPED, 4_096);
    assert!(mappings.iter().any(|mapping| mapping.name == "toys"), "{mappings:?}");
    assert!(mappings.iter().all(|mapping| !mapping.name.contains("recorder")), "{mappings:?}");
}

#[test]
fn a_peak_that_is_gone_at_the_end_was_seen() {
    passes(&["toys::spiking::anonymous_rss", "toys::spiking::peak_anonymous_rss"]);
    let process = process("spiking");
    let peak = process.peak_anonymous.unwrap();
    about(peak.seen - process.start.anonymous, MAPPED, CODE);
    assert!(peak.at_most.unwrap() >= peak.seen && peak.samples >= 3, "{peak:?}");
    bites("toys::spiking::too_low", &["is over its line", "64.0 MiB of 1.00 MiB"]);
}

#[cfg(target_env = "gnu")]
#[test]
fn what_c_takes_of_malloc_is_told_from_what_rust_takes() {
    passes(&["toys::borrowed::c_heap", "toys::borrowed_from_rust::c_heap"]);
    let CHeap { start, end } = measured("borrowed").c_heap.unwrap().unwrap();
    // 10,240 chunks of 1,024 + 8 B, rounded up to 1,040 B; and what Rust's small blocks left in the
    // thread's cache: seven chunks of one size, of 1,040 B, are 7,280 B.
    assert!((end - start).abs_diff(10_240 * 1_040) <= 7_280, "{start} {end}");
    bites("toys::borrowed::too_low", &["is over its line", "10.2 MiB of 1.00 MiB"]);
}

#[test]
fn child_processes_count_where_the_case_says_so() {
    passes(&[
        "toys::family::anonymous_rss",
        "toys::family::pss",
        "toys::family::peak_anonymous_rss",
        "toys::family::peak_rss",
        "toys::family_unseen::anonymous_rss",
    ]);
    let Process { start, end, .. } = process("family");
    about(end.anonymous - start.anonymous, 2 * MAPPED, CODE);
    let Process { start, end, .. } = process("family_unseen");
    about(end.anonymous - start.anonymous, 0, CODE);
}

/// Four processes read 64 MiB of one file: what is resident is there once, and each has it whole.
#[test]
fn what_processes_share_is_divided_by_pss_and_multiplied_by_rss() {
    passes(&[
        "toys::family_sharing::pss",
        "toys::family_sharing::file_rss",
        "toys::family_sharing::anonymous_rss",
    ]);
    let [anonymous, file, pss, _] = grown("family_sharing");
    // Of code, each of the four has what a process of its size has.
    about(anonymous, 0, 2 * CODE);
    about(file, 4 * MAPPED, 4 * SHARED_CODE);
    about(pss, MAPPED, 2 * SHARED_CODE);
}

/// Two take 100 ms each, and then some to start and to end.
#[test]
#[file_serial(toys_timed)]
fn the_time_of_child_processes_counts_where_the_case_says_so() {
    passes(&["toys::family_at_work::cpu_time"]);
}
