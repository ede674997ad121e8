//! Which figures must pass a budget, and which must not: pure arithmetic around its limit.

use plimsoll_format::{Basis, Budget, Growth, Limit, Metric, Quantity, Unit, Written};

use super::demand::{Demand, demand, fixed};

/// One run of a synthetic load, and the verdict that it must get.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Probe {
    /// In words: `99 % of the limit`.
    pub(crate) takes: String,
    /// How much the load takes.
    pub(crate) demand: Demand,
    /// The word of the verdict that must follow; none where any that passes will do.
    pub(crate) verdict: Option<&'static str>,
}

/// The nearest figures on either side of two bounds that must get another verdict.
pub(super) fn outside(metric: Metric, [low, high]: [f64; 2]) -> Vec<(&'static str, f64)> {
    let step = Step::of(metric);
    let below = (low > 0.0).then(|| (step.words_below, step.below(low)));
    [Some((step.words_above, step.above(high))), below].into_iter().flatten().collect()
}

/// What a synthetic load may take at the most: more proves no more, and takes longer.
fn most(metric: Metric) -> f64 {
    match metric.unit() {
        Unit::Bytes if metric.is_of_process() => f64::from(1 << 26),
        Unit::Bytes => f64::from(1 << 30),
        Unit::Seconds => 1.0,
        Unit::PerSecond => f64::INFINITY,
        Unit::Blocks | Unit::Reallocations | Unit::Times => 1e6,
    }
}

/// What a synthetic load takes at the least: a hundredth of it has to be more than a page, or a
/// call, and of resident memory more than the pages of code that come in meanwhile, 64 KiB at a
/// time.
fn least(metric: Metric) -> f64 {
    match metric {
        Metric::PeakStack => f64::from(1 << 17),
        metric if metric.is_of_process() => f64::from(1 << 26),
        _ => 0.0,
    }
}

/// The budget as it is tried: its limit and its ratchet scaled by one factor, so that a synthetic
/// load reaches them in a moment. Where that would take a ratchet too low, it stays as far up as it
/// can.
pub(crate) fn scaled(budget: &Budget, sizes: &[Option<u64>]) -> Budget {
    let size = match budget.basis {
        Basis::PerItem => sizes.last().copied().flatten().unwrap_or(1) as f64,
        Basis::Run | Basis::AtSize(_) => 1.0,
    };
    let largest = [budget.limit.most(), budget.limit.least()].into_iter().flatten();
    let largest = largest.map(|end| end.value() * size).fold(0.0, f64::max);
    let reached = largest.clamp(least(budget.metric), most(budget.metric));
    if budget.ratio_to.is_some() || largest == 0.0 || reached == largest {
        return budget.clone();
    }
    let factor = reached / largest;
    let whole = matches!(budget.metric.unit(), Unit::Blocks | Unit::Reallocations);
    let scale = |written: &Written| {
        let value = written.quantity.value() * factor;
        let value = if whole { value.round() } else { value };
        let quantity = Quantity::new(value, written.quantity.unit());
        Written { text: quantity.exact(), quantity }
    };
    let limit = match &budget.limit {
        Limit::Max(most) => Limit::Max(scale(most)),
        Limit::Min(least) => Limit::Min(scale(least)),
        Limit::Between(least, most) => Limit::Between(scale(least), scale(most)),
        Limit::About { value, tolerance } => {
            Limit::About { value: scale(value), tolerance: *tolerance }
        }
        limit @ (Limit::Grows(_) | Limit::MatchesSweep { .. }) => limit.clone(),
    };
    let ratchet = budget.ratchet.as_ref().map(|ratchet| {
        let half = Quantity::new(reached / size / 2.0, ratchet.quantity.unit());
        match limit {
            Limit::Max(_) if factor < 1.0 && ratchet.quantity.value() < half.value() => {
                ratchet.clone()
            }
            Limit::Max(_) if factor < 1.0 => Written { text: half.exact(), quantity: half },
            _ => scale(ratchet),
        }
    });
    Budget { limit, ratchet, ..budget.clone() }
}

