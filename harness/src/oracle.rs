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

/// Where `recorded` is not what dhat saw of another run of the same case, site by site.
pub(crate) fn by_site(recorded: &Profile, under_dhat: &Profile, threads: u32) -> Vec<Difference> {
    let sites: BTreeSet<&String> = recorded.sites.keys().chain(under_dhat.sites.keys()).collect();
    let held =
        |profile: &Profile, site: &str| profile.sites.get(site).map_or(Held::default(), |s| s.held);
    let differences =
        |site: &String| differences(site, &held(recorded, site), &held(under_dhat, site), threads);
    sites.into_iter().flat_map(differences).collect()
}

/// The same of all sites together: where a stack was cut before it came to a function of the
/// user's, the recorder cannot know its site, and dhat does.
pub(crate) fn in_sum(recorded: &Profile, under_dhat: &Profile, threads: u32) -> Vec<Difference> {
    differences("all sites", &recorded.whole, &under_dhat.whole, threads)
}

/// What was live at the peak and at the end depends on the order of the threads, so that under
/// several of them only the totals are compared.
fn differences(site: &str, ours: &Held, reference: &Held, threads: u32) -> Vec<Difference> {
    let figures = [
        ("in all", ours.total, reference.total),
        ("at the peak", ours.peak, reference.peak),
        ("at the end", ours.end, reference.end),
    ];
    let compared = if threads == 1 { figures.len() } else { 1 };
    let figures = figures.into_iter().take(compared);
    figures
        .filter(|(_, recorded, under_dhat)| recorded != under_dhat)
        .map(|(figure, recorded, under_dhat)| Difference {
            site: site.to_owned(),
            figure,
            recorded,
            under_dhat,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Difference, by_site, in_sum};
    use crate::profile::{Amount, Held, Profile, Site};

    fn profile(sites: &[(&str, [u64; 3])]) -> Profile {
        let amount = |bytes| Amount { bytes, blocks: 1 };
        let site = |[total, peak, end]: [u64; 3]| Site {
            held: Held { total: amount(total), peak: amount(peak), end: amount(end) },
            place: None,
            caller: None,
        };
        let sites: BTreeMap<String, Site> =
            sites.iter().map(|(name, figures)| ((*name).to_owned(), site(*figures))).collect();
        let mut whole = Held::default();
        sites.values().for_each(|site| whole.add(&site.held));
        Profile { whole, sites }
    }

    #[test]
    fn every_figure_counts_on_one_thread_and_the_totals_on_more() {
        let dhat = profile(&[("a", [100, 50, 10]), ("b", [7, 7, 7])]);
        assert_eq!(by_site(&dhat, &dhat, 1), []);
        let ours = profile(&[("a", [100, 49, 11]), ("b", [7, 7, 7])]);
        let figures: Vec<&str> = by_site(&ours, &dhat, 1).iter().map(|d| d.figure).collect();
        assert_eq!(figures, ["at the peak", "at the end"]);
        assert_eq!(by_site(&ours, &dhat, 2), []);
        let ours = profile(&[("a", [101, 50, 10]), ("b", [7, 7, 7])]);
        assert_eq!(
            by_site(&ours, &dhat, 2),
            [Difference {
                site: "a".to_owned(),
                figure: "in all",
                recorded: Amount { bytes: 101, blocks: 1 },
                under_dhat: Amount { bytes: 100, blocks: 1 },
            }]
        );
    }

    #[test]
    fn where_owners_are_unknown_the_sums_have_to_agree() {
        let dhat = profile(&[("a", [100, 50, 10])]);
        let ours = profile(&[("[foreign]", [100, 50, 10])]);
        assert_eq!(in_sum(&ours, &dhat, 1), []);
        let figures = |ours: &Profile, threads| {
            in_sum(ours, &dhat, threads).iter().map(|d| d.figure).collect::<Vec<_>>()
        };
        let ours = profile(&[("[foreign]", [101, 50, 11])]);
        assert_eq!(figures(&ours, 1), ["in all", "at the end"]);
        assert_eq!(figures(&ours, 2), ["in all"]);
    }

    #[test]
    fn a_site_that_only_one_of_them_saw_is_a_difference() {
        let (one, none) = (profile(&[("a", [1, 1, 1])]), profile(&[]));
        assert_eq!(by_site(&one, &none, 8).len(), 1);
        assert_eq!(by_site(&none, &one, 8).len(), 1);
    }
}
