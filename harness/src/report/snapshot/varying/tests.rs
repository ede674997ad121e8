use plimsoll_format::Share;
use proptest::prelude::*;

use super::is_like;
use crate::report::snapshot::Page;
use crate::sites::profile::{Amount, Profile, Site, Usage};
use crate::sites::repeats::Repeats;

const FIFTH: Repeats = Repeats::Within(Share::new(0.2));

/// A profile of sites given as (name, bytes in all, bytes at the end), a block for each 100 B; at
/// the peak all of it is held.
fn profile(sites: &[(&str, u64, u64)]) -> Profile {
    let amount = |bytes: u64| Amount { bytes, blocks: bytes.div_ceil(100) };
    let mut profile = Profile::default();
    for (name, total, end) in sites {
        let usage = Usage { peak: amount(*total), total: amount(*total), end: amount(*end) };
        profile.whole.add(&usage);
        profile.sites.insert((*name).to_owned(), Site { usage, place: None, caller: None });
    }
    profile
}

fn page(sites: &[(&str, u64, u64)], accepted: Option<&Page>) -> Page {
    Page::new("toys::case", FIFTH, &profile(sites), accepted)
}

/// 100,000 B in all: a fifth of a twentieth of it are 1,000 B, in 10 blocks.
const ACCEPTED: [(&str, u64, u64); 3] =
    [("toys::a", 60_000, 0), ("toys::b", 37_000, 20_000), ("toys::c", 3_000, 0)];

/// The accepted page, and the one of the same run with other sites.
fn after(change: impl Fn(&mut Vec<(&str, u64, u64)>)) -> (Page, Page) {
    let accepted = page(&ACCEPTED, None);
    let mut sites = ACCEPTED.to_vec();
    change(&mut sites);
    let now = page(&sites, Some(&accepted));
    (accepted, now)
}

#[track_caller]
fn stays(change: impl Fn(&mut Vec<(&str, u64, u64)>)) {
    let (accepted, now) = after(change);
    assert_eq!(now.to_string(), accepted.to_string());
}

#[track_caller]
fn differs(change: impl Fn(&mut Vec<(&str, u64, u64)>)) -> Page {
    let (accepted, now) = after(change);
    assert_ne!(now.to_string(), accepted.to_string());
    now
}

#[test]
fn it_says_by_how_much_it_varies_and_shows_no_peak_of_a_site() {
    let text = page(&[("toys::a", 1_048_500, 100)], None).to_string();
    let (head, body) = text.split_once("\n\n").unwrap();
    assert!(head.ends_with("\nvaries  20 %"), "{head}");
    assert_eq!(
        body,
        "\
peak bytes    1,048,500
total bytes   1,048,500
total blocks  10,485
end bytes     100
end blocks    1

toys::a
  total bytes   1,048,500
  total blocks  10,485
  end bytes     100
  end blocks    1
"
    );
}

#[test]
fn bytes_and_blocks_stick_within_the_share() {
    // 20 % of 60,000 are 12,000, and of its 600 blocks 120.
    stays(|sites| sites[0].1 = 48_000);
    stays(|sites| sites[0].1 = 72_000);
    differs(|sites| sites[0].1 = 72_001);
    differs(|sites| sites[0].1 = 47_900);
    // 20 % of 20,000 are 4,000.
    stays(|sites| sites[1].2 = 24_000);
    differs(|sites| sites[1].2 = 24_001);
    // The same bytes in more blocks.
    let accepted = page(&ACCEPTED, None);
    let in_blocks = |blocks| {
        let mut profile = profile(&ACCEPTED);
        profile.sites.get_mut("toys::a").unwrap().usage.total.blocks = blocks;
        Page::new("toys::case", FIFTH, &profile, Some(&accepted)) == accepted
    };
    assert!(in_blocks(720) && !in_blocks(721));
}

#[test]
fn of_a_small_site_the_slack_is_noise() {
    // 20 % of 3,000 are 600, but 1,000 may come and go.
    stays(|sites| sites[2].1 = 4_000);
    stays(|sites| sites[2].1 = 2_000);
    differs(|sites| sites[2].1 = 4_001);
    stays(|sites| sites.push(("toys::new", 1_000, 0)));
    let page = differs(|sites| sites.push(("toys::new", 1_001, 0)));
    assert_eq!(page.sites["toys::new"]["total bytes"], 1_001);
    // Several of them together are no noise, and are told by name.
    let page = differs(|sites| sites.extend([("toys::d", 700, 0), ("toys::e", 700, 0)]));
    assert_eq!((page.sites.len(), page.sites["toys::e"]["total bytes"]), (5, 700));
    // At the end 20,000 are left, so that 200 are within the slack.
    stays(|sites| sites[0].2 = 200);
    differs(|sites| sites[0].2 = 201);
}