/// The probes of a budget that was [`scaled`].
pub(crate) fn probes(budget: &Budget, sizes: &[Option<u64>]) -> Vec<Probe> {
    if let Limit::Grows(allowed) = budget.limit {
        return of_growth(budget.metric, allowed, sizes);
    }
    let mut probes = Vec::new();
    let mut probe = |takes: &str, figure: f64, verdict| {
        probes.push(Probe {
            takes: takes.to_owned(),
            demand: demand(budget, sizes, figure),
            verdict,
        });
    };
    let step = Step::of(budget.metric);
    let ratchet = budget.ratchet.as_ref().map(|ratchet| ratchet.quantity.value());
    let ends =
        (budget.limit.least().map(Quantity::value), budget.limit.most().map(Quantity::value));
    match ends {
        (None, Some(most)) => {
            probe(step.words_below, step.kept_below(ratchet.unwrap_or(most)), None);
            probe(step.words_above, step.above(most), Some("over"));
            if let Some(ratchet) = ratchet.filter(|ratchet| step.above(*ratchet) <= most) {
                probe("more than the ratchet", step.above(ratchet), Some("regressed"));
            }
        }
        (Some(least), None) => {
            probe(step.words_above, step.kept_above(ratchet.unwrap_or(least)), None);
            if least > 0.0 {
                probe(step.words_below, step.below(least), Some("over"));
            }
            if let Some(ratchet) = ratchet.filter(|ratchet| step.below(*ratchet) >= least) {
                probe("less than the ratchet", step.below(ratchet), Some("regressed"));
            }
        }
        (Some(least), Some(most)) => {
            probe("the middle", f64::midpoint(least, most), None);
            probe(step.words_above, step.above(most), Some("over"));
            probe(step.words_below, step.below(least), Some("over"));
        }
        (None, None) => {}
    }
    probes
}

/// One percent on either side; of a count, itself and the next one; and a clock on a shared machine
/// is a few percent late now and then.
struct Step {
    share: f64,
    whole: bool,
    words_below: &'static str,
    words_above: &'static str,
}

impl Step {
    fn of(metric: Metric) -> Self {
        let whole = matches!(metric.unit(), Unit::Blocks | Unit::Reallocations);
        match metric {
            Metric::WallTime | Metric::Throughput => {
                Self { share: 0.05, whole, words_below: "95 %", words_above: "105 %" }
            }
            _ => Self { share: 0.01, whole, words_below: "99 %", words_above: "101 %" },
        }
    }

    /// Kept with the least to spare: a count stands at its limit.
    fn kept_below(&self, limit: f64) -> f64 {
        if self.whole { limit } else { limit * (1.0 - self.share) }
    }

    fn kept_above(&self, limit: f64) -> f64 {
        if self.whole { limit } else { limit * (1.0 + self.share) }
    }

    fn below(&self, limit: f64) -> f64 {
        let below = limit * (1.0 - self.share);
        if self.whole { below.ceil() - 1.0 } else { below }
    }

    /// Of a limit of zero, the least there is.
    fn above(&self, limit: f64) -> f64 {
        let above = limit * (1.0 + self.share);
        if self.whole || limit == 0.0 { above.floor() + 1.0 } else { above }
    }
}

