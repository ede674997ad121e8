//! Budgets over several runs: of a sweep, and of two cases.

use plimsoll_format::{Basis, Budget, Case, Growth, Limit, Metric, Quantity, Sweep, Unit};

use super::{budget, case, most, run, written};
use crate::judge::case_runs::{Evidence, Sample};
use crate::judge::verdict::{Judgement, Verdict, judge};
use crate::measure::measurement::{Measurement, Outcome};
use crate::measure::probe::heap::Heap;
use crate::measure::probe::process::{Process, Resident};

/// A figure of `peak_heap` at each size.
fn swept(budget: &Budget, figures: &[(u64, u64)]) -> Judgement {
    let mut case = case();
    let sizes = figures.iter().map(|(size, _)| *size).collect();
    case.sweep = Some(Sweep { parameter: "items".to_owned(), sizes });
    judge(budget, &Evidence { case: &case, samples: samples(figures) }, None)
}

fn samples(figures: &[(u64, u64)]) -> Vec<Sample> {
    let sample = |(size, peak_bytes): &(u64, u64)| {
        let heap = Heap { peak_bytes: *peak_bytes, end_bytes: *peak_bytes, ..Heap::default() };
        let outcome = Outcome::Measured(Box::new(Measurement { heap: Some(heap), ..run() }));
        Sample { size: Some(*size), outcome, component: None }
    };
    figures.iter().map(sample).collect()
}

/// 500 B, and 1,000 B for each item.
const ITEMS: [(u64, u64); 4] = [(1, 1_500), (10, 10_500), (50, 50_500), (100, 100_500)];

#[test]
fn the_slope_of_a_sweep_is_judged_to_the_byte() {
    for (line, expected) in
        [("1000 B", Verdict::Near), ("999 B", Verdict::Over), ("2000 B", Verdict::Within)]
    {
        let each = Budget { basis: Basis::PerItem, ..budget(Metric::PeakHeap, most(line)) };
        let judgement = swept(&each, &ITEMS);
        assert_eq!(judgement.verdict, expected, "{line}");
        assert_eq!(judgement.measured, Some(Quantity::bytes(1000.0)));
        assert_eq!((judgement.bounds, judgement.points.len()), (None, 4));
    }
}

#[test]
fn without_a_basis_the_line_is_kept_at_every_size() {
    let judgement = swept(&budget(Metric::PeakHeap, most("100 kB")), &ITEMS);
    assert_eq!((judgement.verdict, judgement.size), (Verdict::Over, Some(100)));
    let most = swept(&budget(Metric::PeakHeap, Limit::Min("1.6 kB".parse().unwrap())), &ITEMS);
    assert_eq!((most.verdict, most.size), (Verdict::Over, Some(1)));
}

#[test]
fn a_line_between_the_bounds_is_neither_kept_nor_broken() {
    // Slopes of 500 B and 1,500 B between the neighbours, 1,000 B over all.
    let bent = [(100, 100_000), (200, 150_000), (300, 300_000)];
    for (line, word) in [
        ("499 B", "over"),
        ("750 B", "inconclusive"),
        ("1000 B", "inconclusive"),
        ("1500 B", "within"),
    ] {
        let each = Budget { basis: Basis::PerItem, ..budget(Metric::PeakHeap, most(line)) };
        assert_eq!(swept(&each, &bent).verdict.name(), word, "{line}");
    }
    let each = Budget { basis: Basis::PerItem, ..budget(Metric::PeakHeap, most("1 kB")) };
    let why = "the fit says 500 B to 1.50 kB, and the line lies between: runs at 1000 and 10000 would \
               decide";
    assert_eq!(swept(&each, &bent).verdict, Verdict::Inconclusive(why.to_owned()));
}

