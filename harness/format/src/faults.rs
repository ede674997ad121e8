//! All that is wrong, in the order of the files.

use std::fmt;

use crate::Fault;

/// The faults of one check; never empty when it leaves this crate as an error.
///
/// `Display` renders each in full, with an empty line between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn append(&mut self, mut others: Faults) {
        self.0.append(&mut others.0);
    }

    /// `value` when nothing was found, else the faults in the order of their places.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T, Faults> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by(|a, b| a.place().cmp(b.place()));
        self.0.dedup();
        Err(self)
    }

    /// Takes over the faults of a part; its value if there is one.
    pub(crate) fn take<T>(&mut self, part: Result<T, Faults>) -> Option<T> {
        part.map_err(|faults| self.0.extend(faults.0)).ok()
    }

    /// Each fault, the first place first.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Faults(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
