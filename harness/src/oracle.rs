//! The recorder is held to dhat: two programs that have nothing in common must see the same.

use std::collections::BTreeSet;

use crate::profile::{Amount, Held, Profile};

/// One figure of one site on which the two disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) site: String,
    pub(crate) figure: &'static str,
    pub(crate) recorded: Amount,
    pub(crate) under_dhat: Amount,
}

/// Where `recorded` is not what dhat saw of another run of the same case. What was live at the
/// peak and at the end depends on the order of the threads, so that under several of them only
/// the totals are compared.
pub(crate) fn differences(
    recorded: &Profile,
    under_dhat: &Profile,
    threads: u32,
) -> Vec<Difference> {
    let sites: BTreeSet<&String> = recorded.sites.keys().chain(under_dhat.sites.keys()).collect();
    let held =
        |profile: &Profile, site: &str| profile.sites.get(site).map_or(Held::default(), |s| s.held);
    let mut differences = Vec::new();
    for site in sites {
        let (ours, reference) = (held(recorded, site), held(under_dhat, site));
        let figures = [
            ("in all", ours.total, reference.total),
            ("at the peak", ours.peak, reference.peak),
            ("at the end", ours.end, reference.end),
        ];
        let compared = if threads == 1 { figures.len() } else { 1 };
        for (figure, recorded, under_dhat) in figures.into_iter().take(compared) {
            if recorded != under_dhat {
                differences.push(Difference { site: site.clone(), figure, recorded, under_dhat });
            }
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Difference, differences};
    use crate::profile::{Amount, Held, Profile, Site};

    fn profile(sites: &[(&str, [u64; 3])]) -> Profile {
        let amount = |bytes| Amount { bytes, blocks: 1 };
        let site = |[total, peak, end]: [u64; 3]| Site {
            held: Held { total: amount(total), peak: amount(peak), end: amount(end) },
            place: None,
        };
        let sites: BTreeMap<String, Site> =
            sites.iter().map(|(name, figures)| ((*name).to_owned(), site(*figures))).collect();
        Profile { whole: Held::default(), sites }
    }

    #[test]
    fn every_figure_counts_on_one_thread_and_the_totals_on_more() {
        let dhat = profile(&[("a", [100, 50, 10]), ("b", [7, 7, 7])]);
        assert_eq!(differences(&dhat, &dhat, 1), []);
        let ours = profile(&[("a", [100, 49, 11]), ("b", [7, 7, 7])]);
        let figures: Vec<&str> = differences(&ours, &dhat, 1).iter().map(|d| d.figure).collect();
        assert_eq!(figures, ["at the peak", "at the end"]);
        assert_eq!(differences(&ours, &dhat, 2), []);
        let ours = profile(&[("a", [101, 50, 10]), ("b", [7, 7, 7])]);
        assert_eq!(
            differences(&ours, &dhat, 2),
            [Difference {
                site: "a".to_owned(),
                figure: "in all",
                recorded: Amount { bytes: 101, blocks: 1 },
                under_dhat: Amount { bytes: 100, blocks: 1 },
            }]
        );
    }

    #[test]
    fn a_site_that_only_one_of_them_saw_is_a_difference() {
        let (one, none) = (profile(&[("a", [1, 1, 1])]), profile(&[]));
        assert_eq!(differences(&one, &none, 8).len(), 1);
        assert_eq!(differences(&none, &one, 8).len(), 1);
    }
}
