use plimsoll_format::Growth;
use proptest::prelude::*;

use super::{Estimate, at, growth, outgrows, slope};
use crate::judge::precision::Precision::{self, Exact, Noisy};

/// Of resident memory, from one run of the same work to the next: METHODOLOGY.md has the figures.
const NOISE: f64 = 0.02;

/// The kernel counts in pages.
const PAGE: f64 = 4096.0;

const SIZES: [f64; 6] = [100.0, 300.0, 1e3, 3e3, 1e4, 3e4];

/// What a size costs.
type Figure<'a> = &'a dyn Fn(f64) -> f64;

fn points(sizes: &[f64], figure: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    sizes.iter().map(|size| (*size, figure(*size))).collect()
}

/// Random numbers from a seed (splitmix64, Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below_one(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Twelve uniform numbers have the variance one, and the mean six.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.below_one()).sum::<f64>() - 6.0
    }
}

/// The figures as the kernel would show them: a few percent off, in whole pages.
fn resident(seed: u64, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut random = Random(seed);
    let noisy = |y: f64, random: &mut Random| {
        (y * (1.0 + NOISE * random.normal()) / PAGE).round().max(0.0) * PAGE
    };
    points.iter().map(|(x, y)| (*x, noisy(*y, &mut random))).collect()
}

#[test]
fn an_exact_line_has_an_exact_slope() {
    // 1,000 B an item above 500 B.
    let line = points(&[1.0, 5.0, 10.0, 25.0, 50.0, 100.0], |n| 500.0 + 1000.0 * n);
    assert_eq!(slope(&line), Some(Estimate::exactly(1000.0)));
    // 500 + 1,000 × 2,000,000.
    assert_eq!(at(&line, 2e6, Exact), Some(Estimate::exactly(2_000_000_500.0)));
    assert_eq!(growth(&line, Exact), Ok(Growth::Linear));
}

/// Uneven noise, which is now a little and now a lot: the bounds suppose nothing of it.
#[test]
fn the_true_slope_lies_between_the_bounds_as_often_as_is_said() {
    // The least and the largest of 3 points hold it but for 2 of 3! orders, those of 4 but for 2
    // of 4!. Of 6 points one slope is left off, which 2 × (1 + 5) of 720 orders exceed; of 8
    // five, which 2 × 628 of 40,320 do.
    for (count, level) in [(3, 0.667), (4, 0.917), (6, 0.983), (8, 0.969), (20, 0.95)] {
        let held = (0..2000).filter(|seed| {
            let mut random = Random(*seed);
            let mut noise = || random.normal().powi(3) * 500.0;
            let line: Vec<(f64, f64)> =
                (1..=count).map(|n| (f64::from(n), 1000.0 * f64::from(n) + noise())).collect();
            slope(&line).is_some_and(|slope| slope.low <= 1000.0 && slope.high >= 1000.0)
        });
        let share = held.count() as f64 / 2000.0;
        // Of 2,000 draws the share has a spread of 1.1 % at the most.
        assert!((share - level).abs() < 0.03, "{count}: {share} of {level}");
    }
}

#[test]
fn one_wrong_point_moves_the_bounds_and_not_the_slope() {
    let mut line = points(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], |n| 1000.0 * n);
    line[6].1 = 100_000.0;
    let slope = slope(&line).unwrap();
    // 15 of the 21 pairs do without it.
    assert_eq!((slope.low, slope.value), (1000.0, 1000.0));
    assert!(slope.high > 1000.0, "{slope:?}");
}

