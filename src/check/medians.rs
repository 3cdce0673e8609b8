//! Whether a printed median can be that of values on the scale.

use super::cells::Verdict;
use super::{Check, Status, arm_in_subject};
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::Grid;
use crate::reconstruct::target::totals;
use crate::reported::{Release, Statistic};

/// So many doubled medians are looked at; a printed number that leaves more says nothing.
const MOST_TRIED: i128 = 1_000;

/// Every median of an outcome whose scale has steps.
pub fn medians(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for outcome in &release.outcomes {
        let Ok(grid) = Grid::of_scale(&outcome.scale) else { continue };
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            for (occasion, cell) in row.cells.iter().filter(|(_, cell)| cell.statistic == Statistic::Median) {
                let n = release.size_at(&row.arm, cell);
                let verdict = verdict(cell.center(), n, &grid, rounding);
                let subject = format!("{} {occasion}{arm}: {}", outcome.id, cell.text);
                checks.extend(verdict.map(|verdict| Check::of(release, "median", &subject, verdict)));
            }
        }
    }
    checks
}

/// The median of an odd number of values is one of them, that of an even number the middle between two. None where the
/// printed digits leave so many that nothing is judged.
fn verdict(median: &Numeral, n: Option<u64>, grid: &Grid, rounding: Rounding) -> Option<Verdict> {
    // Twice the median, in codes.
    let (first, last) = totals(median.rounding_interval(rounding), 2 * i128::from(grid.denominator())).ok()?;
    if last - first >= MOST_TRIED {
        return None;
    }
    let doubled: Vec<i64> = (first..=last).filter_map(|twice| i64::try_from(twice).ok()).collect();
    let is_value = |twice: &i64| twice % 2 == 0 && grid.has(twice / 2);
    let is_middle = |twice: &i64| is_value(twice) || is_between_two(*twice, grid);
    let is_odd = n.is_some_and(|n| n % 2 == 1);
    let fits = |twice: &i64| if is_odd { is_value(twice) } else { is_middle(twice) };
    let people = n.map(|n| format!(" of {n} people")).unwrap_or_default();
    if doubled.iter().any(fits) {
        return Some((Status::Pass, format!("the median{people} can be {median}")));
    }
    let told = if is_odd {
        format!("the median{people} is one of their values, and none on the scale prints as {median}")
    } else {
        format!("the median{people} is a value or the middle between two, and none on the scale prints as {median}")
    };
    Some((Status::Fail, format!("{told}; it may be a mean, one interpolated within classes, or of another n")))
}

/// Whether two values of the grid have this total.
fn is_between_two(twice: i64, grid: &Grid) -> bool {
    /// So many steps below the middle; further apart no two neighbours of a scale lie.
    const FAR: i64 = 64;
    let lattice = grid.lattice();
    let nearest = lattice.origin + (twice.div_euclid(2) - lattice.origin).div_euclid(lattice.step) * lattice.step;
    (0..=FAR).map(|steps| nearest - steps * lattice.step).any(|low| grid.has(low) && grid.has(twice - low))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reported::Scale;

    fn passes(median: &str, n: Option<u64>, scale: &Scale) -> bool {
        let grid = Grid::of_scale(scale).unwrap();
        verdict(&median.parse().unwrap(), n, &grid, Rounding::default()).unwrap().0 == Status::Pass
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
            assert_eq!(passes(median, n, &scale), expected, "{median} of {n:?} on {scale:?}");
        }
    }

    /// Brute force over all pairs of values of small scales.
    #[test]
    fn middles_are_those_of_all_pairs() {
        let grid = Grid::of_scale(&Scale::Edss).unwrap();
        let codes: Vec<i64> = (0..=20).filter(|code| grid.has(*code)).collect();
        assert_eq!(codes.len(), 20);
        for twice in -2..=42 {
            let expected = codes.iter().any(|a| codes.contains(&(twice - a)));
            assert_eq!(is_between_two(twice, &grid), expected, "{twice}");
        }
    }
}
