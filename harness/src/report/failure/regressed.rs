//! A figure within its limit and beyond its ratchet.

use std::fmt::Write as _;

use plimsoll_format::Quantity;

use super::threads::threads;
use super::{Subject, quoted};
use crate::judge::verdict::Judgement;
use crate::measure::measurement::Outcome;

/// The figure, the ratchet, the promise, and how much of the headroom this change uses.
pub(super) fn regressed(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
    outcome: &Outcome,
) -> std::fmt::Result {
    let budget = subject.budget;
    writeln!(out, "{} is within its limit but beyond its ratchet\n", subject.test)?;
    let limit = budget.limit.most().or(budget.limit.least());
    if let (Some(measured), Some(ratchet), Some(limit)) =
        (judgement.measured, &budget.ratchet, limit)
    {
        let family = budget.limit.family();
        let apart = |figure: Quantity, end: Quantity| {
            Quantity::new((figure.value() - end.value()).abs(), figure.unit()).in_family(family)
        };
        let is = measured.in_family(family);
        let shown = if is == ratchet.quantity.in_family(family) { measured.exact() } else { is };
        writeln!(out, "  measured   {shown:<46} {}", budget.place)?;
        writeln!(out, "  ratchet    {ratchet}")?;
        writeln!(out, "  limit      {}", budget.limit)?;
        threads(out, subject, outcome)?;
        writeln!(out, "  promised   {:<46} {}\n", quoted(&budget.quote), budget.cited)?;
        writeln!(
            out,
            "  the promise still holds; this change uses {} of {} headroom\n",
            apart(measured, ratchet.quantity),
            apart(limit, ratchet.quantity)
        )?;
    }
    Ok(())
}
