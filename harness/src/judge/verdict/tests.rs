mod several;

use plimsoll_format::{Budget, Case, Limit, Metric, Place, Quantity, Share, Unit, Written};
use serde_json::json;

use super::{Judgement, Verdict, judge};
use crate::judge::case_runs::{Evidence, Sample};
use crate::measure::measurement::{Measurement, Outcome, Sites};
use crate::measure::probe::clock::Clock;
use crate::measure::probe::heap::Heap;
use crate::measure::probe::phases::Phase;
use crate::measure::runaway::cap::{Cap, Origin};
use crate::measure::runaway::limit_hit::{LimitHit, StopCause};
use crate::sites::component::Component;
use crate::sites::profile::{Amount, Usage};

fn place() -> Place {
    Place { file: "budgets.toml".to_owned(), line: 1, column: 1 }
}

fn written(value: f64, unit: Unit) -> Written {
    let quantity = Quantity::new(value, unit);
    Written { text: quantity.exact(), quantity }
}

fn budget(metric: Metric, line: Limit) -> Budget {
    Budget { rate: Some("done".to_owned()), ..Budget::new(metric, line, place()) }
}

fn most(text: &str) -> Limit {
    Limit::Max(text.parse().unwrap())
}

fn case() -> Case {
    Case::new("case", "work", place())
}

/// Judges a case that was run once.
fn judged(budget: &Budget, case: &Case, outcome: Outcome) -> Judgement {
    let sample = Sample { size: None, outcome, component: None };
    judge(budget, &Evidence { case, samples: vec![sample] }, None)
}

fn run() -> Measurement {
    Measurement {
        output: json!({ "done": 500, "exact": 9_007_199_254_740_992_u64, "root": { "hash": "4f1c", "height": 3 } }),
        heap: Some(Heap { peak_bytes: 95, total_blocks: 8, end_bytes: 0, ..Heap::default() }),
        process: Err("no /proc".to_owned()),
        mappings: Vec::new(),
        c_heap: None,
        stack: None,
        clock: Clock { wall_seconds: 2.0, cpu_seconds: Some(4.0) },
        phases: Vec::new(),
        sites: Sites::default(),
        cost_wall_seconds: 0.0,
        cost_cpu_seconds: None,
    }
}

fn verdict(metric: Metric, line: Limit) -> Verdict {
    judged(&budget(metric, line), &case(), Outcome::Measured(Box::new(run()))).verdict
}

#[test]
fn a_line_bites_one_unit_beyond_it_and_not_at_it() {
    let bytes = |value| written(value, Unit::Bytes);
    let about = |value, tolerance| Limit::About { value: bytes(value), tolerance };
    // 95 B are live at the peak.
    let table = [
        (Limit::Max(bytes(94.0)), Verdict::Over),
        (Limit::Max(bytes(95.0)), Verdict::Near),
        (Limit::Max(bytes(105.0)), Verdict::Near), // 95 of 105 is 90.5 %
        (Limit::Max(bytes(106.0)), Verdict::Within), // 95 of 106 is 89.6 %
        (Limit::Min(bytes(96.0)), Verdict::Over),
        (Limit::Min(bytes(95.0)), Verdict::Near),
        (Limit::Min(bytes(87.0)), Verdict::Near), // 95 is 9.2 % above 87
        (Limit::Min(bytes(86.0)), Verdict::Within), // 95 is 10.5 % above 86
        (Limit::Between(bytes(95.0), bytes(95.0)), Verdict::Within),
        (Limit::Between(bytes(96.0), bytes(200.0)), Verdict::Over),
        (Limit::Between(bytes(10.0), bytes(94.0)), Verdict::Over),
        (about(100.0, 0.05), Verdict::Within), // 95 to 105
        (about(100.0, 0.04), Verdict::Over),   // 96 to 104
        (about(90.0, 0.05), Verdict::Over),    // 85.5 to 94.5
    ];
    for (line, expected) in table {
        assert_eq!(verdict(Metric::PeakHeap, line.clone()), expected, "{line}");
    }
}

#[test]
fn a_count_at_its_line_is_within_it() {
    let line = Limit::Max(written(8.0, Unit::Blocks));
    assert_eq!(verdict(Metric::TotalBlocks, line.clone()), Verdict::Within);
    // The next run may have one more.
    let varying = Case { varies: Some(Share::new(0.2)), ..case() };
    let run = Outcome::Measured(Box::new(run()));
    let judged = judged(&budget(Metric::TotalBlocks, line), &varying, run);
    assert_eq!(judged.verdict, Verdict::Near);
}

#[test]
fn zero_is_a_line_like_any_other() {
    assert_eq!(verdict(Metric::EndHeap, Limit::Max(written(0.0, Unit::Bytes))), Verdict::Within);
    assert_eq!(verdict(Metric::PeakHeap, Limit::Max(written(0.0, Unit::Bytes))), Verdict::Over);
}

#[test]
fn a_throughput_is_the_answers_count_over_time() {
    // 500 in 2 s of wall time are 250 /s, in 4 s of CPU time 125 /s.
    let per_second = |value| Limit::Min(written(value, Unit::PerSecond));
    assert_eq!(verdict(Metric::Throughput, per_second(200.0)), Verdict::Within);
    assert_eq!(verdict(Metric::Throughput, per_second(250.1)), Verdict::Over);
    assert_eq!(verdict(Metric::CpuThroughput, per_second(100.0)), Verdict::Within);
    assert_eq!(verdict(Metric::CpuThroughput, per_second(125.1)), Verdict::Over);
}

