//! The recorder is held to dhat: two programs that have nothing in common must see the same.

use std::collections::BTreeSet;

use crate::sites::profile::{Amount, Profile, Usage};
use crate::sites::repeats::Repeats;

/// One figure of one site on which the two disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) site: String,
    pub(crate) figure: &'static str,
    pub(crate) recorded: Amount,
    pub(crate) under_dhat: Amount,
}

/// Where `recorded` is not what dhat saw of another run of the same case, site by site.
pub(crate) fn by_site(
    recorded: &Profile,
    under_dhat: &Profile,
    repeats: Repeats,
) -> Vec<Difference> {
    let sites: BTreeSet<&String> = recorded.sites.keys().chain(under_dhat.sites.keys()).collect();
    let usage = |profile: &Profile, site: &str| {
        profile.sites.get(site).map_or(Usage::default(), |s| s.usage)
    };
    let differences = |site: &String| {
        let (ours, reference) = (usage(recorded, site), usage(under_dhat, site));
        differences(site, &ours, &reference, &under_dhat.whole, repeats)
    };
    sites.into_iter().flat_map(differences).collect()
}

/// The same of all sites together: where a stack was cut before it came to a function of the
/// user's, the recorder cannot know its site, and dhat does.
pub(crate) fn in_sum(
    recorded: &Profile,
    under_dhat: &Profile,
    repeats: Repeats,
) -> Vec<Difference> {
    let whole = &under_dhat.whole;
    differences("all sites", &recorded.whole, whole, whole, repeats)
}

/// What was live at the peak and at the end depends on the order of the threads, so that under
/// several of them only the totals are compared; and of a case that varies, only they, as alike as
/// it says that two of its runs are.
fn differences(
    site: &str,
    ours: &Usage,
    reference: &Usage,
    whole: &Usage,
    repeats: Repeats,
) -> Vec<Difference> {
    let figures = [
        ("in all", ours.total, reference.total, whole.total),
        ("at the peak", ours.peak, reference.peak, whole.peak),
        ("at the end", ours.end, reference.end, whole.end),
    ];
    let compared = if repeats == Repeats::Exactly { figures.len() } else { 1 };
    let alike = |ours: Amount, reference: Amount, whole: Amount| {
        repeats.alike(ours.bytes, reference.bytes, whole.bytes)
            && repeats.alike(ours.blocks, reference.blocks, whole.blocks)
    };
    let figures = figures.into_iter().take(compared);
    figures
        .filter(|(_, recorded, under_dhat, whole)| !alike(*recorded, *under_dhat, *whole))
        .map(|(figure, recorded, under_dhat, _)| Difference {
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

    use plimsoll_format::Share;

    use super::{Difference, by_site, in_sum};
    use crate::sites::profile::{Amount, Profile, Site, Usage};
    use crate::sites::repeats::Repeats::{self, Exactly, InTotal, Within};

    fn profile(sites: &[(&str, [u64; 3])]) -> Profile {
        let amount = |bytes: u64| Amount { bytes, blocks: bytes.div_ceil(100) };
        let site = |[total, peak, end]: [u64; 3]| Site {
            usage: Usage { total: amount(total), peak: amount(peak), end: amount(end) },
            place: None,
            caller: None,
        };
        let sites: BTreeMap<String, Site> =
            sites.iter().map(|(name, figures)| ((*name).to_owned(), site(*figures))).collect();
        let mut whole = Usage::default();
        sites.values().for_each(|site| whole.add(&site.usage));
        Profile { whole, sites }
    }

    #[test]
    fn every_figure_counts_on_one_thread_and_the_totals_on_more() {
        let dhat = profile(&[("a", [100, 50, 10]), ("b", [7, 7, 7])]);
        assert_eq!(by_site(&dhat, &dhat, Exactly), []);
        let ours = profile(&[("a", [100, 49, 11]), ("b", [7, 7, 7])]);
        let figures: Vec<&str> = by_site(&ours, &dhat, Exactly).iter().map(|d| d.figure).collect();
        assert_eq!(figures, ["at the peak", "at the end"]);
        assert_eq!(by_site(&ours, &dhat, InTotal), []);
        let ours = profile(&[("a", [101, 50, 10]), ("b", [7, 7, 7])]);
        assert_eq!(
            by_site(&ours, &dhat, InTotal),
            [Difference {
                site: "a".to_owned(),
                figure: "in all",
                recorded: Amount { bytes: 101, blocks: 2 },
                under_dhat: Amount { bytes: 100, blocks: 1 },
            }]
        );
    }

    #[test]
    fn where_owners_are_unknown_the_sums_have_to_agree() {
        let dhat = profile(&[("a", [100, 50, 10])]);
        let ours = profile(&[("[foreign]", [100, 50, 10])]);
        assert_eq!(in_sum(&ours, &dhat, Exactly), []);
        let figures = |ours: &Profile, repeats: Repeats| {
            in_sum(ours, &dhat, repeats).iter().map(|d| d.figure).collect::<Vec<_>>()
        };
        let ours = profile(&[("[foreign]", [101, 50, 11])]);
        assert_eq!(figures(&ours, Exactly), ["in all", "at the end"]);
        assert_eq!(figures(&ours, InTotal), ["in all"]);
    }

    #[test]
    fn a_site_that_only_one_of_them_saw_is_a_difference() {
        let (one, none) = (profile(&[("a", [1, 1, 1])]), profile(&[]));
        assert_eq!(by_site(&one, &none, InTotal).len(), 1);
        assert_eq!(by_site(&none, &one, InTotal).len(), 1);
    }

    #[test]
    fn of_what_varies_the_totals_have_to_be_as_alike_as_it_says() {
        let fifth = Within(Share::new(0.2));
        // 20 % of 9,000 B are 1,800 B, and 1 % of 10,000 B are 100 B, a block for each.
        let dhat = profile(&[("a", [9_000, 1, 1]), ("b", [1_000, 1, 1])]);
        let sites = |a, b, also: &[(&str, [u64; 3])]| {
            let own = [("a", [a, 700, 700]), ("b", [b, 0, 0])];
            let ours = profile(&[&own, also].concat());
            let differences = by_site(&ours, &dhat, fifth);
            differences.into_iter().map(|d| format!("{} {}", d.site, d.figure)).collect::<Vec<_>>()
        };
        assert_eq!(sites(10_800, 800, &[("new", [100, 100, 100])]), [""; 0]);
        assert_eq!(sites(10_801, 799, &[]), ["a in all", "b in all"]);
        assert_eq!(sites(9_000, 1_000, &[("new", [101, 0, 0])]), ["new in all"]);
        // 20 % of 10,000 are 2,000.
        let sum = |total| in_sum(&profile(&[("[foreign]", [total, 0, 0])]), &dhat, fifth);
        assert_eq!((sum(12_000).len(), sum(12_001).len()), (0, 1));
    }
}
