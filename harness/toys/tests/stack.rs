//! How deep a stack becomes, on a toy whose frames are known to the byte.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod toys;

use plimsoll::measure::Measurement;

use toys::{bites, measured, passes};

/// How deep the stack was, and how far apart the first and the last array lay.
fn depth(case: &str) -> (u64, u64) {
    let Measurement { stack, output, .. } = measured(case);
    (stack.unwrap().unwrap().deepest, output["apart"].as_u64().unwrap())
}

#[test]
fn a_call_that_uses_no_stack_measures_next_to_none() {
    passes(&["toys::shallow::peak_stack"]);
    // The address to return to, and the registers that the work's closure saves.
    let (deepest, _) = depth("shallow");
    assert!((8..=128).contains(&deepest), "{deepest}");
    // The paint is not the program's: 8 MiB of it would show.
    let process = measured("shallow").process.unwrap();
    assert!(process.start.anonymous < 1 << 20, "{process:?}");
    assert!(process.end.anonymous - process.start.anonymous < 1 << 16, "{process:?}");
}

/// Every lens that is not always on is on here.
#[test]
fn nothing_measures_nothing_under_all_lenses() {
    passes(&[
        "toys::shallow::total_blocks",
        "toys::shallow::total_heap",
        "toys::shallow::peak_anonymous_rss",
    ]);
    if cfg!(target_env = "gnu") {
        passes(&["toys::shallow::c_heap"]);
    }
}

#[test]
fn each_further_call_adds_its_frame_to_the_byte() {
    passes(&["toys::descending::peak_stack", "toys::descending_further::peak_stack"]);
    let (ten, nine_frames) = depth("descending");
    let (more, more_frames) = depth("descending_further");
    // By the program's own account: nine frames lie between ten calls, 109 between 110.
    let frame = (more_frames - nine_frames) / 100;
    assert!((4_096..4_096 + 128).contains(&frame) && nine_frames == 9 * frame, "{frame}");
    assert_eq!(more - ten, 100 * frame);
    // Ten frames, and what it takes to get to the first.
    assert!((10 * frame..=10 * frame + 64).contains(&ten), "{ten} is not 10 × {frame}");
    bites("toys::descending::too_low", &["is over its limit", "41.5 kB of 41.0 kB"]);
}

/// The recorder works on the stack of whoever allocates.
#[test]
fn an_allocation_at_the_deepest_place_adds_what_the_harness_needs() {
    passes(&["toys::descending_and_allocating::peak_stack", "toys::descending::peak_stack"]);
    let more = depth("descending_and_allocating").0 - depth("descending").0;
    assert!((1..4_096).contains(&more), "{more}");
}

#[test]
fn an_overflow_and_a_panic_are_told_as_on_any_other_stack() {
    bites(
        "toys::ends_in_painted_overflow::peak_stack",
        &["the work overflowed its stack", "1.05 MB were live then", "toys::ends::hold"],
    );
    bites("toys::ends_in_painted_panic::peak_stack", &["the work panicked: the toy broke"]);
}

#[test]
fn threads_that_are_handed_over_count_each_at_its_deepest() {
    passes(&["toys::spreading::peak_stack", "toys::descending::peak_stack"]);
    let (one, _) = depth("descending");
    let used = measured("spreading").stack.unwrap().unwrap();
    let others = used.others;
    assert_eq!((others.threads, others.missed), (10, 0));
    // Each thread goes ten calls deep, from a closure that also meets the others: that is all that
    // may differ from the one that is alone.
    for deepest in [used.deepest, others.deepest] {
        assert!((one..one + 512).contains(&deepest), "{used:?} and {one}");
    }
    assert_eq!(others.sum, 10 * others.deepest);
    assert_eq!(used.in_all(), used.deepest + others.sum);
    // The paint of the ten, 1 MiB each, is not the program's.
    let process = measured("spreading").process.unwrap();
    assert!(process.start.anonymous < 1 << 20 && process.end.anonymous < 2 << 20, "{process:?}");
}

/// Ten workers of rayon's, whose threads its `spawn_handler` hands over.
#[test]
fn the_workers_of_a_pool_count_each_at_its_deepest() {
    passes(&[
        "toys::pooling_none::peak_stack",
        "toys::pooling::peak_stack",
        "toys::pooling_further::peak_stack",
    ]);
    let of = |case: &str| {
        let Measurement { stack, output, .. } = measured(case);
        let used = stack.unwrap().unwrap();
        assert_eq!((used.others.threads, used.others.missed), (10, 0), "{case}");
        let apart: Vec<u64> = serde_json::from_value(output["apart"].clone()).unwrap();
        assert_eq!(apart.len(), 10, "{case}");
        (used, apart)
    };
    let (none, _) = of("pooling_none");
    let (ten, nine_frames) = of("pooling");
    let (more, more_frames) = of("pooling_further");
    // By the workers' own account: nine frames lie between ten calls, 109 between 110.
    let frame = nine_frames[0] / 9;
    assert!((4_096..4_096 + 128).contains(&frame), "{frame}");
    assert!(nine_frames.iter().all(|apart| *apart == 9 * frame), "{nine_frames:?}");
    assert!(more_frames.iter().all(|apart| *apart == 109 * frame), "{more_frames:?}");
    // A hundred calls more in each of ten, to within 64 B a worker.
    let added = more.others.sum - ten.others.sum;
    assert!(added.abs_diff(10 * 100 * frame) <= 10 * 64, "{added} is not 1,000 × {frame}");
    assert!((more.others.deepest - ten.others.deepest).abs_diff(100 * frame) <= 64);
    // What the pool takes besides is no more than what it takes for nothing at all.
    let pool = ten.others.sum - 10 * 10 * frame;
    assert!(pool <= none.others.sum, "{pool} of {none:?}");
    bites("toys::pooling::too_low", &["is over its limit", "of 414.4 kB"]);
}
