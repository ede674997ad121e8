//! The call sites of a case: what each took from the allocator, and how it was reached.

use std::cmp::Reverse;

use plimsoll::{Held, Profile, Stack};

use crate::figure::grouped;
use crate::table::{Cell, Side, Table};

/// How many call stacks are printed whole.
const STACKS_SHOWN: usize = 10;

/// Crates that measure; in a workspace that holds them they are not the user's own.
const HARNESS: [&str; 4] = ["cargo_plimsoll", "plimsoll", "plimsoll_format", "plimsoll_macros"];

/// The profile of these stacks by the functions of `crates`, without the harness.
pub(crate) fn gather(stacks: &[Stack], crates: &[String]) -> Profile {
    let own: Vec<&str> =
        crates.iter().map(String::as_str).filter(|name| !HARNESS.contains(name)).collect();
    Profile::gather(stacks, &own)
}

/// A row for all sites together, then one for each, the largest at the peak first.
pub(crate) fn table(profile: &Profile, colours: bool) -> String {
    let mut sites: Vec<_> = profile.sites.iter().collect();
    sites.sort_by_key(|(_, site)| Reverse(weight(&site.held)));
    let mut table = Table::new([
        ("peak bytes", Side::Right),
        ("blocks", Side::Right),
        ("total bytes", Side::Right),
        ("blocks", Side::Right),
        ("end bytes", Side::Right),
        ("blocks", Side::Right),
        ("site", Side::Left),
        ("place", Side::Left),
    ]);
    table.push(row(&profile.whole, "all sites", ""));
    for (name, site) in sites {
        table.push(row(&site.held, name, site.place.as_deref().unwrap_or_default()));
    }
    table.render("  ", colours)
}

fn weight(held: &Held) -> (u64, u64) {
    (held.peak.bytes, held.total.bytes)
}

fn row(held: &Held, name: &str, place: &str) -> [Cell; 8] {
    let Held { peak, total, end } = held;
    let [a, b, c, d, e, f] =
        [peak.bytes, peak.blocks, total.bytes, total.blocks, end.bytes, end.blocks]
            .map(|count| Cell::from(grouped(count)));
    [a, b, c, d, e, f, name.into(), place.into()]
}

/// The largest stacks whole, innermost frame first.
pub(crate) fn stacks(stacks: &[Stack]) -> String {
    let mut largest: Vec<&Stack> = stacks.iter().collect();
    largest.sort_by_key(|stack| Reverse(weight(&stack.held)));
    let mut out = String::new();
    for stack in largest.iter().take(STACKS_SHOWN) {
        let Held { peak, total, .. } = stack.held;
        out += &format!(
            "  {} B in {} blocks at the peak, {} B in {} blocks in all\n",
            grouped(peak.bytes),
            grouped(peak.blocks),
            grouped(total.bytes),
            grouped(total.blocks)
        );
        for frame in &stack.frames {
            let place = frame.place().map(|place| format!("  {place}")).unwrap_or_default();
            out += &format!("    {}{place}\n", frame.function());
        }
        out.push('\n');
    }
    if largest.len() > STACKS_SHOWN {
        out += &format!("  and {} smaller ones\n", largest.len() - STACKS_SHOWN);
    }
    out
}