/// 1,440 B in three sites are gone, and 1,400 B in one are there instead.
#[test]
fn a_new_site_does_not_hide_where_others_were() {
    let folded = [("toys::d", 480, 0), ("toys::e", 480, 0), ("toys::f", 480, 0)];
    let accepted = page(&[&ACCEPTED[..], &folded].concat(), None);
    assert_eq!(accepted.sites["others"]["total bytes"], 1_440);
    let now = page(&[&ACCEPTED[..], &[("toys::g", 1_400, 0)]].concat(), Some(&accepted));
    assert_eq!(now.sites["toys::g"]["total bytes"], 1_400);
}

/// What a page of such a case is still for.
#[test]
fn a_larger_change_than_the_case_states_is_shown() {
    let page = differs(|sites| sites.push(("toys::new", 30_000, 0)));
    assert_eq!(page.sites["toys::new"]["total bytes"], 30_000);
    // Of 5 % the sum is within 20 %, and the site is not.
    let page = differs(|sites| sites.push(("toys::new", 5_000, 0)));
    assert_eq!(page.sites["toys::new"]["total bytes"], 5_000);
    assert_eq!(page.whole["total bytes"], 100_000);
    let page = differs(|sites| sites[2].1 = 6_000);
    assert_eq!(page.sites["toys::c"]["total bytes"], 6_000);
    let page = differs(|sites| _ = sites.pop());
    assert!(!page.sites.contains_key("toys::c"));
    // A leak where nothing was left.
    let accepted = self::page(&[("toys::a", 60_000, 0)], None);
    assert_ne!(self::page(&[("toys::a", 60_000, 1)], Some(&accepted)), accepted);
}

#[test]
fn a_small_site_that_was_accepted_stays_while_it_is_away() {
    let small = [("toys::a", 60_000, 0), ("toys::b", 39_000, 0), ("toys::rare", 900, 0)];
    let accepted = page(&small, None);
    assert!(accepted.sites.contains_key("toys::rare"));
    assert_eq!(page(&small[..2], Some(&accepted)), accepted);
}

#[test]
fn what_was_accepted_under_another_share_is_accepted_anew() {
    let exact = Page::new("toys::case", Repeats::Exactly, &profile(&ACCEPTED), None);
    let now = page(&ACCEPTED, Some(&exact));
    assert_eq!(now, page(&ACCEPTED, None));
    assert_ne!(now, exact);
    let tenth = Repeats::Within(Share::new(0.1));
    assert_ne!(Page::new("toys::case", tenth, &profile(&ACCEPTED), Some(&now)), now);
}

type Sites = Vec<(String, u64, u64)>;

/// Half of them leave nothing, so that they may be folded.
fn sites() -> impl Strategy<Value = Sites> {
    let usage = (0_u64..100_000, 0_u64..100);
    prop::collection::btree_map("toys::[a-z]{3}", usage, 1..30).prop_map(|sites| {
        let site = |(name, (total, percent)): (String, (u64, u64))| {
            (name, total, total * percent.saturating_sub(50) / 100)
        };
        sites.into_iter().map(site).collect()
    })
}

fn of(sites: &Sites) -> Profile {
    let sites: Vec<_> =
        sites.iter().map(|(name, total, end)| (name.as_str(), *total, *end)).collect();
    profile(&sites)
}

fn new(sites: &Sites, accepted: Option<&Page>) -> Page {
    Page::new("toys::case", FIFTH, &of(sites), accepted)
}

proptest! {
    #[test]
    fn its_own_run_keeps_a_page(first in sites(), second in sites()) {
        let accepted = new(&first, None);
        prop_assert_eq!(new(&first, Some(&accepted)), accepted.clone());
        let again = new(&second, Some(&accepted));
        prop_assert_eq!(new(&second, Some(&again)), again);
    }

    /// However each site moves, as long as it moves by no more than the share.
    #[test]
    fn every_run_within_the_share_keeps_a_page(
        sites in sites(),
        moved in prop::collection::vec(-18_i64..=18, 30),
    ) {
        let accepted = new(&sites, None);
        let by = |value: u64, percent: i64| value.saturating_add_signed(value as i64 * percent / 100);
        let mut now = sites.clone();
        for ((_, total, end), percent) in now.iter_mut().zip(moved) {
            (*total, *end) = (by(*total, percent), by(*end, percent));
        }
        let (mut now, then) = (of(&now), of(&sites));
        // A block is not to be divided: where there are few, one more is more than a fifth.
        now.whole = Usage::default();
        for (name, site) in &mut now.sites {
            let then = then.sites[name].usage;
            (site.usage.total.blocks, site.usage.end.blocks) = (then.total.blocks, then.end.blocks);
            now.whole.add(&site.usage);
        }
        let page = Page::new("toys::case", FIFTH, &now, Some(&accepted));
        prop_assert_eq!(page.to_string(), accepted.to_string());
    }

    /// A run that is not like the page always makes another.
    #[test]
    fn a_page_that_is_made_afresh_differs(first in sites(), second in sites()) {
        let accepted = new(&first, None);
        let page = new(&second, Some(&accepted));
        prop_assert_eq!(is_like(FIFTH, &of(&second), &accepted), page == accepted);
    }
}