/// The class that is allowed must pass, and the next one must not.
fn of_growth(metric: Metric, allowed: Growth, sizes: &[Option<u64>]) -> Vec<Probe> {
    let largest = sizes.iter().flatten().max().copied().unwrap_or(1) as f64;
    let each = |growth| match (growth, metric.is_of_process()) {
        (Growth::Log, true) => f64::from(1 << 22),
        (Growth::Log, false) => 4_096.0,
        (_, true) => 65_536.0,
        // The square of a large size is more than the machine has.
        (Growth::Quadratic, false) => (f64::from(1 << 30) / (largest * largest)).min(64.0),
        (_, false) => 64.0,
    };
    let fixed = fixed(metric).max(1_024.0);
    let probe = |growth: Growth, verdict| Probe {
        takes: format!("{growth} growth"),
        demand: Demand::Grown { fixed, growth, each: each(growth) },
        verdict,
    };
    let faster = Growth::ALL.into_iter().find(|growth| *growth > allowed);
    let faster = faster.map(|growth| probe(growth, Some("over")));
    [Some(probe(allowed, None)), faster].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Basis, Budget, Growth, Limit, Metric, Place, Quantity, Unit, Written};

    use super::{Demand, probes, scaled};

    fn written(value: f64, unit: Unit) -> Written {
        let quantity = Quantity::new(value, unit);
        Written { text: quantity.exact(), quantity }
    }

    fn budget(metric: Metric, limit: Limit) -> Budget {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        Budget::new(metric, limit, place)
    }

    fn figures(budget: &Budget) -> Vec<(f64, Option<&'static str>)> {
        probes(budget, &[None]).iter().map(|probe| (probe.demand.at(None), probe.verdict)).collect()
    }

    #[test]
    fn limits_are_probed_one_percent_on_either_side() {
        let bytes = |value| written(value, Unit::Bytes);
        let max = budget(Metric::PeakHeap, Limit::Max(bytes(1_000.0)));
        assert_eq!(figures(&max), [(990.0, None), (1_010.0, Some("over"))]);
        let min = budget(Metric::PeakHeap, Limit::Min(bytes(1_000.0)));
        assert_eq!(figures(&min), [(1_010.0, None), (990.0, Some("over"))]);
        let between = budget(Metric::PeakHeap, Limit::Between(bytes(100.0), bytes(200.0)));
        let expected = [(150.0, None), (202.0, Some("over")), (99.0, Some("over"))];
        assert_eq!(figures(&between), expected);
        let zero = budget(Metric::EndHeap, Limit::Max(bytes(0.0)));
        assert_eq!(figures(&zero), [(0.0, None), (1.0, Some("over"))]);
        let counted = budget(Metric::TotalBlocks, Limit::Max(written(3.0, Unit::Blocks)));
        assert_eq!(figures(&counted), [(3.0, None), (4.0, Some("over"))]);
        let ratcheted = Budget { ratchet: Some(bytes(500.0)), ..max };
        let expected = [(495.0, None), (1_010.0, Some("over")), (505.0, Some("regressed"))];
        assert_eq!(figures(&ratcheted), expected);
    }

    #[test]
    fn a_slope_is_probed_at_every_size() {
        let limit = Limit::Max(written(100.0, Unit::Bytes));
        let each = Budget { basis: Basis::PerItem, ..budget(Metric::PeakHeap, limit) };
        let [below, above] = probes(&each, &[Some(10), Some(20)]).try_into().unwrap();
        assert_eq!([10, 20].map(|size| below.demand.at(Some(size))), [990.0, 1_980.0]);
        assert_eq!([10, 20].map(|size| above.demand.at(Some(size))), [1_010.0, 2_020.0]);
    }

    #[test]
    fn growth_is_probed_by_the_class_and_the_next() {
        let log = probes(&budget(Metric::PeakHeap, Limit::Grows(Growth::Log)), &[None]);
        let [allowed, faster] = log.try_into().unwrap();
        // 1,024 + 4,096 × 3 and × 4; 1,024 + 64 × 8 and × 16.
        assert_eq!([8, 16].map(|size| allowed.demand.at(Some(size))), [13_312.0, 17_408.0]);
        assert_eq!([8, 16].map(|size| faster.demand.at(Some(size))), [1_536.0, 2_048.0]);
        assert_eq!((allowed.verdict, faster.verdict), (None, Some("over")));
        // A gigabyte at the largest size, and not 64 B × 50,000² = 160 GB.
        let linear = budget(Metric::PeakHeap, Limit::Grows(Growth::Linear));
        let [_, faster] = probes(&linear, &[Some(1_000), Some(50_000)]).try_into().unwrap();
        assert_eq!(faster.demand.at(Some(50_000)), 1_024.0 + f64::from(1 << 30));
    }

    #[test]
    fn large_limits_are_scaled_down() {
        let long = budget(Metric::CpuTime, Limit::Max(written(300.0, Unit::Seconds)));
        assert_eq!(scaled(&long, &[None]).limit.most(), Some(Quantity::seconds(1.0)));
        // By one factor, 3 s would be 10 ms, which no load takes to a hundredth.
        let ratcheted =
            |ratchet| Budget { ratchet: Some(written(ratchet, Unit::Seconds)), ..long.clone() };
        let ratchet =
            |seconds| scaled(&ratcheted(seconds), &[None]).ratchet.map(|ratchet| ratchet.quantity);
        assert_eq!(
            [ratchet(3.0), ratchet(0.2)],
            [0.5, 0.2].map(|value| Some(Quantity::seconds(value)))
        );
        let shallow = budget(Metric::PeakStack, Limit::Max(written(256.0, Unit::Bytes)));
        let reached = Quantity::bytes(f64::from(1 << 17));
        assert_eq!(scaled(&shallow, &[None]).limit.most(), Some(reached));
        let short = budget(Metric::CpuTime, Limit::Max(written(0.5, Unit::Seconds)));
        assert_eq!(scaled(&short, &[None]), short);
        // 2 GiB at the largest size: half of it.
        let limit = Limit::Max(written(f64::from(1 << 20), Unit::Bytes));
        let each = Budget { basis: Basis::PerItem, ..budget(Metric::PeakHeap, limit) };
        let half = scaled(&each, &[Some(1), Some(2_048)]);
        assert_eq!(half.limit.most(), Some(Quantity::bytes(f64::from(1 << 19))));
        assert_eq!(Demand::Flat(3.0).at(Some(9)), 3.0);
    }
}
