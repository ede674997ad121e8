//! The raw shapes of `budgets.toml`, as serde reads them; they never leave the crate.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};
use toml::Spanned;

/// A case without its budgets, which are read one by one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseWire {
    pub(crate) workload: Option<Spanned<String>>,
    pub(crate) params: Option<Map<String, Value>>,
    pub(crate) expect: Option<Spanned<Value>>,
    pub(crate) sweep: Option<Spanned<Map<String, Value>>>,
    pub(crate) threads: Option<Spanned<i64>>,
    pub(crate) varies: Option<Spanned<ScalarWire>>,
    pub(crate) timeout: Option<Spanned<ScalarWire>>,
    pub(crate) settle: Option<Spanned<ScalarWire>>,
    pub(crate) heavy: Option<Spanned<ScalarWire>>,
    pub(crate) cap: Option<Spanned<ScalarWire>>,
    pub(crate) children: Option<Spanned<ScalarWire>>,
    pub(crate) without: Option<Vec<Spanned<String>>>,
}

impl CaseWire {
    /// The keys of a case; `budgets` is taken out before the rest is read.
    pub(crate) const KEYS: [&str; 13] = [
        "workload", "params", "expect", "sweep", "threads", "varies", "timeout", "settle", "heavy",
        "cap", "children", "without", "budgets",
    ];
}

/// The keys of a case that may stand in a system's defaults: a case can state something else for
/// each.
pub(crate) const DEFAULTS: [&str; 9] =
    ["workload", "params", "threads", "timeout", "settle", "heavy", "cap", "children", "budgets"];

/// A budget; what must be there is checked later, with better words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BudgetWire {
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) measure: Option<Spanned<String>>,
    pub(crate) rate: Option<Spanned<String>>,
    pub(crate) at: Option<Spanned<Value>>,
    pub(crate) during: Option<Spanned<String>>,
    pub(crate) after: Option<Spanned<String>>,
    pub(crate) above_start: Option<Spanned<ScalarWire>>,
    pub(crate) per: Option<Spanned<String>>,
    pub(crate) at_size: Option<Spanned<i64>>,
    pub(crate) ratio_to: Option<Spanned<String>>,
    pub(crate) max: Option<Spanned<ScalarWire>>,
    pub(crate) min: Option<Spanned<ScalarWire>>,
    pub(crate) between: Option<Spanned<Vec<Spanned<ScalarWire>>>>,
    pub(crate) about: Option<Spanned<ScalarWire>>,
    pub(crate) tolerance: Option<Spanned<ScalarWire>>,
    pub(crate) grows: Option<Spanned<String>>,
    pub(crate) matches_sweep: Option<Spanned<String>>,
    pub(crate) ratchet: Option<Spanned<ScalarWire>>,
    pub(crate) quote: Option<Spanned<String>>,
    pub(crate) why: Option<Spanned<String>>,
}

impl BudgetWire {
    pub(crate) const KEYS: [&str; 20] = [
        "id",
        "measure",
        "rate",
        "at",
        "during",
        "after",
        "above_start",
        "per",
        "at_size",
        "ratio_to",
        "max",
        "min",
        "between",
        "about",
        "tolerance",
        "grows",
        "matches_sweep",
        "ratchet",
        "quote",
        "why",
    ];
}

/// A waiver: a sentence, or a page, that promises nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiverWire {
    pub(crate) document: Option<Spanned<String>>,
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) quote: Option<Spanned<String>>,
    pub(crate) why: Option<Spanned<String>>,
}

impl WaiverWire {
    pub(crate) const KEYS: [&str; 4] = ["document", "id", "quote", "why"];
}

/// One value that should be a text with a unit, or a truth value, and may be a bare number by
/// mistake.
#[derive(Debug)]
pub(crate) enum ScalarWire {
    Text(String),
    Number(String),
    Truth(bool),
    Other(&'static str),
}

impl<'de> Deserialize<'de> for ScalarWire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> de::Visitor<'de> for ScalarVisitor {
    type Value = ScalarWire;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quantity such as \"200 MB\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ScalarWire, E> {
        Ok(ScalarWire::Text(text.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<ScalarWire, E> {
        Ok(ScalarWire::Number(number.to_string()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<ScalarWire, E> {
        Ok(ScalarWire::Number(number.to_string()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<ScalarWire, E> {
        Ok(ScalarWire::Number(number.to_string()))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<ScalarWire, E> {
        Ok(ScalarWire::Truth(truth))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<ScalarWire, A::Error> {
        while seq.next_element::<de::IgnoredAny>()?.is_some() {}
        Ok(ScalarWire::Other("a list"))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<ScalarWire, A::Error> {
        while map.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(ScalarWire::Other("a table or a date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lists of keys and the shapes must not drift apart: serde names the fields it knows.
    fn known<T: for<'de> Deserialize<'de> + fmt::Debug>() -> Vec<String> {
        let error = toml::from_str::<T>("nonsense = 1").unwrap_err().message().to_owned();
        error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_lists_of_keys_are_those_of_the_shapes() {
        assert_eq!(known::<BudgetWire>(), BudgetWire::KEYS);
        assert_eq!(known::<WaiverWire>(), WaiverWire::KEYS);
        assert_eq!(known::<CaseWire>(), CaseWire::KEYS[..12]);
    }
}