#[test]
fn a_throughput_without_time_is_broken() {
    let instant = Clock { wall_seconds: 0.0, cpu_seconds: None };
    let idle = Measurement { output: json!({ "done": 0 }), clock: instant, ..run() };
    let budget = budget(Metric::Throughput, Limit::Min(written(0.0, Unit::PerSecond)));
    let judgement = judged(&budget, &case(), Outcome::Measured(Box::new(idle)));
    assert_eq!(judgement.verdict.name(), "not measured");
}

#[test]
fn what_was_not_measured_is_broken_and_never_zero() {
    let line = Limit::Max(written(1e12, Unit::Bytes));
    let broken = |reason: &str| Verdict::NotMeasured(reason.to_owned());
    assert_eq!(verdict(Metric::PeakRss, line.clone()), broken("no /proc"));
    let unheard = Measurement { heap: None, ..run() };
    let judgement =
        judged(&budget(Metric::PeakHeap, line), &case(), Outcome::Measured(Box::new(unheard)));
    assert_eq!(judgement.verdict, broken("the heap lens was not on"));
    assert_eq!(judgement.measured, None);
}

#[test]
fn an_answer_is_compared_field_by_field() {
    let answer = |value: serde_json::Value| {
        let mut case = case();
        case.expected = vec![value.as_object().unwrap().clone()];
        let budget = budget(Metric::PeakHeap, Limit::Max(written(1e6, Unit::Bytes)));
        judged(&budget, &case, Outcome::Measured(Box::new(run()))).verdict
    };
    assert_eq!(answer(json!({ "done": 500 })), Verdict::Within);
    assert_eq!(
        answer(json!({ "exact": 9_007_199_254_740_993_u64 })),
        Verdict::UnexpectedResult(
            "exact is 9007199254740992, expected 9007199254740993".to_owned()
        )
    );
    assert_eq!(answer(json!({ "done": 500.0, "root": { "height": 3 } })), Verdict::Within);
    let wrong = |text: &str| Verdict::UnexpectedResult(text.to_owned());
    assert_eq!(answer(json!({ "done": 501 })), wrong("done is 500, expected 501"));
    assert_eq!(
        answer(json!({ "root": { "hash": "4f1d" } })),
        wrong("root.hash is \"4f1c\", expected \"4f1d\"")
    );
    assert_eq!(answer(json!({ "absent": 0 })), wrong("absent is absent, expected 0"));
}

fn stop() -> LimitHit {
    let cap = Cap { bytes: 1, origin: Origin::FreeMemory, uncut: None, available: Some(4) };
    let (by, output) = (StopCause::Allocator, String::new());
    LimitHit { cap, by, refused: None, resident: None, went_on: false, output }
}

#[test]
fn a_run_that_did_not_end_well_fails_every_budget() {
    let hung =
        Outcome::TimedOut { after_seconds: 1.0, output: String::new(), sites: Sites::default() };
    let outcomes = [
        (Outcome::Failed("disk full".to_owned()), "unexpected result"),
        (Outcome::NotMeasured("no allocator".to_owned()), "not measured"),
        (hung, "timed out"),
        (Outcome::OverCap { stop: Box::new(stop()), sites: Sites::default() }, "over cap"),
    ];
    for (outcome, word) in outcomes {
        let line = Limit::Max(written(1e12, Unit::Bytes));
        let judgement = judged(&budget(Metric::PeakHeap, line), &case(), outcome);
        assert_eq!(judgement.verdict.name(), word);
        assert!(!judgement.verdict.passes());
    }
}

#[test]
fn what_is_held_is_lost_below_the_line() {
    // 95 B are live at the peak.
    let held = |hold: &str| {
        let hold = Some(hold.parse().unwrap());
        let budget = Budget { ratchet: hold, ..budget(Metric::PeakHeap, most("200 B")) };
        judged(&budget, &case(), Outcome::Measured(Box::new(run()))).verdict
    };
    assert_eq!((held("95 B"), held("94 B")), (Verdict::Within, Verdict::Regressed));
}

/// Nothing is known to be the component's, but one block may be.
#[test]
fn what_may_be_a_components_is_not_taken_for_nothing() {
    let zero = Limit::Max(written(0.0, Unit::Blocks));
    let at = vec!["store::read".to_owned()];
    let budget = Budget { at, ..budget(Metric::TotalBlocks, zero) };
    let with = |blocks| {
        let total = Amount { bytes: 8, blocks };
        let unknown = Usage { total, ..Usage::default() };
        let component = Some(Ok(Component { unknown, ..Component::default() }));
        let outcome = Outcome::Measured(Box::new(run()));
        let sample = Sample { size: None, outcome, component };
        judge(&budget, &Evidence { case: &case(), samples: vec![sample] }, None).verdict.name()
    };
    assert_eq!((with(0), with(1)), ("within", "not measured"));
}

#[test]
fn a_phase_that_did_not_end_is_not_judged() {
    let line = Limit::Max(written(1_000.0, Unit::Bytes));
    let during = Some(plimsoll_format::Phase::During("load".to_owned()));
    let budget = Budget { phase: during, ..budget(Metric::PeakHeap, line) };
    let with = |open| {
        let phase = Phase { span: "load".to_owned(), entries: 1, open, ..Phase::default() };
        let sites = Sites::Named(Vec::new());
        let run = Measurement { phases: vec![phase], sites, ..run() };
        judged(&budget, &case(), Outcome::Measured(Box::new(run))).verdict.name()
    };
    assert_eq!((with(false), with(true)), ("within", "not measured"));
}
