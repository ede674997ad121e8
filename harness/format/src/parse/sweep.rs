//! The sizes of a sweep, and the keys of a budget that need one.

use std::ops::Range;

use serde_json::{Map, Value};
use toml::Spanned;

use super::{Key, Reading};
use crate::{Basis, Sweep, wire::BudgetWire, words, words::Words};

/// Fewer sizes would not show whether a straight line fits them.
const FEWEST: usize = 3;

/// `{ sandboxes = [1, 5, 10] }`
pub(super) fn parse_sweep(
    reading: &mut Reading,
    stated: Spanned<Map<String, Value>>,
    params: &Map<String, Value>,
) -> Option<Sweep> {
    let span = stated.span();
    match read(stated.get_ref(), params) {
        Ok(sweep) => Some(sweep),
        Err(words) => {
            reading.fault(span, words);
            None
        }
    }
}

fn read(stated: &Map<String, Value>, params: &Map<String, Value>) -> Result<Sweep, Words> {
    let mut stated = stated.iter();
    let (Some((parameter, sizes)), None) = (stated.next(), stated.next()) else {
        return Err(words::not_one_parameter());
    };
    if params.contains_key(parameter) {
        return Err(words::swept_twice(parameter));
    }
    let sizes = sizes.as_array().ok_or_else(|| words::not_sizes(parameter))?;
    let sizes: Option<Vec<u64>> = sizes.iter().map(Value::as_u64).collect();
    let sizes = sizes.ok_or_else(|| words::not_sizes(parameter))?;
    let rising = sizes.is_sorted_by(|a, b| a < b) && sizes.first().is_some_and(|size| *size > 0);
    if !rising || sizes.len() < FEWEST {
        return Err(words::not_sizes(parameter));
    }
    Ok(Sweep { parameter: parameter.clone(), sizes })
}

/// The figure of the sweep that `per` or `at_size` names; `None` after a fault.
pub(super) fn parse_basis(
    reading: &mut Reading,
    key: &Key<'_>,
    wire: &mut BudgetWire,
    sweep: Option<&Sweep>,
) -> Option<Basis> {
    let (fault, words): (Range<usize>, Words) =
        match (wire.per.take(), wire.at_size.take(), &wire.grows) {
            (None, None, None) => return Some(Basis::Run),
            (Some(per), Some(_), _) => (per.span(), words::two_bases("per", "at_size")),
            (Some(per), _, Some(_)) => (per.span(), words::two_bases("per", "grows")),
            (_, Some(size), Some(_)) => (size.span(), words::two_bases("at_size", "grows")),
            (None, None, Some(grows)) => match sweep {
                Some(_) => return Some(Basis::Run),
                None => (grows.span(), words::no_sweep("grows", key.get_ref())),
            },
            (Some(per), None, None) => match sweep {
                Some(sweep) if sweep.parameter == *per.get_ref() => return Some(Basis::PerItem),
                Some(sweep) => (per.span(), words::not_swept(per.get_ref(), &sweep.parameter)),
                None => (per.span(), words::no_sweep("per", key.get_ref())),
            },
            (None, Some(size), None) => match (sweep, u64::try_from(*size.get_ref())) {
                (Some(_), Ok(size @ 1..)) => return Some(Basis::AtSize(size)),
                (Some(_), _) => (size.span(), words::not_a_size(*size.get_ref())),
                (None, _) => (size.span(), words::no_sweep("at_size", key.get_ref())),
            },
        };
    reading.fault(fault, words);
    None
}
