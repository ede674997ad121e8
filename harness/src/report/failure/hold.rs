//! A promise that is kept, but with less to spare than before.

use std::fmt::Write as _;

use plimsoll_format::Quantity;

use super::{Subject, quoted};
use crate::judge::verdict::Judgement;

/// What was measured, what was held, what is promised, and how much of the headroom is spent.
pub(super) fn slipped(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
) -> std::fmt::Result {
    let budget = subject.budget;
    writeln!(out, "{} keeps its line and lost its hold\n", subject.test)?;
    let line = budget.limit.most().or(budget.limit.least());
    if let (Some(measured), Some(hold), Some(line)) = (judgement.measured, &budget.ratchet, line) {
        let family = budget.limit.family();
        let apart = |one: Quantity, other: Quantity| {
            Quantity::new((one.value() - other.value()).abs(), one.unit()).in_family(family)
        };
        let is = measured.in_family(family);
        let shown = if is == hold.quantity.in_family(family) { measured.exact() } else { is };
        writeln!(out, "  measured   {shown:<46} {}", budget.place)?;
        writeln!(out, "  hold       {hold}")?;
        writeln!(out, "  line       {}", budget.limit)?;
        writeln!(out, "  promised   {:<46} {}\n", quoted(&budget.quote), budget.cited)?;
        writeln!(
            out,
            "  the promise still stands; you have spent {} of {} headroom\n",
            apart(measured, hold.quantity),
            apart(line, hold.quantity)
        )?;
    }
    Ok(())
}
