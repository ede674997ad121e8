//! A generated part of a written page, between two markers.

use anyhow::{Context as _, ensure};

/// The line before the generated part.
pub(crate) const START: &str = "<!-- plimsoll:report -->";

/// The line after it.
pub(crate) const END: &str = "<!-- /plimsoll:report -->";

/// `text` with everything between the markers replaced by `part`, which ends in a line feed.
///
/// Each marker must stand on a line of its own, once.
pub(crate) fn splice(text: &str, part: &str) -> anyhow::Result<String> {
    let start = position(text, START)?;
    let end = position(text, END)?;
    let (Some(start), Some(end)) = (start, end) else {
        anyhow::bail!(
            "the markers of the table are missing\n   allowed: each of the two, once, on a line \
             of its own\n   example: {START}\n            {END}"
        );
    };
    let behind = text[start..].find('\n').map(|at| start + at + 1);
    let behind = behind.filter(|behind| *behind <= end);
    let behind = behind.with_context(|| format!("`{END}` is before `{START}`"))?;
    Ok(format!("{}\n{part}\n{}", &text[..behind], &text[end..]))
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

    #[test]
    fn text_between_the_markers_is_replaced_once() {
        let page = format!("# A\n\n{START}\nold\n{END}\n\nrest\n");
        let once = splice(&page, "| new |\n").unwrap();
        assert_eq!(once, format!("# A\n\n{START}\n\n| new |\n\n{END}\n\nrest\n"));
        assert_eq!(splice(&once, "| new |\n").unwrap(), once);
    }

    #[test]
    fn markers_inside_a_sentence_do_not_count() {
        let page = format!("Put `{START}` into it.\n");
        let error = splice(&page, "x\n").unwrap_err().to_string();
        assert!(error.starts_with("the markers of the table are missing"), "{error}");
    }

    #[test]
    fn doubled_or_swapped_markers_are_refused() {
        let doubled = format!("{START}\n{END}\n{START}\n");
        let error = splice(&doubled, "x\n").unwrap_err().to_string();
        assert_eq!(error, format!("`{START}` is on lines 1 and 3: keep one"));
        let swapped = format!("{END}\n{START}\n");
        let error = splice(&swapped, "x\n").unwrap_err().to_string();
        assert_eq!(error, format!("`{END}` is before `{START}`"));
    }
}