#[test]
fn exact_figures_of_each_class_are_told() {
    let log_steps = |n: f64| 32.0 * n.log2().floor();
    // A vector of numbers of 8 B has room for a power of two of them.
    let doubling = |n: f64| 8.0 * 2_f64.powf(n.log2().ceil());
    let warm_up = |n: f64| if n < 200.0 { 64.0 } else { 4096.0 };
    let table: [(&str, Growth, Figure<'_>); 11] = [
        ("nothing at all", Growth::Constant, &|_| 0.0),
        ("the same", Growth::Constant, &|_| 4096.0),
        ("the same after the smallest", Growth::Constant, &warm_up),
        ("log2(n) siblings of 32 B", Growth::Log, &log_steps),
        ("the same above a fixed part", Growth::Log, &|n| 10_000.0 + log_steps(n)),
        ("8 B an item", Growth::Linear, &|n| 8.0 * n),
        ("the same above a fixed part", Growth::Linear, &|n| 1e6 + 8.0 * n),
        ("a vector that doubles", Growth::Linear, &doubling),
        ("n log n", Growth::Linear, &|n| (n * n.log2()).floor()),
        ("n²", Growth::Quadratic, &|n| n * n),
        ("n² above a fixed part", Growth::Quadratic, &|n| 1e6 + n * (n - 1.0) / 2.0),
    ];
    for (what, expected, figure) in table {
        assert_eq!(growth(&points(&SIZES, figure), Exact), Ok(expected), "{what}");
    }
}

#[test]
fn noisy_figures_of_each_class_are_told_a_hundred_times_of_a_hundred() {
    let table: [(Growth, Figure<'_>); 4] = [
        (Growth::Constant, &|_| 20e6),
        (Growth::Log, &|n| 1e6 + 1e6 * n.log2()),
        (Growth::Linear, &|n| 2e6 + 1e3 * n),
        (Growth::Quadratic, &|n| 2e6 + n * n),
    ];
    for (expected, figure) in table {
        let exact = points(&SIZES, figure);
        let told = (0..100).filter(|seed| growth(&resident(*seed, &exact), Noisy) == Ok(expected));
        assert_eq!(told.count(), 100, "{expected}");
    }
}

#[test]
fn sizes_that_are_too_close_are_inconclusive_and_never_wrong() {
    let close = [1000.0, 1010.0, 1020.0, 1030.0, 1040.0];
    let near = [1000.0, 2000.0, 3000.0, 4000.0];
    // Above a large fixed part, growth within the noise is none; it is not taken for a faster one.
    for (sizes, fixed) in [(&close[..], 0.0), (&near[..], 0.0), (&near[..], 3e7), (&near[..], 1e9)]
    {
        let table: [(Growth, Figure<'_>); 3] = [
            (Growth::Log, &|n| fixed + 1e6 * n.log2()),
            (Growth::Linear, &|n| fixed + 1e4 * n),
            (Growth::Quadratic, &|n| fixed + 20.0 * n * n),
        ];
        for (class, figure) in table {
            for seed in 0..100 {
                let told = growth(&resident(seed, &points(sizes, figure)), Noisy);
                let hidden = fixed > 0.0 && told == Ok(Growth::Constant);
                let sound = told.is_err() || told == Ok(class) || hidden;
                assert!(sound, "{class} above {fixed} was told as {told:?}");
            }
        }
    }
    let told = growth(&points(&close, |_| 320.0), Exact);
    assert_eq!(
        told,
        Err("1000 to 1040 is too short a way: runs at 10000 and 100000 would decide".to_owned())
    );
    let told = growth(&points(&[1.0, 1000.0, 1500.0], |_| 320.0), Exact).unwrap_err();
    assert!(told.starts_with("the figures are equal from 1000 to 1500, where"), "{told}");
    // n^1.5 lies amid two classes.
    let told = growth(&points(&SIZES, |n| n.powf(1.5)), Exact).unwrap_err();
    let both = "linear and quadratic growth fit the figures about as well";
    assert_eq!(told, format!("{both}: runs at 100000 and 1000000 would decide"));
}

#[test]
fn two_classes_that_are_both_too_fast_need_not_be_told_apart() {
    // n^1.5 is linear or quadratic, and no logarithm.
    let amid = points(&[1000.0, 2000.0, 3000.0, 4000.0], |n| n.powf(1.5));
    assert!(growth(&amid, Exact).unwrap_err().starts_with("linear and quadratic growth fit"));
    let faster = |allowed| outgrows(&amid, allowed, Exact);
    assert!(faster(Growth::Constant) && faster(Growth::Log));
    assert!(!faster(Growth::Linear) && !faster(Growth::Quadratic));
    // Over a sixteenfold way, noisy: 4,096 B for each doubling of some millions, or 22 to 26 of them.
    let sizes = [4.0, 8.0, 16.0, 32.0, 48.0, 64.0].map(|mebibytes| mebibytes * 1_048_576.0);
    let log = points(&sizes, |n| 1024.0 + 4096.0 * n.log2());
    assert!(growth(&log, Noisy).unwrap_err().starts_with("log and linear growth fit"));
    assert!(outgrows(&log, Growth::Constant, Noisy) && !outgrows(&log, Growth::Log, Noisy));
    // No class is taken for a faster one, however close the sizes are.
    let table: [(Growth, Figure<'_>); 3] = [
        (Growth::Constant, &|_| 20e6),
        (Growth::Log, &|n| 1e6 * n.log2()),
        (Growth::Linear, &|n| 1e4 * n),
    ];
    for sizes in [&SIZES[..], &[1000.0, 2000.0, 3000.0, 4000.0]] {
        for (class, figure) in table {
            for seed in 0..100 {
                let figures = resident(seed, &points(sizes, figure));
                assert!(!outgrows(&figures, class, Noisy), "{class}, {seed}");
            }
        }
    }
}

#[test]
fn one_byte_is_growth_where_figures_are_exact() {
    let leak = points(&[100.0, 200.0, 300.0, 400.0], |n| if n < 400.0 { 4096.0 } else { 4097.0 });
    assert_ne!(growth(&leak, Exact), Ok(Growth::Constant));
    assert_eq!(growth(&leak, Noisy), Ok(Growth::Constant));
}

#[test]
fn what_falls_is_in_no_class() {
    let told = growth(&points(&SIZES, |n| 1e6 - n), Exact).unwrap_err();
    assert!(told.starts_with("the figures fall"), "{told}");
    // And promises nothing back: at most what was seen stays.
    let far = at(&points(&SIZES, |n| 1e6 - n), 1e9, Noisy).unwrap();
    assert_eq!((far.low, far.value, far.high), (0.0, 0.0, 999_900.0));
}

#[test]
fn beyond_the_sizes_a_figure_follows_its_class() {
    let far = |figure: fn(f64) -> f64, precision| at(&points(&SIZES, figure), 1e6, precision);
    assert_eq!(far(|n| 32.0 + n, Exact).unwrap().value, 1_000_032.0);
    // The square of a million, where a straight line would have said some 4 × 10¹⁰.
    let square = far(|n| n * n, Noisy).unwrap();
    assert!((square.value - 1e12).abs() < 1e3, "{square:?}");
    assert!(square.low < 5e10 && square.high >= square.value, "{square:?}");
    assert!((far(|n| n * n, Exact).unwrap().low - 1e12).abs() < 1e3);
    // 32 × log2(1,000,000) = 637.8.
    let log = far(|n| 32.0 * n.log2(), Exact).unwrap();
    assert!((log.value - 637.8).abs() < 0.1 && log.high < 640.0, "{log:?}");
    // n log n is a line to the classes, but ends above it: the upper bound has to know.
    let n_log_n = far(|n| n * n.log2(), Exact).unwrap();
    let truth = 1e6 * 1e6_f64.log2();
    assert!(n_log_n.low < truth && truth < n_log_n.high, "{n_log_n:?}");
    // A leak that is bent by noise must not hide in a logarithm.
    assert!(far(|n| 32.0 * n.log2(), Noisy).unwrap().value > 10_000.0);
}

/// log2(n)² is told as a logarithm, and steepens over it. At a million it is 19.93² = 397.2; along the
/// steepest pair of runs, of 10,000 and 30,000, a logarithm would end at
/// 221.2 + (221.2 − 176.6) / 1.585 × 5.059 = 363.6, below the truth.
#[test]
fn what_steepens_over_the_logarithms_is_more_than_a_logarithm() {
    let squared = points(&SIZES, |n| n.log2() * n.log2());
    assert_eq!(growth(&squared, Exact), Ok(Growth::Log));
    let far = at(&squared, 1e6, Exact).unwrap();
    let truth = 1e6_f64.log2().powi(2);
    assert!((truth - 397.2).abs() < 0.1);
    assert!(far.low < truth && truth < far.high, "{far:?}");
}

/// Of 3,122.045 B for each of 16, 64 and 256 come 49,952, 199,810 and 799,243 B, whose slopes rise from
/// 3,122.042 to 3,122.047: that is rounding, and no square.
#[test]
fn what_is_rounded_does_not_steepen() {
    let rounded = points(&[16.0, 64.0, 256.0], |n| (3_122.045 * n).floor());
    let far = at(&rounded, 262_144.0, Exact).unwrap();
    assert!(far.high < 3_122.1 * 262_144.0, "{far:?}");
}

#[test]
fn no_point_lies_beyond_the_bounds() {
    // A vector that doubles: at 12,000 it has room for 16,384, or may have for 12,000.
    let sizes: Vec<f64> = (1..=8).map(|step| 1000.0 * f64::from(step)).collect();
    let doubling = points(&sizes, |n| 8.0 * 2_f64.powf(n.log2().ceil()));
    let there = at(&doubling, 8000.0, Exact).unwrap();
    assert!(there.low <= 65_536.0 && there.high >= 65_536.0, "{there:?}");
}

fn any_points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let figure = prop_oneof![Just(0.0), 0.0..1e12, Just(32.0), -1e300..1e300];
    prop::collection::vec((1_u32..1_000_000, figure), 0..12)
        .prop_map(|points| points.into_iter().map(|(x, y)| (f64::from(x), y)).collect())
}

fn precisions() -> impl Strategy<Value = Precision> {
    prop_oneof![Just(Exact), Just(Noisy)]
}

proptest! {
    #[test]
    fn the_order_of_the_points_does_not_matter(
        points in any_points().prop_shuffle(),
        precision in precisions(),
    ) {
        let mut sorted = points.clone();
        sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
        prop_assert_eq!(slope(&points), slope(&sorted));
        prop_assert_eq!(growth(&points, precision), growth(&sorted, precision));
    }

    #[test]
    fn scaling_does_not_change_the_class(
        points in any_points(),
        precision in precisions(),
        // A power of two does not round.
        exponent in -20..20,
    ) {
        let scaled = points.iter().map(|(x, y)| (*x, y * 2_f64.powi(exponent))).collect::<Vec<_>>();
        prop_assert_eq!(growth(&points, precision), growth(&scaled, precision));
    }

    #[test]
    fn bounds_hold_the_value_and_nothing_panics(
        points in prop::collection::vec((any::<f64>(), any::<f64>()), 0..9),
        sound in any_points(),
        size in any::<f64>(),
        precision in precisions(),
    ) {
        let _ = (at(&points, size, precision), growth(&points, precision));
        let estimates = [slope(&points), slope(&sound), at(&sound, 1e7, precision)];
        for estimate in estimates.into_iter().flatten() {
            prop_assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
        }
    }
}
