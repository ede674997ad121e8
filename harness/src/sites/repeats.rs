//! How alike two runs of a case are. By this the two recorders are compared, and the snapshots of a case
//! that varies; the 2 % of every other snapshot are in `report/snapshot.rs`.

use plimsoll_format::{Case, Share};

/// The part of the whole below which a site may be folded. What one of that size may vary, every
/// smaller one may too: else the smallest sites, which vary the most, would decide.
pub(crate) const SMALL: f64 = 0.05;

/// How far a case repeats itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Repeats {
    /// Every run allocates the same, in the same order.
    Exactly,
    /// Every run allocates the same in all; what each site has live at the peak depends on the
    /// order of the threads.
    InTotal,
    /// Runs lie apart, by that share at most.
    Within(Share),
}

impl Repeats {
    pub(crate) fn of(case: &Case) -> Self {
        match (case.varies, case.threads) {
            (Some(share), _) => Self::Within(share),
            (None, 1) => Self::Exactly,
            (None, _) => Self::InTotal,
        }
    }

    /// By how much the case varies, if it does.
    pub(crate) fn share(self) -> Option<Share> {
        match self {
            Self::Within(share) => Some(share),
            Self::Exactly | Self::InTotal => None,
        }
    }

    /// How much a value may differ from another run's, however small it is: so much is noise
    /// beside the same value of the whole program.
    pub(crate) fn slack(self, whole: u64) -> f64 {
        self.share().map_or(0.0, |share| share.of(whole) * SMALL)
    }

    /// Whether `value` may be of the same program as `reference`, in a program that has `whole`.
    pub(crate) fn alike(self, value: u64, reference: u64, whole: u64) -> bool {
        let own = self.share().map_or(0.0, |share| share.of(reference));
        value.abs_diff(reference) as f64 <= own.max(self.slack(whole))
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_format::{Place, Share};

    use super::*;

    #[test]
    fn case_determines_how_it_repeats() {
        let place = Place { file: "budgets.toml".to_owned(), line: 1, column: 1 };
        let mut case = Case::new("case", "work", place);
        assert_eq!(Repeats::of(&case), Repeats::Exactly);
        case.threads = 2;
        assert_eq!(Repeats::of(&case), Repeats::InTotal);
        case.varies = Some(Share::new(0.2));
        assert_eq!(Repeats::of(&case), Repeats::Within(Share::new(0.2)));
        case.threads = 1;
        assert_eq!(Repeats::of(&case), Repeats::Within(Share::new(0.2)));
    }

    #[test]
    fn values_are_alike_within_a_share_of_themselves_or_the_whole() {
        let fifth = Repeats::Within(Share::new(0.2));
        // 20 % of 5,000 are 1,000; 1 % of 100,000 are 1,000 too, and more than 20 % of 100.
        for (reference, least, most) in [(20_000, 16_000, 24_000), (100, 0, 1_100), (0, 0, 1_000)] {
            let alike = |value| fifth.alike(value, reference, 100_000);
            assert!(alike(least) && alike(reference) && alike(most), "{reference}");
            assert!(least == 0 || !alike(least - 1), "{reference}");
            assert!(!alike(most + 1), "{reference}");
        }
        for repeats in [Repeats::Exactly, Repeats::InTotal] {
            assert!(repeats.alike(7, 7, 100_000) && !repeats.alike(7, 8, 100_000));
        }
    }
}
