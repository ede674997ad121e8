//! The known names that are most like an unknown one.

/// How alike two names must be, and how many names are suggested.
const ALIKE: f64 = 0.8;
const SUGGESTED: usize = 3;

/// The nearest of the `known` names, best first; all of them when none is near.
pub(crate) fn nearest<'a>(name: &str, known: &'a [String]) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> = known
        .iter()
        .map(|known| (alike(name, known), known.as_str()))
        .filter(|(alike, _)| *alike > ALIKE)
        .collect();
    if scored.is_empty() {
        return known.iter().map(String::as_str).collect();
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(SUGGESTED).map(|(_, known)| known).collect()
}

/// Compares with the whole name and with its parts: a user may have typed either.
fn alike(name: &str, known: &str) -> f64 {
    known
        .split("::")
        .chain([known])
        .map(|part| strsim::jaro_winkler(name, part))
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearest_names_come_first_and_all_where_none_is_near() {
        let known = ["storage::read_1mb", "storage::put", "wire::frame"].map(str::to_owned);
        assert_eq!(nearest("storage::raed_1mb", &known)[0], "storage::read_1mb");
        assert_eq!(nearest("fram", &known), ["wire::frame"]);
        assert_eq!(nearest("xyz", &known).len(), 3);
    }
}
