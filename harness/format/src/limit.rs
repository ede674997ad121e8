//! The limit that a measurement must keep.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Family, Growth, Quantity, Written, digits};

/// What a promise allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// At most this.
    Max(Written),
    /// At least this.
    Min(Written),
    /// From the first to the second, both allowed; the first is the smaller.
    Between(Written, Written),
    /// Around a value.
    About {
        /// The value that the document names.
        value: Written,
        /// The distance allowed on either side, as a fraction of the value: `0.05` for 5 %.
        tolerance: f64,
    },
    /// No faster with the sweep's size than this.
    Grows(Growth),
    /// The range that another case's sweep predicts for a run of this size.
    MatchesSweep {
        /// The case of the same system that is swept.
        sweep: String,
        /// The distance allowed beyond either bound, as a fraction of it: `0.01` for 1 %.
        tolerance: f64,
    },
}

impl Limit {
    /// The least that is allowed; `None` where nothing is too little.
    pub fn least(&self) -> Option<Quantity> {
        match self {
            Limit::Max(_) | Limit::Grows(_) | Limit::MatchesSweep { .. } => None,
            Limit::Min(low) | Limit::Between(low, _) => Some(low.quantity),
            Limit::About { value, tolerance } => Some(value.quantity.times(1.0 - tolerance)),
        }
    }

    /// The most that is allowed; `None` where nothing is too much.
    pub fn most(&self) -> Option<Quantity> {
        match self {
            Limit::Min(_) | Limit::Grows(_) | Limit::MatchesSweep { .. } => None,
            Limit::Max(high) | Limit::Between(_, high) => Some(high.quantity),
            Limit::About { value, tolerance } => Some(value.quantity.times(1.0 + tolerance)),
        }
    }

    /// The figures that the document must name: both ends of a range, none of a growth or
    /// of a sweep, else one.
    pub fn figures(&self) -> Vec<&Written> {
        match self {
            Limit::Max(end) | Limit::Min(end) | Limit::About { value: end, .. } => vec![end],
            Limit::Between(low, high) => vec![low, high],
            Limit::Grows(_) | Limit::MatchesSweep { .. } => Vec::new(),
        }
    }

    /// The family of byte units in which the author thinks.
    pub fn family(&self) -> Family {
        match self {
            Limit::Max(end) | Limit::Min(end) | Limit::About { value: end, .. } => end.family(),
            Limit::Between(_, high) => high.family(),
            Limit::Grows(_) | Limit::MatchesSweep { .. } => Family::Decimal,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Max(high) => write!(f, "at most {high}"),
            Limit::Min(low) => write!(f, "at least {low}"),
            Limit::Between(low, high) => write!(f, "{low} to {high}"),
            Limit::Grows(Growth::Constant) => f.write_str("no growth"),
            Limit::Grows(growth) => write!(f, "{growth} growth at most"),
            Limit::About { value, tolerance } => write!(f, "{value} ± {} %", percent(*tolerance)),
            Limit::MatchesSweep { sweep, tolerance } => {
                write!(f, "matches the sweep {sweep}")?;
                if *tolerance > 0.0 { write!(f, " ± {} %", percent(*tolerance)) } else { Ok(()) }
            }
        }
    }
}

fn percent(share: f64) -> String {
    digits::whole_or_exact(share * 100.0, 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(megabytes: f64) -> Written {
        Written { quantity: Quantity::bytes(megabytes * 1e6), text: format!("{megabytes} MB") }
    }

    #[test]
    fn limits_have_ends_and_a_text() {
        let about = Limit::About { value: written(34.0), tolerance: 0.05 };
        let inside = |tolerance| Limit::MatchesSweep { sweep: "sizes".to_owned(), tolerance };
        for (limit, text, least, most) in [
            (Limit::Max(written(200.0)), "at most 200 MB", None, Some(200e6)),
            (Limit::Min(written(200.0)), "at least 200 MB", Some(200e6), None),
            (
                Limit::Between(written(200.0), written(500.0)),
                "200 MB to 500 MB",
                Some(200e6),
                Some(500e6),
            ),
            // 34 MB × 0.95 = 32.3 MB; 34 MB × 1.05 = 35.7 MB.
            (about, "34 MB ± 5 %", Some(32.3e6), Some(35.7e6)),
            (Limit::Grows(Growth::Constant), "no growth", None, None),
            (Limit::Grows(Growth::Log), "log growth at most", None, None),
            (inside(0.0), "matches the sweep sizes", None, None),
            (inside(0.01), "matches the sweep sizes ± 1 %", None, None),
        ] {
            assert_eq!(limit.to_string(), text);
            let near = |end: Option<Quantity>, expected: Option<f64>| {
                assert_eq!(end.is_some(), expected.is_some());
                if let (Some(end), Some(expected)) = (end, expected) {
                    assert!(end.equals(Quantity::bytes(expected)), "{end:?} {expected}");
                }
            };
            near(limit.least(), least);
            near(limit.most(), most);
        }
    }
}
