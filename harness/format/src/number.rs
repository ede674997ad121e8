//! A number as people write it: `41`, `0.5`, `10,000`, `10_000`, and with thin spaces.

/// Whether thousands may be grouped by it; thin spaces are folded away before.
fn groups(byte: u8) -> bool {
    matches!(byte, b',' | b'_')
}

/// The number at the start of a text and its length in bytes.
pub(crate) fn read(text: &str) -> Option<(f64, usize)> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 {
        return None;
    }
    while bytes.get(end).is_some_and(|b| groups(*b)) && digits(end + 1) == 3 {
        end += 4;
    }
    if bytes.get(end) == Some(&b'.') && end + 1 < bytes.len() && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    let plain: String = text[..end].chars().filter(|c| !matches!(c, ',' | '_')).collect();
    plain.parse().ok().map(|value| (value, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_a_reader_ends_them() {
        for (text, value, length) in [
            ("41 MB", 41.0, 2),
            ("0.5 MB", 0.5, 3),
            ("10,000 tx", 10_000.0, 6),
            ("1_234_567.5", 1_234_567.5, 11),
            ("3, 4", 3.0, 1),
            ("1,5 GB", 1.0, 1),
            ("12.", 12.0, 2),
            ("1,", 1.0, 1),
        ] {
            assert_eq!(read(text), Some((value, length)), "{text}");
        }
        assert_eq!(read("MB"), None);
        assert_eq!(read(""), None);
    }
}