#[test]
fn growth_is_judged_by_its_class_and_one_byte_is_growth() {
    let grows = |metric, allowed| budget(metric, Limit::Grows(allowed));
    let judged = |allowed| swept(&grows(Metric::PeakHeap, allowed), &ITEMS);
    assert_eq!(judged(Growth::Linear).verdict, Verdict::Within);
    assert_eq!(judged(Growth::Quadratic).verdict, Verdict::Within);
    let over = judged(Growth::Log);
    assert_eq!((over.verdict, over.growth), (Verdict::Over, Some(Growth::Linear)));
    // The smallest run is the warm-up; after it one byte in the middle is not constant.
    let end = grows(Metric::EndHeap, Growth::Constant);
    assert_eq!(swept(&end, &[(1, 7), (10, 8), (100, 8)]).verdict, Verdict::Within);
    assert_eq!(swept(&end, &[(1, 8), (10, 8), (50, 9), (100, 8)]).verdict, Verdict::Over);
    assert_eq!(swept(&end, &[(1, 8), (2, 8), (3, 8)]).verdict.name(), "inconclusive");
}

#[test]
fn a_leak_does_not_hide_in_the_bounds_of_resident_memory() {
    let resident = |figures: [u64; 6]| {
        let mut case = case();
        let sizes: Vec<u64> = (1..=6).map(|step| step * 1000).collect();
        let samples = sizes.iter().zip(figures).map(|(size, anonymous_rss)| {
            let process = Ok(Process {
                end: Resident { anonymous: anonymous_rss, ..Resident::default() },
                ..Process::default()
            });
            let outcome = Outcome::Measured(Box::new(Measurement { process, ..run() }));
            Sample { size: Some(*size), outcome, component: None }
        });
        let samples = samples.collect();
        case.sweep = Some(Sweep { parameter: "rounds".to_owned(), sizes });
        let basis = Basis::AtSize(1_000_000);
        let horizon = Budget { basis, ..budget(Metric::AnonymousRss, most("10 MB")) };
        judge(&horizon, &Evidence { case: &case, samples }, None).verdict.name()
    };
    // A page up, a page down: 4 B a round at the most, which is 4 MB at the horizon.
    let page = 4096;
    assert_eq!(resident([1, 1, 0, 1, 1, 0].map(|up| 2_000_000 + up * page)), "within");
    // 64 B a round are 64 MB there.
    assert_eq!(resident([1, 2, 3, 4, 5, 6].map(|step| 2_000_000 + step * 64_000)), "over");
    // Noise of 100 kB between two sizes may hide 100 B a round.
    assert_eq!(resident([0, 1, 0, 1, 0, 1].map(|up| 2_000_000 + up * 100_000)), "inconclusive");
    // Memory that is given back for once is not given back for ever.
    assert_eq!(
        resident([6, 5, 4, 3, 2, 1].map(|step| 2_000_000 + step * 2_000_000)),
        "inconclusive"
    );
}

#[test]
fn a_ratio_has_two_sides_and_its_own_unit() {
    let case = case();
    let side = |bytes| Evidence { case: &case, samples: samples(&[(1, bytes)]) };
    let ratio = |line: &str, own, theirs| {
        let ratio_to = Some("other".to_owned());
        let budget = Budget { ratio_to, ..budget(Metric::PeakHeap, most(line)) };
        judge(&budget, &side(own), Some(&side(theirs)))
    };
    let judgement = ratio("0.077×", 77, 1000);
    assert_eq!(judgement.verdict, Verdict::Near);
    assert_eq!(judgement.sides, Some([77.0, 1000.0].map(Quantity::bytes)));
    assert_eq!(ratio("0.077×", 78, 1000).verdict, Verdict::Over);
    assert_eq!(ratio("1×", 78, 0).verdict.name(), "not measured");
}

