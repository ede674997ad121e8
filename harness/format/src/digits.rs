//! Numbers as people read them: three to four digits, thousands grouped.

/// Groups the digits before the point: `1234567.8` → `1,234,567.8`.
pub(crate) fn grouped(plain: &str) -> String {
    let (sign, number) = match plain.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", plain),
    };
    let (whole, fraction) = match number.find('.') {
        Some(point) => number.split_at(point),
        None => (number, ""),
    };
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// At least three significant digits: `1.30`, `34.0`, `850`, `1,250`.
pub(crate) fn three(value: f64) -> String {
    let decimals = match value.abs() {
        0.0 => 0,
        size if size < 9.995 => 2,
        size if size < 99.95 => 1,
        _ => 0,
    };
    grouped(&format!("{value:.decimals$}"))
}

/// Three significant digits, however small: `13.0`, `1.00`, `0.0769`.
pub(crate) fn ratio(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || size >= 0.9995 {
        return three(value);
    }
    let decimals = (2.0 - size.log10().floor()).clamp(2.0, 9.0) as usize;
    format!("{value:.decimals$}")
}

/// Two decimals below ten, else one: `1.30`, `34.0`, `231.4`.
pub(crate) fn four(value: f64) -> String {
    let decimals = if value.abs() < 9.995 { 2 } else { 1 };
    grouped(&format!("{value:.decimals$}"))
}

/// All that is known of a number, without noughts at its end: `1.25`, `300`.
pub(crate) fn whole_or_exact(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text.as_str()
    };
    grouped(if text == "-0" { "0" } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three_before_the_point() {
        for (plain, text) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-1000", "-1,000"),
            ("1234567.89", "1,234,567.89"),
        ] {
            assert_eq!(grouped(plain), text);
        }
    }
}
