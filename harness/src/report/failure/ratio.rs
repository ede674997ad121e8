//! The two sides of a ratio, with their cases.

use std::fmt::Write as _;

use plimsoll_format::Basis;

use super::Subject;
use crate::judge::verdict::Judgement;

/// Both figures, and which was divided by which.
pub(super) fn sides(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
) -> std::fmt::Result {
    let (Some([own, theirs]), Some(other)) = (judgement.sides, &subject.budget.ratio_to) else {
        return Ok(());
    };
    let system = subject.case_name.split("::").next().unwrap_or_default();
    let other = format!("{system}::{other}");
    let of_each = match (subject.budget.basis, &subject.case.sweep) {
        (Basis::PerItem, Some(sweep)) => format!(" for each of {}", sweep.parameter),
        (Basis::AtSize(size), Some(sweep)) => format!(" at {} = {size}", sweep.parameter),
        _ => String::new(),
    };
    let wide = subject.case_name.chars().count().max(other.chars().count());
    writeln!(out, "  ratio      {:<wide$}   {own}{of_each}", subject.case_name)?;
    writeln!(out, "        to   {other:<wide$}   {theirs}{of_each}")?;
    if let (Some([low, high]), Some(measured)) = (judgement.bounds, judgement.measured) {
        writeln!(out, "             {measured}, between {low} and {high}")?;
    }
    writeln!(out)
}
