//! Two bounds in words.

use plimsoll_format::Quantity;

/// `2,008,192 B`, or `999,000,000 B to 1,020,000,000 B`.
pub(super) fn range_text([low, high]: [Quantity; 2]) -> String {
    if low == high { low.exact() } else { format!("{} to {}", low.exact(), high.exact()) }
}
