use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Snapshot, Values, target};
use crate::sites::profile::{Amount, Profile, Site, Usage};
use crate::sites::repeats::Repeats;

fn amount(bytes: u64, blocks: u64) -> Amount {
    Amount { bytes, blocks }
}

/// A profile of sites given as (name, bytes at the peak); each byte count stands for the total
/// as well, in one block.
fn profile(sites: &[(&str, u64)]) -> Profile {
    let mut profile = Profile::default();
    for (name, bytes) in sites {
        let usage =
            Usage { peak: amount(*bytes, 1), total: amount(*bytes, 1), end: Amount::default() };
        profile.whole.add(&usage);
        profile.sites.insert((*name).to_owned(), Site { usage, place: None, caller: None });
    }
    profile
}

fn snapshot(sites: &[(&str, u64)], accepted: Option<&Snapshot>) -> Snapshot {
    Snapshot::new("toys::case", Repeats::Exactly, &profile(sites), accepted)
}

#[test]
fn a_page_reads_like_a_page() {
    let text = snapshot(&[("toys::large", 1_048_576), ("toys::small", 100_000)], None).to_string();
    let expected = format!(
        "\
case    toys::case
target  {}

peak bytes    1,148,576
peak blocks   2
total bytes   1,148,576
total blocks  2
end bytes     0
end blocks    0

toys::large
  peak bytes    1,048,576
  peak blocks   1
  total bytes   1,048,576
  total blocks  1

toys::small
  peak bytes    100,000
  peak blocks   1
  total bytes   100,000
  total blocks  1
",
        target()
    );
    assert_eq!(text, expected);
}

#[test]
fn bytes_stick_within_two_percent_and_blocks_do_not() {
    let accepted = snapshot(&[("toys::a", 1_000)], None);
    let same = |bytes| snapshot(&[("toys::a", bytes)], Some(&accepted)) == accepted;
    assert!(same(980) && same(1_020));
    assert!(!same(979) && !same(1_021));
    let mut two_blocks = profile(&[("toys::a", 1_000)]);
    two_blocks.sites.get_mut("toys::a").unwrap().usage.total.blocks = 2;
    assert_ne!(
        Snapshot::new("toys::case", Repeats::Exactly, &two_blocks, Some(&accepted)),
        accepted
    );
}

#[test]
fn sticking_does_not_drift() {
    // Each step is within 2 % of the one before; the snapshot stays at the first, until the value
    // has left *it* by more than 2 %.
    let first = snapshot(&[("toys::a", 1_000)], None);
    let mut accepted = first.clone();
    for bytes in [1_010, 1_020] {
        accepted = snapshot(&[("toys::a", bytes)], Some(&accepted));
        assert_eq!(accepted, first);
    }
    assert_ne!(snapshot(&[("toys::a", 1_030)], Some(&accepted)), first);
}

#[test]
fn small_sites_are_folded_and_hold_four_percent_at_most() {
    // Of 1,000 B, 15 + 15 are 3 %; with the 20 it would be 5 %.
    let sites = [("toys::a", 950), ("toys::b", 20), ("toys::c", 15), ("toys::d", 15)];
    let snapshot = snapshot(&sites, None);
    let names: Vec<&str> = snapshot.sites.keys().map(String::as_str).collect();
    assert_eq!(names, ["others", "toys::a", "toys::b"]);
    assert_eq!(snapshot.sites["others"]["peak bytes"], 30);
}

#[test]
fn one_small_site_keeps_its_name() {
    let snapshot = snapshot(&[("toys::a", 990), ("toys::b", 10)], None);
    assert!(snapshot.sites.contains_key("toys::b"));
}

#[test]
fn a_leak_is_never_folded() {
    let mut leaky = profile(&[("toys::a", 99_000), ("toys::b", 100), ("toys::c", 100)]);
    leaky.sites.get_mut("toys::b").unwrap().usage.end = amount(64, 1);
    let snapshot = Snapshot::new("toys::case", Repeats::Exactly, &leaky, None);
    assert_eq!(snapshot.sites["toys::b"]["end bytes"], 64);
}

#[test]
fn a_threaded_case_shows_no_peak() {
    let snapshot =
        Snapshot::new("toys::case", Repeats::InTotal, &profile(&[("toys::a", 1_000)]), None);
    assert!(!snapshot.whole.keys().any(|name| name.starts_with("peak")));
    assert!(!snapshot.sites["toys::a"].contains_key("peak bytes"));
    assert_eq!(snapshot.sites["toys::a"]["total bytes"], 1_000);
    assert!(
        snapshot.tells("total bytes")
            && snapshot.tells("end bytes")
            && !snapshot.tells("peak bytes")
    );
    assert!(self::snapshot(&[("toys::a", 1_000)], None).tells("peak bytes"));
}

fn values() -> impl Strategy<Value = Values> {
    prop::collection::btree_map(prop::sample::select(super::NAMES.to_vec()), any::<u64>(), 1..6)
}

proptest! {
    #[test]
    fn printed_snapshot_reads_back(
        whole in values(),
        sites in prop::collection::btree_map("[a-z]{1,8}(::[a-z]{1,8}){1,3}", values(), 0..5),
        varies in prop::option::of("[1-9] %"),
    ) {
        let snapshot = Snapshot { case: "toys::case".to_owned(), target: target(), varies, whole, sites };
        prop_assert_eq!(Snapshot::read(&snapshot.to_string()), snapshot.clone());
        let accepted = format!("---\nsource: tests/budgets.rs\n---\n{snapshot}");
        prop_assert_eq!(Snapshot::read(&accepted), snapshot);
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        Snapshot::read(&text);
    }

    /// What was accepted is printed again from the very same profile, whatever was folded.
    #[test]
    fn accepted_snapshot_is_stable(sizes in prop::collection::vec(1u64..100_000, 1..20)) {
        let names: Vec<String> = (0..sizes.len()).map(|at| format!("toys::site{at}")).collect();
        let sites: Vec<(&str, u64)> =
            names.iter().map(String::as_str).zip(sizes).collect();
        let first = snapshot(&sites, None);
        prop_assert_eq!(snapshot(&sites, Some(&first)), first.clone());
        let others = first.sites.get("others").map_or(0, |values| values["peak bytes"]);
        prop_assert!(others as f64 <= first.whole["peak bytes"] as f64 * 0.05);
    }
}

#[test]
fn only_a_whole_page_of_the_same_case_can_be_of_another_target() {
    let foreign = |text: &str| Snapshot::read(text).foreign_target("toys::case");
    let elsewhere = "case    toys::case\ntarget  sparc64-solaris\n";
    assert_eq!(foreign(elsewhere).as_deref(), Some("sparc64-solaris"));
    assert_eq!(foreign(&format!("case    toys::case\ntarget  {}\n", target())), None);
    for damaged in ["", "case    toys::case\n", "case    toys::case\ntarget  ?\n"] {
        assert_eq!(foreign(damaged), None, "{damaged}");
    }
    assert_eq!(foreign(&elsewhere.replace("toys::case", "toys::other")), None);
}

#[test]
fn values_of_zero_are_left_out_of_sites() {
    let snapshot = snapshot(&[("toys::a", 1_000)], None);
    let expected = BTreeMap::from([
        ("peak bytes", 1_000),
        ("peak blocks", 1),
        ("total bytes", 1_000),
        ("total blocks", 1),
    ]);
    assert_eq!(snapshot.sites["toys::a"], expected);
}
