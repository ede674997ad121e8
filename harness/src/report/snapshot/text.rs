//! Printing a page and reading it back: one value a line, totals first, sites sorted by
//! name, the folded ones last.

use std::fmt;

use super::{NAMES, OTHERS, Page, Values};

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "case    {}", self.case)?;
        writeln!(f, "target  {}", self.target)?;
        if let Some(varies) = &self.varies {
            writeln!(f, "varies  {varies}")?;
        }
        writeln!(f)?;
        write_values(f, "", &self.whole)?;
        let (others, named): (Vec<_>, Vec<_>) =
            self.sites.iter().partition(|(name, _)| *name == OTHERS);
        for (name, values) in named.into_iter().chain(others) {
            writeln!(f, "\n{name}")?;
            write_values(f, "  ", values)?;
        }
        Ok(())
    }
}

fn write_values(f: &mut fmt::Formatter<'_>, indent: &str, values: &Values) -> fmt::Result {
    for name in NAMES {
        if let Some(value) = values.get(name) {
            writeln!(f, "{indent}{name:<14}{}", grouped(*value))?;
        }
    }
    Ok(())
}

impl Page {
    /// Reads what was accepted: the body of an insta snapshot, or a bare page. What is not a
    /// line of a page is passed over, since the page is compared as text in the end.
    pub(crate) fn read(text: &str) -> Self {
        let body = match text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) {
            Some((_, body)) => body,
            None => text,
        };
        let mut page = Self::default();
        let mut site: Option<String> = None;
        for line in body.lines().filter(|line| !line.is_empty()) {
            if let Some(case) = line.strip_prefix("case    ") {
                case.clone_into(&mut page.case);
            } else if let Some(target) = line.strip_prefix("target  ") {
                target.clone_into(&mut page.target);
            } else if let Some(varies) = line.strip_prefix("varies  ") {
                page.varies = Some(varies.to_owned());
            } else if let Some((name, value)) = value(line) {
                match &site {
                    Some(site) => page.sites.entry(site.clone()).or_default().insert(name, value),
                    None => page.whole.insert(name, value),
                };
            } else {
                site = Some(line.to_owned());
            }
        }
        page
    }
}

fn value(line: &str) -> Option<(&'static str, u64)> {
    let line = line.trim_start();
    let name = NAMES.into_iter().find(|name| line.starts_with(name))?;
    let digits: String = line[name.len()..].trim().split(',').collect();
    Some((name, digits.parse().ok()?))
}

/// A number with its digits in groups of three: `1,048,576`.
pub(crate) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
