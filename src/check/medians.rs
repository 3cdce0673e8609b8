//! Whether a median can be that of values on a scale: with an odd number of people it is one of the values, with an
//! even number the middle between two of them.

use super::cells::Verdict;
use super::{Check, Status, arm_in_subject};
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::target::totals;
use crate::reconstruct::{Grid, Lattice};
use crate::reported::{Release, Statistic};

/// So many doubled medians are looked at; a printed number that leaves more says nothing.
const MOST_TRIED: i128 = 1_000;

/// Every median of an outcome whose scale has steps.
pub(super) fn medians(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for outcome in &release.outcomes {
        let Ok(grid) = Grid::of_scale(&outcome.scale) else { continue };
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            for (occasion, cell) in row.cells.iter().filter(|(_, cell)| cell.statistic == Statistic::Median) {
                let n = release.size_at(&row.arm, cell);
                let exists = median_exists(cell.center(), n, grid.lattice(), Some(&grid), rounding);
                let subject = format!("{} {occasion}{arm}: {}", outcome.id, cell.text);
                let verdict = exists.map(|exists| in_words(cell.center(), n, exists));
                checks.extend(verdict.map(|verdict| Check::of(release, "median", &subject, verdict)));
            }
        }
    }
    checks
}

fn in_words(median: &Numeral, n: Option<u64>, exists: bool) -> Verdict {
    let people = n.map(|n| format!(" of {n} people")).unwrap_or_default();
    if exists {
        return (Status::Pass, format!("the median{people} can be {median}"));
    }
    let told = if is_odd(n) {
        format!("the median{people} is one of their values, and none on the scale prints as {median}")
    } else {
        format!("the median{people} is a value or the middle between two, and none on the scale prints as {median}")
    };
    (Status::Fail, format!("{told}; it may be a mean, one interpolated within classes, or of another n"))
}

fn is_odd(n: Option<u64>) -> bool {
    n.is_some_and(|n| n % 2 == 1)
}

/// Whether some median of n values on a lattice, of those of a grid where there is one, prints so; of an n that is not
/// known as of an even one. None where so many numbers print so that one of them is a median.
///
/// ```
/// use reffect::check::medians::median_exists;
/// use reffect::numeric::rounding::Rounding;
/// use reffect::reconstruct::Lattice;
///
/// let of = |median: &str, n| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(median_exists(&median.parse()?, Some(n), Lattice::whole(1), None, Rounding::default()))
/// };
/// // Of whole numbers of 20 people it lies on halves, and of 21 it is a whole number.
/// assert_eq!([of("2.5", 20)?, of("2.5", 21)?, of("2.3", 20)?], [Some(true), Some(false), Some(false)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn median_exists(
    median: &Numeral,
    n: Option<u64>,
    lattice: Lattice,
    grid: Option<&Grid>,
    rounding: Rounding,
) -> Option<bool> {
    // Twice the median, in codes.
    let (first, last) = totals(median.rounding_interval(rounding), 2 * i128::from(lattice.denominator)).ok()?;
    if last - first >= MOST_TRIED * i128::from(lattice.step) {
        return None;
    }
    let has =
        |code: i64| (code - lattice.origin).rem_euclid(lattice.step) == 0 && grid.is_none_or(|grid| grid.has(code));
    let is_median =
        |twice: i64| (twice % 2 == 0 && has(twice / 2)) || (!is_odd(n) && is_between(twice, lattice, grid, has));
    Some((first..=last).filter_map(|twice| i64::try_from(twice).ok()).any(is_median))
}

/// Whether two values have this total.
fn is_between(twice: i64, lattice: Lattice, grid: Option<&Grid>, has: impl Fn(i64) -> bool) -> bool {
    if let Some(codes) = grid.and_then(Grid::listed) {
        return codes.iter().take_while(|low| **low <= twice.div_euclid(2)).any(|low| has(twice - low));
    }
    // Where each step is a value, the neighbours of the middle have it if any two do.
    let low = lattice.origin + (twice.div_euclid(2) - lattice.origin).div_euclid(lattice.step) * lattice.step;
    has(low) && has(twice - low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::decimal::Decimal;
    use crate::reported::Scale;
    use proptest::prelude::*;

    fn exists(median: &str, n: Option<u64>, grid: &Grid) -> bool {
        median_exists(&median.parse().unwrap(), n, grid.lattice(), Some(grid), Rounding::default()).unwrap()
    }

    #[test]
    fn an_odd_number_has_one_of_its_values_in_the_middle() {
        for (median, n, scale, expected) in [
            ("2.5", Some(7), Scale::Count, false),
            ("2.5", Some(8), Scale::Count, true),
            ("2.25", Some(8), Scale::Count, false),
            ("2.3", Some(8), Scale::Count, false),
            ("3", Some(8), Scale::Count, true),
            ("2.5", None, Scale::Count, true),
            ("4.5", Some(7), Scale::Edss, true),
            ("4.25", Some(8), Scale::Edss, true),
            // No patient has 0.5, and 0 and 1 have it in their middle.
            ("0.5", Some(7), Scale::Edss, false),
            ("0.5", Some(8), Scale::Edss, true),
            ("0.75", Some(8), Scale::Edss, true),
            ("0.25", Some(8), Scale::Edss, false),
        ] {
            assert_eq!(exists(median, n, &Grid::of_scale(&scale).unwrap()), expected, "{median} of {n:?} on {scale:?}");
        }
    }

    /// However far apart two neighbours of a scale lie.
    #[test]
    fn gaps_may_be_wide() {
        let grid = Grid::list(&[0, 1, 200].map(Decimal::from_integer)).unwrap();
        let of = |median| exists(median, Some(8), &grid);
        assert_eq!(["100.5", "100", "0.5", "99.5", "101.0"].map(of), [true, true, true, false, false]);
    }

    #[test]
    fn limits_and_gaps_count() {
        let whole = Decimal::from_integer;
        let odd = Grid::range(Some(whole(1)), Some(whole(7)), whole(2)).unwrap();
        // Of 1, 3, 5 and 7 it is one of them, or with an even number of people also 2, 4 or 6.
        let of = |n, medians: &[&str]| medians.iter().map(|median| exists(median, Some(n), &odd)).collect::<Vec<_>>();
        assert_eq!(of(9, &["3", "4", "7", "8", "9", "0"]), [true, false, true, false, false, false]);
        assert_eq!(of(10, &["3", "4", "7", "8", "3.5"]), [true, true, true, false, false]);
    }

    /// Brute force over all pairs of values of a scale with a gap.
    #[test]
    fn middles_are_those_of_all_pairs() {
        let grid = Grid::of_scale(&Scale::Edss).unwrap();
        let codes: Vec<i64> = (0..=20).filter(|code| grid.has(*code)).collect();
        assert_eq!(codes.len(), 20);
        for twice in -2..=42 {
            let expected = codes.iter().any(|a| codes.contains(&(twice - a)));
            assert_eq!(is_between(twice, grid.lattice(), Some(&grid), |code| grid.has(code)), expected, "{twice}");
        }
    }

    proptest! {
        /// The median of any whole numbers is possible.
        #[test]
        fn medians_of_data_exist(mut data in prop::collection::vec(-20i32..90, 1..40), decimals in 1usize..3) {
            data.sort_unstable();
            let n = data.len();
            let twice = data[(n - 1) / 2] + data[n / 2];
            let median: Numeral = format!("{:.decimals$}", f64::from(twice) / 2.0).parse().unwrap();
            let found = median_exists(&median, Some(n as u64), Lattice::whole(1), None, Rounding::default());
            prop_assert_eq!(found, Some(true));
        }
    }
}
