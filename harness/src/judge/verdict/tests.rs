mod several;

use plimsoll_format::{Budget, Case, Limit, Metric, Place, Quantity, Share, Unit, Written};
use serde_json::json;

use super::{Judgement, Verdict, judge};
use crate::judge::case_runs::{CaseRuns, SizedRun};
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

fn budget(metric: Metric, limit: Limit) -> Budget {
    Budget { rate: Some("done".to_owned()), ..Budget::new(metric, limit, place()) }
}

fn most(text: &str) -> Limit {
    Limit::Max(text.parse().unwrap())
}

fn case() -> Case {
    Case::new("case", "work", place())
}

/// Judges a case that was run once.
fn judged(budget: &Budget, case: &Case, outcome: Outcome) -> Judgement {
    let sized_run = SizedRun { size: None, outcome, component: None };
    judge(budget, &CaseRuns { case, runs: vec![sized_run] }, None)
}

fn run() -> Measurement {
    Measurement {
        output: json!({ "done": 500, "exact": 9_007_199_254_740_992_u64, "root": { "hash": "4f1c", "height": 3 } }),
        heap: Some(Heap { peak_bytes: 95, total_blocks: 8, end_bytes: 0, ..Heap::default() }),
        process: Err("no /proc".to_owned()),
        clock: Clock { wall_seconds: 2.0, cpu_seconds: Some(4.0) },
        ..Measurement::without_figures()
    }
}

fn verdict(metric: Metric, limit: Limit) -> Verdict {
    judged(&budget(metric, limit), &case(), Outcome::Measured(Box::new(run()))).verdict
}

#[test]
fn limit_fails_one_unit_beyond_it() {
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
    for (limit, expected) in table {
        assert_eq!(verdict(Metric::PeakHeap, limit.clone()), expected, "{limit}");
    }
}

#[test]
fn count_at_its_limit_is_within() {
    let limit = Limit::Max(written(8.0, Unit::Blocks));
    assert_eq!(verdict(Metric::TotalBlocks, limit.clone()), Verdict::Within);
    // The next run may have one more.
    let varying = Case { varies: Some(Share::new(0.2)), ..case() };
    let run = Outcome::Measured(Box::new(run()));
    let judged = judged(&budget(Metric::TotalBlocks, limit), &varying, run);
    assert_eq!(judged.verdict, Verdict::Near);
}

#[test]
fn zero_is_a_limit_like_any_other() {
    assert_eq!(verdict(Metric::EndHeap, Limit::Max(written(0.0, Unit::Bytes))), Verdict::Within);
    assert_eq!(verdict(Metric::PeakHeap, Limit::Max(written(0.0, Unit::Bytes))), Verdict::Over);
}

#[test]
fn throughput_is_the_outputs_count_over_time() {
    // 500 in 2 s of wall time are 250 /s, in 4 s of CPU time 125 /s.
    let per_second = |value| Limit::Min(written(value, Unit::PerSecond));
    assert_eq!(verdict(Metric::Throughput, per_second(200.0)), Verdict::Within);
    assert_eq!(verdict(Metric::Throughput, per_second(250.1)), Verdict::Over);
    assert_eq!(verdict(Metric::CpuThroughput, per_second(100.0)), Verdict::Within);
    assert_eq!(verdict(Metric::CpuThroughput, per_second(125.1)), Verdict::Over);
}

#[test]
fn throughput_without_time_is_not_measured() {
    let instant = Clock { wall_seconds: 0.0, cpu_seconds: None };
    let idle = Measurement { output: json!({ "done": 0 }), clock: instant, ..run() };
    let budget = budget(Metric::Throughput, Limit::Min(written(0.0, Unit::PerSecond)));
    let judgement = judged(&budget, &case(), Outcome::Measured(Box::new(idle)));
    assert_eq!(judgement.verdict.name(), "not measured");
}

#[test]
fn missing_figure_is_not_measured_and_never_zero() {
    let limit = Limit::Max(written(1e12, Unit::Bytes));
    let not_measured = |reason: &str| Verdict::NotMeasured(reason.to_owned());
    assert_eq!(verdict(Metric::PeakRss, limit.clone()), not_measured("no /proc"));
    let unheard = Measurement { heap: None, ..run() };
    let judgement =
        judged(&budget(Metric::PeakHeap, limit), &case(), Outcome::Measured(Box::new(unheard)));
    assert_eq!(judgement.verdict, not_measured("the heap probe was off"));
    assert_eq!(judgement.measured, None);
}

#[test]
fn output_is_compared_field_by_field() {
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
fn failed_run_fails_every_budget() {
    let timed_out =
        Outcome::TimedOut { after_seconds: 1.0, output: String::new(), sites: Sites::default() };
    let outcomes = [
        (Outcome::Failed("disk full".to_owned()), "unexpected result"),
        (Outcome::NotMeasured("no allocator".to_owned()), "not measured"),
        (timed_out, "timed out"),
        (Outcome::OverCap { stop: Box::new(stop()), sites: Sites::default() }, "over cap"),
    ];
    for (outcome, word) in outcomes {
        let limit = Limit::Max(written(1e12, Unit::Bytes));
        let judgement = judged(&budget(Metric::PeakHeap, limit), &case(), outcome);
        assert_eq!(judgement.verdict.name(), word);
        assert!(!judgement.verdict.passes());
    }
}

#[test]
fn figure_beyond_the_ratchet_regresses() {
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
fn unknown_usage_near_a_limit_is_not_measured() {
    let zero = Limit::Max(written(0.0, Unit::Blocks));
    let at = vec!["store::read".to_owned()];
    let budget = Budget { at, ..budget(Metric::TotalBlocks, zero) };
    let with = |blocks| {
        let total = Amount { bytes: 8, blocks };
        let unknown = Usage { total, ..Usage::default() };
        let component = Some(Ok(Component { unknown, ..Component::default() }));
        let outcome = Outcome::Measured(Box::new(run()));
        let sized_run = SizedRun { size: None, outcome, component };
        judge(&budget, &CaseRuns { case: &case(), runs: vec![sized_run] }, None).verdict.name()
    };
    assert_eq!((with(0), with(1)), ("within", "not measured"));
}

#[test]
fn open_phase_is_not_judged() {
    let limit = Limit::Max(written(1_000.0, Unit::Bytes));
    let during = Some(plimsoll_format::Phase::During("load".to_owned()));
    let budget = Budget { phase: during, ..budget(Metric::PeakHeap, limit) };
    let with = |open| {
        let phase = Phase { span: "load".to_owned(), entries: 1, open, ..Phase::default() };
        let sites = Sites::Named(Vec::new());
        let run = Measurement { phases: vec![phase], sites, ..run() };
        judged(&budget, &case(), Outcome::Measured(Box::new(run))).verdict.name()
    };
    assert_eq!((with(false), with(true)), ("within", "not measured"));
}