/// 1,000 B at each size, of 500, 1,000 and 100,000 B: twice as much at the first.
#[test]
fn a_ratio_is_kept_at_each_size() {
    let sweep = Sweep { parameter: "size".to_owned(), sizes: vec![1, 10, 100] };
    let case = Case { sweep: Some(sweep), ..case() };
    let evidence = |figures: [u64; 3]| {
        let sample = |(size, peak_bytes): (&u64, u64)| {
            let heap = Some(Heap { peak_bytes, ..Heap::default() });
            let outcome = Outcome::Measured(Box::new(Measurement { heap, ..run() }));
            Sample { size: Some(*size), outcome, component: None }
        };
        let samples = [1, 10, 100].iter().zip(figures).map(sample).collect();
        Evidence { case: &case, samples }
    };
    let line = Limit::Max(written(0.5, Unit::Times));
    let other = Some("other".to_owned());
    let budget = Budget { ratio_to: other, ..budget(Metric::PeakHeap, line) };
    let of = |theirs| judge(&budget, &evidence([1_000; 3]), Some(&evidence(theirs)));
    let worst = of([500, 1_000, 100_000]);
    assert_eq!(worst.verdict, Verdict::Over);
    assert_eq!(worst.measured, Some(Quantity::new(2.0, Unit::Times)));
    assert_eq!(worst.sides, Some([1_000.0, 500.0].map(Quantity::bytes)));
    assert_eq!(of([2_500, 4_000, 100_000]).verdict, Verdict::Within);
}

/// 500 B and 1,000 B for each are 1,000,500 B at 1,000.
#[test]
fn what_lies_beyond_a_sweep_is_held_to_what_the_sweep_says() {
    let beyond = |bytes, within, figures: &[(u64, u64)], why: Option<&str>| {
        let sizes = figures.iter().map(|(size, _)| *size).collect();
        let sweep = Some(Sweep { parameter: "items".to_owned(), sizes });
        let sizes = Case { sweep, ..case() };
        let mut large = case();
        large.params.insert("items".to_owned(), 1_000.into());
        let line = Limit::MatchesSweep { sweep: "sizes".to_owned(), tolerance: within };
        let why = why.map(str::to_owned);
        let budget = Budget { why, ..budget(Metric::PeakHeap, line) };
        let run = samples(&[(1_000, bytes)]).into_iter().map(|one| Sample { size: None, ..one });
        let run = Evidence { case: &large, samples: run.collect() };
        judge(&budget, &run, Some(&Evidence { case: &sizes, samples: samples(figures) }))
    };
    let name = |judgement: Judgement| judgement.verdict.name();
    for (bytes, expected) in
        [(1_000_499, "over"), (1_000_500, "within"), (1_000_501, "over"), (0, "over")]
    {
        assert_eq!(name(beyond(bytes, 0.0, &ITEMS, None)), expected, "{bytes}");
    }
    // 1 % of 1,000,500 B are 10,005 B.
    for (bytes, expected) in
        [(990_494, "over"), (990_495, "within"), (1_010_505, "within"), (1_010_506, "over")]
    {
        assert_eq!(name(beyond(bytes, 0.01, &ITEMS, None)), expected, "{bytes}");
    }
    let judgement = beyond(1_000_500, 0.0, &ITEMS, None);
    assert_eq!(judgement.measured, Some(Quantity::bytes(1_000_500.0)));
    assert_eq!(judgement.bounds, Some([1_000_500.0; 2].map(Quantity::bytes)));
    assert_eq!((judgement.points.len(), judgement.headroom), (4, None));
    // Slopes of 500 B to 1,500 B: 100,000 + 900 × 500 = 550,000 B, and 250,000 + 800 × 1,500 = 1,450,000 B.
    let bent = [(100, 100_000), (200, 250_000), (300, 300_000)];
    for (bytes, why, expected) in [
        (549_999, None, "over"),
        (550_000, None, "inconclusive"),
        (1_450_000, None, "inconclusive"),
        (1_450_001, None, "over"),
        (1_450_001, Some("it is rough"), "over"),
        (1_450_000, Some("it is rough"), "within"),
    ] {
        assert_eq!(name(beyond(bytes, 0.0, &bent, why)), expected, "{bytes}");
    }
    let why = "the sweep says 550.0 kB to 1.45 MB, between which almost anything would lie: runs at \
               1000 and 10000 would decide";
    assert_eq!(beyond(550_000, 0.0, &bent, None).verdict, Verdict::Inconclusive(why.to_owned()));
}
