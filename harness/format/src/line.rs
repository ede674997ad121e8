//! The line that a measurement must keep.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Family, Growth, Quantity, Written, digits};

/// What a promise allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
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
        within: f64,
    },
    /// No faster with the sweep's size than this.
    Grows(Growth),
    /// Where another case's sweep says that a run of this size lies.
    Inside {
        /// The case of the same system that is swept.
        sweep: String,
        /// The distance allowed beyond either bound, as a fraction of it: `0.01` for 1 %.
        within: f64,
    },
}

impl Line {
    /// The least that is allowed; `None` where nothing is too little.
    pub fn least(&self) -> Option<Quantity> {
        match self {
            Line::Max(_) | Line::Grows(_) | Line::Inside { .. } => None,
            Line::Min(low) | Line::Between(low, _) => Some(low.quantity),
            Line::About { value, within } => Some(value.quantity.times(1.0 - within)),
        }
    }

    /// The most that is allowed; `None` where nothing is too much.
    pub fn most(&self) -> Option<Quantity> {
        match self {
            Line::Min(_) | Line::Grows(_) | Line::Inside { .. } => None,
            Line::Max(high) | Line::Between(_, high) => Some(high.quantity),
            Line::About { value, within } => Some(value.quantity.times(1.0 + within)),
        }
    }

    /// The figures that the document must name: both ends of a range, none of a growth or
    /// of a sweep, else one.
    pub fn figures(&self) -> Vec<&Written> {
        match self {
            Line::Max(one) | Line::Min(one) | Line::About { value: one, .. } => vec![one],
            Line::Between(low, high) => vec![low, high],
            Line::Grows(_) | Line::Inside { .. } => Vec::new(),
        }
    }

    /// The family of byte units in which the author thinks.
    pub fn family(&self) -> Family {
        match self {
            Line::Max(one) | Line::Min(one) | Line::About { value: one, .. } => one.family(),
            Line::Between(_, high) => high.family(),
            Line::Grows(_) | Line::Inside { .. } => Family::Decimal,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Max(high) => write!(f, "at most {high}"),
            Line::Min(low) => write!(f, "at least {low}"),
            Line::Between(low, high) => write!(f, "{low} to {high}"),
            Line::Grows(Growth::Constant) => f.write_str("no growth"),
            Line::Grows(growth) => write!(f, "{growth} growth at most"),
            Line::About { value, within } => write!(f, "{value} ± {} %", percent(*within)),
            Line::Inside { sweep, within } => {
                write!(f, "inside the sweep {sweep}")?;
                if *within > 0.0 { write!(f, " ± {} %", percent(*within)) } else { Ok(()) }
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
    fn a_line_knows_its_ends_and_its_words() {
        let about = Line::About { value: written(34.0), within: 0.05 };
        let inside = |within| Line::Inside { sweep: "sizes".to_owned(), within };
        for (line, text, least, most) in [
            (Line::Max(written(200.0)), "at most 200 MB", None, Some(200e6)),
            (Line::Min(written(200.0)), "at least 200 MB", Some(200e6), None),
            (
                Line::Between(written(200.0), written(500.0)),
                "200 MB to 500 MB",
                Some(200e6),
                Some(500e6),
            ),
            // 34 MB × 0.95 = 32.3 MB; 34 MB × 1.05 = 35.7 MB.
            (about, "34 MB ± 5 %", Some(32.3e6), Some(35.7e6)),
            (Line::Grows(Growth::Constant), "no growth", None, None),
            (Line::Grows(Growth::Log), "log growth at most", None, None),
            (inside(0.0), "inside the sweep sizes", None, None),
            (inside(0.01), "inside the sweep sizes ± 1 %", None, None),
        ] {
            assert_eq!(line.to_string(), text);
            let near = |end: Option<Quantity>, expected: Option<f64>| {
                assert_eq!(end.is_some(), expected.is_some());
                if let (Some(end), Some(expected)) = (end, expected) {
                    assert!(end.equals(Quantity::bytes(expected)), "{end:?} {expected}");
                }
            };
            near(line.least(), least);
            near(line.most(), most);
        }
    }
}
