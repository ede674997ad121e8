//! The depth of a stack, on a toy whose frames are known to the byte.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use plimsoll::measure::Measurement;

use crate::judge::{assert_green, assert_red, measured};

/// The depth of the stack, and the distance between the first and the last array.
fn depth(case: &str) -> (u64, u64) {
    let Measurement { stack, output, .. } = measured(case);
    (stack.unwrap().unwrap().deepest, output["apart"].as_u64().unwrap())
}

#[test]
fn call_without_a_frame_measures_almost_no_stack() {
    assert_green("toys::shallow::peak_stack");
    // The return address, and the registers that the work's closure saves.
    let (deepest, _) = depth("shallow");
    assert!((8..=128).contains(&deepest), "{deepest}");
    // The paint is not the program's: 8 MiB of it would show.
    let process = measured("shallow").process.unwrap();
    assert!(process.start.anonymous < 1 << 20, "{process:?}");
    assert!(process.end.anonymous - process.start.anonymous < 1 << 16, "{process:?}");
}

/// Every optional probe runs here.
#[test]
fn no_allocation_measures_zero_under_all_probes() {
    for test in [
        "toys::shallow::total_blocks",
        "toys::shallow::total_heap",
        "toys::shallow::peak_anonymous_rss",
    ] {
        assert_green(test);
    }
    if cfg!(target_env = "gnu") {
        assert_green("toys::shallow::c_heap");
    }
}

#[test]
fn each_call_adds_its_frame_to_the_byte() {
    for test in ["toys::descending::peak_stack", "toys::descending_further::peak_stack"] {
        assert_green(test);
    }
    let (ten, nine_frames) = depth("descending");
    let (more, more_frames) = depth("descending_further");
    // By the program's own figures: nine frames are between ten calls, 109 between 110.
    let frame = (more_frames - nine_frames) / 100;
    assert!((4_096..4_096 + 128).contains(&frame) && nine_frames == 9 * frame, "{frame}");
    assert_eq!(more - ten, 100 * frame);
    // Ten frames, and the way to the first.
    assert!((10 * frame..=10 * frame + 64).contains(&ten), "{ten} is not 10 × {frame}");
    assert_red("toys::descending::too_low", &["is over its limit", "41.5 kB of 41.0 kB"]);
}

/// The recorder works on the stack of the thread that allocates.
#[test]
fn allocation_in_the_deepest_call_adds_the_stack_of_the_recorder() {
    for test in ["toys::descending_and_allocating::peak_stack", "toys::descending::peak_stack"] {
        assert_green(test);
    }
    let more = depth("descending_and_allocating").0 - depth("descending").0;
    assert!((1..4_096).contains(&more), "{more}");
}

#[test]
fn overflow_and_panic_have_their_usual_messages_on_a_painted_stack() {
    assert_red(
        "toys::ends_in_painted_overflow::peak_stack",
        &["the work overflowed its stack", "1.05 MB were live then", "toys::bad_exits::allocate"],
    );
    assert_red("toys::ends_in_painted_panic::peak_stack", &["the work panicked: the toy broke"]);
}

#[test]
fn spawned_threads_count_each_at_its_deepest() {
    for test in ["toys::spreading::peak_stack", "toys::descending::peak_stack"] {
        assert_green(test);
    }
    let (single, _) = depth("descending");
    let used = measured("spreading").stack.unwrap().unwrap();
    let others = used.others;
    assert_eq!((others.threads, others.missed), (10, 0));
    // Each thread recurses ten calls deep, from a closure that also waits for the others: nothing else
    // differs from the single thread.
    for deepest in [used.deepest, others.deepest] {
        assert!((single..single + 512).contains(&deepest), "{used:?} and {single}");
    }
    assert_eq!(others.sum, 10 * others.deepest);
    assert_eq!(used.in_all(), used.deepest + others.sum);
    // The paint of the ten, 1 MiB each, is not the program's.
    let process = measured("spreading").process.unwrap();
    assert!(process.start.anonymous < 1 << 20 && process.end.anonymous < 2 << 20, "{process:?}");
}

/// Ten workers of rayon, whose threads start in its `spawn_handler`.
#[test]
fn workers_of_a_pool_count_each_at_its_deepest() {
    for test in [
        "toys::pooling_none::peak_stack",
        "toys::pooling::peak_stack",
        "toys::pooling_further::peak_stack",
    ] {
        assert_green(test);
    }
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
    // By the workers' own figures: nine frames are between ten calls, 109 between 110.
    let frame = nine_frames[0] / 9;
    assert!((4_096..4_096 + 128).contains(&frame), "{frame}");
    assert!(nine_frames.iter().all(|apart| *apart == 9 * frame), "{nine_frames:?}");
    assert!(more_frames.iter().all(|apart| *apart == 109 * frame), "{more_frames:?}");
    // A hundred calls more in each of ten, to within 64 B a worker.
    let added = more.others.sum - ten.others.sum;
    assert!(added.abs_diff(10 * 100 * frame) <= 10 * 64, "{added} is not 1,000 × {frame}");
    assert!((more.others.deepest - ten.others.deepest).abs_diff(100 * frame) <= 64);
    // Besides, the pool uses no more than it does for no calls.
    let pool = ten.others.sum - 10 * 10 * frame;
    assert!(pool <= none.others.sum, "{pool} of {none:?}");
    assert_red("toys::pooling::too_low", &["is over its limit", "of 414.4 kB"]);
}
