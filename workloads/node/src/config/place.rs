//! Where in a file something stands.

use std::ops::Range;

use crate::Error;

/// A file by its name, and its text.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

impl File<'_> {
    /// An error at a place, with its remedy.
    pub(super) fn wrong(
        self,
        span: Option<Range<usize>>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Error {
        let before = span.map_or(0, |span| span.start).min(self.text.len());
        let line = 1 + self.text.as_bytes()[..before].iter().filter(|byte| **byte == b'\n').count();
        Error::Config { file: self.name.into(), line, found: found.into(), remedy: remedy.into() }
    }

    /// The line in which it stands, as it was written.
    pub(super) fn line(self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = self.text.get(start..).and_then(|rest| rest.lines().next());
        format!("`{}`", line.unwrap_or_default().trim())
    }
}
