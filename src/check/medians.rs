//! Whether a median can be that of values on a scale: with an odd number of people it is one of the values, with an even
//! number the middle between two of them.

use super::grim::grim;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::{Grid, Lattice, Summary, Unreconstructable};
use crate::reported::SpreadMeaning;

/// More values than these in one list are not looked at pair by pair.
const MOST_VALUES: usize = 1000;

/// Whether some median of n values on a lattice, between limits where there are any, prints so.
///
/// # Errors
/// If the numbers are too large.
///
/// ```
/// use reffect::check::medians::median_on_lattice;
/// use reffect::numeric::rounding::Rounding;
/// use reffect::reconstruct::Lattice;
///
/// let of = |median: &str, n| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(median_on_lattice(&median.parse()?, n, Lattice::whole(1), None, Rounding::default())?)
/// };
/// // Of whole numbers of 20 people it lies on halves, and of 21 it is a whole number.
/// assert!(of("2.5", 20)? && !of("2.5", 21)? && !of("2.3", 20)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn median_on_lattice(
    median: &Numeral,
    n: u64,
    lattice: Lattice,
    grid: Option<&Grid>,
    rounding: Rounding,
) -> Result<bool, Unreconstructable> {
    // The middle between two values is a sum of two codes over twice the denominator.
    let halves = if n.is_multiple_of(2) { 2 } else { 1 };
    let doubled = Lattice { origin: lattice.origin * halves, denominator: lattice.denominator * halves, ..lattice };
    let of_one = Summary { mean: median.clone(), spread: None, meaning: SpreadMeaning::Sd, n: 1, rounding };
    let found = grim(&of_one, doubled)?;
    let (least, most) = grid.map_or((None, None), Grid::limits);
    let first = least.map_or(found.first, |least| found.first.max(i128::from(least * halves)));
    let last = most.map_or(found.last, |most| found.last.min(i128::from(most * halves)));
    Ok(first <= last)
}

/// The same of a scale that has these values and no others.
pub fn median_of_list(median: &Numeral, n: u64, values: &[Decimal], rounding: Rounding) -> Option<bool> {
    if values.len() > MOST_VALUES {
        return None;
    }
    let printed = median.rounding_interval(rounding);
    if n % 2 == 1 {
        return Some(values.iter().any(|value| printed.contains(*value)));
    }
    let middle =
        |(at, first): (usize, &Decimal)| values[at..].iter().any(|second| printed.contains(first.plus(*second).half()));
    Some(values.iter().enumerate().any(middle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_and_gaps_count() {
        let grid =
            Grid::range(Some(Decimal::from_integer(1)), Some(Decimal::from_integer(7)), Decimal::from_integer(2))
                .unwrap();
        let of = |median: &str, n| {
            let median: Numeral = median.parse().unwrap();
            median_on_lattice(&median, n, grid.lattice(), Some(&grid), Rounding::default()).unwrap()
        };
        // Of 1, 3, 5 and 7 it is one of them, or with an even number of people also 2, 4 or 6.
        assert_eq!(
            ["3", "4", "7", "8", "9", "0"].map(|median| of(median, 9)),
            [true, false, true, false, false, false]
        );
        assert_eq!(["3", "4", "7", "8", "3.5"].map(|median| of(median, 10)), [true, true, true, false, false]);
        let edss: Vec<Decimal> = [0, 2, 3, 4, 5].map(|half| Decimal::from_integer(half).half()).to_vec();
        let of = |median: &str, n| median_of_list(&median.parse().unwrap(), n, &edss, Rounding::default()).unwrap();
        // The EDSS has no 0.5, which is yet the middle between 0 and 1.
        assert_eq!(
            [of("0.5", 9), of("0.5", 10), of("1.25", 10), of("1.3", 10), of("1.7", 9)],
            [false, true, true, true, false]
        );
    }

    proptest! {
        /// The median of any whole numbers is possible.
        #[test]
        fn medians_of_data_exist(mut data in prop::collection::vec(-20i32..90, 1..40), decimals in 1usize..3) {
            data.sort_unstable();
            let n = data.len();
            let twice = data[(n - 1) / 2] + data[n / 2];
            let median: Numeral = format!("{:.decimals$}", f64::from(twice) / 2.0).parse().unwrap();
            prop_assert!(median_on_lattice(&median, n as u64, Lattice::whole(1), None, Rounding::default()).unwrap());
        }
    }
}
