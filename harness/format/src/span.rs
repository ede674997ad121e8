//! A range of a file that remembers its file: values from several files can be judged together.

use std::{fmt, ops::Range, sync::Arc};

use crate::{Fault, Place, Source, words::Words};

/// Bytes of one file.
#[derive(Clone, PartialEq)]
pub(crate) struct Span {
    source: Arc<Source>,
    range: Range<usize>,
}

impl Span {
    pub(crate) fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        Span { source: Arc::clone(source), range }
    }

    /// The file.
    pub(crate) fn source(&self) -> Arc<Source> {
        Arc::clone(&self.source)
    }

    /// Where it begins.
    pub(crate) fn place(&self) -> Place {
        self.source.place(self.range.start)
    }

    /// A fault there, which shows the line.
    pub(crate) fn fault(&self, words: Words) -> Fault {
        self.source.fault(self.range.clone(), words)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place().precise())
    }
}
