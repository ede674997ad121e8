//! The generated parts of a written page, each between two markers.

use anyhow::{Context as _, ensure};

/// The lines before and after a generated part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Markers {
    start: &'static str,
    end: &'static str,
}

/// Around the results of all budgets, one section for each system.
pub(crate) const REPORT: Markers =
    Markers { start: "<!-- plimsoll:report -->", end: "<!-- /plimsoll:report -->" };

/// Around the summary, one row for each system.
pub(crate) const SYSTEMS: Markers =
    Markers { start: "<!-- plimsoll:systems -->", end: "<!-- /plimsoll:systems -->" };

/// `text` with every part replaced whose markers it has; a part ends in a line feed.
///
/// Each marker must be the only text of its line, and occur once.
pub(crate) fn splice(text: &str, parts: &[(Markers, String)]) -> anyhow::Result<String> {
    let mut new = text.to_owned();
    let mut found = false;
    for (markers, part) in parts {
        if let Some(spliced) = markers.splice(&new, part)? {
            new = spliced;
            found = true;
        }
    }
    ensure!(
        found,
        "the page has no markers\n   allowed: a pair for the results of every budget, a pair for \
         one row a system; each marker on a line of its own\n   \
         example: {}\n            {}\n            {}\n            {}",
        REPORT.start,
        REPORT.end,
        SYSTEMS.start,
        SYSTEMS.end
    );
    Ok(new)
}

impl Markers {
    /// The text with the part between the markers; `None` where it has neither.
    fn splice(self, text: &str, part: &str) -> anyhow::Result<Option<String>> {
        let Self { start, end } = self;
        let (at_start, at_end) = match (position(text, start)?, position(text, end)?) {
            (None, None) => return Ok(None),
            (Some(at_start), Some(at_end)) => (at_start, at_end),
            (Some(_), None) => anyhow::bail!("`{start}` has no `{end}` after it"),
            (None, Some(_)) => anyhow::bail!("`{end}` has no `{start}` before it"),
        };
        let behind = text[at_start..].find('\n').map(|at| at_start + at + 1);
        let behind = behind.filter(|behind| *behind <= at_end);
        let behind = behind.with_context(|| format!("`{end}` is before `{start}`"))?;
        Ok(Some(format!("{}\n{part}\n{}", &text[..behind], &text[at_end..])))
    }
}

/// The start of the line that has only the marker.
fn position(text: &str, marker: &str) -> anyhow::Result<Option<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if line.trim() == marker {
            found.push((start, at + 1));
        }
        start += line.len();
    }
    let lines: Vec<String> = found.iter().map(|(_, line)| line.to_string()).collect();
    ensure!(found.len() < 2, "`{marker}` is on lines {}: keep one", lines.join(" and "));
    Ok(found.first().map(|(start, _)| *start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = REPORT.start;
    const END: &str = REPORT.end;

    fn spliced(text: &str) -> anyhow::Result<String> {
        splice(text, &[(REPORT, "| new |\n".to_owned()), (SYSTEMS, "| row |\n".to_owned())])
    }

    #[test]
    fn text_between_the_markers_is_replaced_once() {
        let page = format!("# A\n\n{START}\nold\n{END}\n\nrest\n");
        let once = spliced(&page).unwrap();
        assert_eq!(once, format!("# A\n\n{START}\n\n| new |\n\n{END}\n\nrest\n"));
        assert_eq!(spliced(&once).unwrap(), once);
    }

    #[test]
    fn each_pair_of_markers_gets_its_own_part() {
        let Markers { start, end } = SYSTEMS;
        let page = format!("{start}\n{end}\n{START}\n{END}\n");
        let expected = format!("{start}\n\n| row |\n\n{end}\n{START}\n\n| new |\n\n{END}\n");
        assert_eq!(spliced(&page).unwrap(), expected);
    }

    #[test]
    fn markers_inside_a_sentence_do_not_count() {
        let page = format!("Put `{START}` into it.\n");
        let error = spliced(&page).unwrap_err().to_string();
        assert!(error.starts_with("the page has no markers\n"), "{error}");
    }

    #[test]
    fn single_doubled_or_swapped_markers_are_refused() {
        for (page, message) in [
            (
                format!("{START}\n{END}\n{START}\n"),
                format!("`{START}` is on lines 1 and 3: keep one"),
            ),
            (format!("{END}\n{START}\n"), format!("`{END}` is before `{START}`")),
            (format!("{START}\n"), format!("`{START}` has no `{END}` after it")),
            (format!("{END}\n"), format!("`{END}` has no `{START}` before it")),
        ] {
            assert_eq!(spliced(&page).unwrap_err().to_string(), message);
        }
    }
}
