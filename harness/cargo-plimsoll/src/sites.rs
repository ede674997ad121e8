//! The call sites of a case: what each took from the allocator, and how it was reached.

use std::cmp::Reverse;

use plimsoll::format::{Quantity, Unit};
use plimsoll::sites::{Amount, Profile, Stack, Usage};

use crate::figure::grouped;
use crate::table::{Cell, Side, Table};

/// How many call stacks are printed whole.
const STACKS_SHOWN: usize = 10;

/// A row for all sites together, then one for each, the largest at the peak first.
pub(crate) fn table(profile: &Profile, colours: bool) -> String {
    let mut sites: Vec<_> = profile.sites.iter().collect();
    sites.sort_by_key(|(_, site)| Reverse(weight(&site.usage)));
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
        table.push(row(&site.usage, name, site.place.as_deref().unwrap_or_default()));
    }
    table.render("  ", colours)
}

fn weight(usage: &Usage) -> (u64, u64) {
    (usage.peak.bytes, usage.total.bytes)
}

fn row(usage: &Usage, name: &str, place: &str) -> [Cell; 8] {
    let Usage { peak, total, end } = usage;
    let [a, b, c, d, e, f] =
        [peak.bytes, peak.blocks, total.bytes, total.blocks, end.bytes, end.blocks]
            .map(|count| Cell::from(grouped(count)));
    [a, b, c, d, e, f, name.into(), place.into()]
}

/// The largest stacks whole, innermost frame first.
pub(crate) fn stacks(stacks: &[Stack]) -> String {
    let mut largest: Vec<&Stack> = stacks.iter().collect();
    largest.sort_by_key(|stack| Reverse(weight(&stack.usage)));
    let mut out = String::new();
    for stack in largest.iter().take(STACKS_SHOWN) {
        let Usage { peak, total, .. } = stack.usage;
        out += &format!("  {} at the peak, {} in all\n", amount(peak), amount(total));
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

/// `1,048,576 B in 1 block`.
fn amount(amount: Amount) -> String {
    let blocks = Quantity::new(amount.blocks as f64, Unit::Blocks);
    format!("{} B in {}", grouped(amount.bytes), blocks.exact())
}
