//! Words before a quote that turn it into its opposite.

/// Words that reverse those behind them, besides all that end in `n't`.
const NEGATIONS: [&str; 10] =
    ["no", "not", "never", "without", "neither", "nor", "none", "nothing", "nobody", "cannot"];

/// Words that a negation reaches across: `not to exceed`, `without ever taking`.
const PARTICLES: [&str; 8] = ["to", "be", "been", "ever", "even", "a", "an", "any"];

/// Where the phrase begins whose negation stands right before `start`; `None` where there is none.
///
/// ```text
/// takes no more than 10 MiB      a quote from `more` on begins at `no`
/// ```
pub(crate) fn negated_from(text: &str, start: usize) -> Option<usize> {
    let mut from = None;
    while let Some(earlier) = negation_before(text, from.unwrap_or(start)) {
        from = Some(earlier);
    }
    from
}

fn negation_before(text: &str, mut end: usize) -> Option<usize> {
    loop {
        let (start, word) = word_before(text, end)?;
        let word = word.to_lowercase().replace('’', "'");
        if NEGATIONS.contains(&word.as_str()) || word.ends_with("n't") {
            return Some(start);
        }
        if !PARTICLES.contains(&word.as_str()) {
            return None;
        }
        end = start;
    }
}

/// The word that only white space parts from `end`; punctuation and the cells of a table end a phrase.
fn word_before(text: &str, end: usize) -> Option<(usize, &str)> {
    let head = &text[..end];
    let word_end = head.trim_end().len();
    let letters = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let start = head[..word_end].trim_end_matches(letters).len();
    (start < word_end && word_end < end).then(|| (start, &text[start..word_end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negations_reverse_the_words_behind_them() {
        for (text, quote, expected) in [
            ("takes no more than 10 MiB of heap", "more than 10 MiB", Some("no more than 10 MiB")),
            ("No more than 10 MiB", "more than 10 MiB", Some("No more than 10 MiB")),
            ("is not to exceed 10 MB", "exceed 10 MB", Some("not to exceed 10 MB")),
            ("never takes 10 MB", "takes 10 MB", Some("never takes 10 MB")),
            ("doesn't take 10 MB", "take 10 MB", Some("doesn't take 10 MB")),
            ("doesn’t take 10 MB", "take 10 MB", Some("doesn’t take 10 MB")),
            ("not without a peak of 1 GB", "peak of 1 GB", Some("not without a peak of 1 GB")),
            ("takes no more than 10 MiB", "10 MiB", None),
            ("takes no more than 10 MiB", "no more than 10 MiB", None),
            ("less than 10 MiB", "10 MiB", None),
            ("if not, 10 MiB are free", "10 MiB", None),
            ("swapped: no. More than 1 GB", "More than 1 GB", None),
            ("swap | no | 10 MiB", "10 MiB", None),
            ("10 MiB", "10 MiB", None),
            ("a piano takes 10 MiB", "takes 10 MiB", None),
        ] {
            let start = text.find(quote).unwrap();
            let longer = negated_from(text, start).map(|from| &text[from..start + quote.len()]);
            assert_eq!(longer, expected, "{text}");
        }
    }
}
