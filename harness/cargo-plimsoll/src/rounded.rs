//! A figure in few digits, rounded in one direction.

use plimsoll::format::{Family, Quantity, Unit, Written};

/// What two digits may give away, as a share of the figure; beyond it a third is written.
const GIVEN_AWAY: f64 = 0.02;

/// The direction in which a figure may be rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// For the ratchet of a `max`.
    Up,
    /// For the ratchet of a `min`.
    Down,
}

/// The figure in the units of `family`, in two or three digits, as `budgets.toml` writes it.
pub(crate) fn rounded(figure: Quantity, family: Family, way: Way) -> Option<Written> {
    let (name, size) = unit(figure, family);
    let gap = if figure.unit() == Unit::Times { "" } else { " " };
    let scaled = figure.value() / size;
    let digits = if scaled > 0.0 { scaled.log10().floor() as i32 } else { 0 };
    // Bytes, blocks and the like are whole numbers.
    let whole =
        size == 1.0 && !matches!(figure.unit(), Unit::Times | Unit::PerSecond | Unit::Seconds);
    let text = |exponent: i32| -> Option<Written> {
        let exponent = if whole { exponent.max(0) } else { exponent };
        let step = 10_f64.powi(exponent);
        let decimals = usize::try_from(-exponent).unwrap_or(0);
        let steps = (scaled / step).round();
        // The nearest, unless it lies on the wrong side.
        for steps in [steps, if way == Way::Up { steps + 1.0 } else { steps - 1.0 }] {
            let text = format!("{:.decimals$}{gap}{name}", steps * step);
            let written: Written = text.parse().ok()?;
            let good = match way {
                Way::Up => written.quantity >= figure,
                Way::Down => written.quantity <= figure,
            };
            if good {
                return Some(written);
            }
        }
        None
    };
    let two = text(digits - 1)?;
    let away = (two.quantity.value() - figure.value()).abs();
    if away > figure.value() * GIVEN_AWAY { text(digits - 2) } else { Some(two) }
}

/// The largest unit of the family that leaves something before the point.
fn unit(figure: Quantity, family: Family) -> (&'static str, f64) {
    let spellings = figure.unit().spellings();
    let family_of = |name: &str| match name.ends_with("iB") {
        true => Family::Binary,
        false => Family::Decimal,
    };
    let eligible = spellings.iter().filter(|(name, _)| match figure.unit() {
        Unit::Bytes => *name == "B" || family_of(name) == family,
        Unit::Seconds => matches!(*name, "s" | "ms" | "µs" | "ns"),
        // The second spelling of counts is that of a single one.
        Unit::Blocks | Unit::Reallocations => {
            *name == spellings[usize::from(figure.value() == 1.0)].0
        }
        _ => *name == spellings[0].0,
    });
    let reached = eligible.clone().filter(|(_, size)| figure.value() >= *size);
    let largest = reached.max_by(|a, b| a.1.total_cmp(&b.1));
    let smallest = eligible.min_by(|a, b| a.1.total_cmp(&b.1));
    largest.or(smallest).copied().unwrap_or(spellings[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_in_the_given_direction() {
        use Way::{Down, Up};
        for (value, unit, family, way, text) in [
            (23_400_000.0, Unit::Bytes, Family::Decimal, Up, "23.4 MB"),
            // 24 MB are 1.7 % more.
            (23_600_000.0, Unit::Bytes, Family::Decimal, Up, "24 MB"),
            (23_600_000.0, Unit::Bytes, Family::Decimal, Down, "23.6 MB"),
            (1_200_000.0, Unit::Bytes, Family::Decimal, Up, "1.2 MB"),
            (1_200_001.0, Unit::Bytes, Family::Decimal, Up, "1.21 MB"),
            // 8,192 B = 8 KiB; 8.2 kB are 0.1 % more.
            (8192.0, Unit::Bytes, Family::Binary, Up, "8.0 KiB"),
            (8192.0, Unit::Bytes, Family::Decimal, Up, "8.2 kB"),
            (999_900.0, Unit::Bytes, Family::Decimal, Up, "1000 kB"),
            (7.0, Unit::Bytes, Family::Decimal, Up, "7 B"),
            (0.0, Unit::Bytes, Family::Decimal, Up, "0 B"),
            (1.0, Unit::Blocks, Family::Decimal, Up, "1 block"),
            // 4,100 would be 2.4 % more.
            (4004.0, Unit::Blocks, Family::Decimal, Up, "4010 blocks"),
            (0.0345, Unit::Seconds, Family::Decimal, Up, "35 ms"),
            (1250.4, Unit::PerSecond, Family::Decimal, Down, "1250 /s"),
            (0.0769, Unit::Times, Family::Decimal, Up, "0.077×"),
        ] {
            let found = rounded(Quantity::new(value, unit), family, way).unwrap();
            assert_eq!(found.text, text, "{value}");
        }
    }
}
