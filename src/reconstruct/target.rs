//! The totals and sums of squares that print as reported, in exact integers.

use super::Unreconstructable;
use super::space::wide_ceil_div;
use crate::numeric::decimal::Decimal;
use crate::numeric::dist::{normal_critical, t_critical};
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::{Rounding, RoundingInterval};
use crate::reported::{MeanSd, SpreadMeaning};

/// More totals than this are not searched one by one.
const MOST_TOTALS: i128 = 1_000_000;

/// Sums of squares beyond this do not fit the integers of the search.
const LARGEST: i128 = 1 << 60;

/// What one number behind ± can be, with its name on the command line.
pub const READINGS: [(&str, SpreadMeaning); 4] = [
    ("sample", SpreadMeaning::Sd),
    ("population", SpreadMeaning::PopulationSd),
    ("se", SpreadMeaning::Se),
    ("ci95", SpreadMeaning::Ci95),
];

/// A mean and a spread as they were printed, and what is known of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The mean.
    pub mean: Numeral,
    /// The number behind `±`, where there is one.
    pub spread: Option<Numeral>,
    /// What that is: an SD, a population SD, an SE or the half-width of a 95 % interval.
    pub meaning: SpreadMeaning,
    /// How many people.
    pub n: u64,
    /// How the numbers were rounded.
    pub rounding: Rounding,
}

/// By which quantile the half-width of an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantile {
    /// Student's t of n − 1 degrees of freedom.
    T,
    /// The normal distribution's, 1.96, which is used in its place.
    Normal,
}

/// A total of the codes with the sums of their squares that print as reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The total.
    pub sum: i64,
    /// The smallest sum of squares.
    pub least: i64,
    /// The largest sum of squares.
    pub most: i64,
}

impl Summary {
    /// A cell whose ± is a sample SD and whose rounding may have gone either way.
    pub fn sample(cell: &MeanSd, n: u64) -> Self {
        Self {
            mean: cell.mean.clone(),
            spread: cell.spread.clone(),
            meaning: SpreadMeaning::Sd,
            n,
            rounding: Rounding::default(),
        }
    }

    /// The same cell under another reading of its ±.
    pub fn read_as(&self, meaning: SpreadMeaning) -> Self {
        Self { meaning, ..self.clone() }
    }

    /// The totals of n whole-number codes whose mean, over the denominator, prints as reported: from
    /// the first to the second, none where the first is larger.
    ///
    /// Source: GRIM, Brown & Heathers (2017), Soc Psychol Personal Sci 8:363.
    ///
    /// # Errors
    /// If the numbers are too large.
    pub fn totals(&self, denominator: i64) -> Result<(i128, i128), Unreconstructable> {
        totals(self.mean.rounding_interval(self.rounding), i128::from(self.n) * i128::from(denominator))
    }

    /// The values of n·Σx² − (Σx)², in codes, that print as the reported spread.
    ///
    /// # Errors
    /// If n is too small for the spread, or the numbers are too large.
    pub fn dispersion(&self, denominator: i64) -> Result<Option<(i128, i128)>, Unreconstructable> {
        self.dispersion_by(Quantile::T, denominator)
    }

    fn dispersion_by(&self, by: Quantile, denominator: i64) -> Result<Option<(i128, i128)>, Unreconstructable> {
        let Some(spread) = &self.spread else { return Ok(None) };
        let n = i128::from(self.n);
        let squared = i128::from(denominator) * i128::from(denominator);
        let (factor, t) = match self.meaning {
            SpreadMeaning::Sd | SpreadMeaning::Unexplained => (n * (n - 1) * squared, None),
            SpreadMeaning::PopulationSd => (n * n * squared, None),
            SpreadMeaning::Se => (n * n * (n - 1) * squared, None),
            SpreadMeaning::Ci95 => {
                let critical = match by {
                    Quantile::T => t_critical(0.95, self.n as f64 - 1.0),
                    Quantile::Normal => normal_critical(0.95),
                };
                (n * n * (n - 1) * squared, Some(critical))
            }
            SpreadMeaning::Quartiles | SpreadMeaning::Range => {
                let message = "quartiles and ranges are no spread of one number".to_owned();
                return Err(Unreconstructable::Summary(message));
            }
        };
        if factor == 0 {
            let message = format!("n is {n}: a sample SD, an SE or an interval needs at least 2");
            return Err(Unreconstructable::Summary(message));
        }
        let printed = spread.rounding_interval(self.rounding);
        let bounds = match t {
            None => squared_range(printed, factor),
            Some(t) => squared_range_over(printed, factor, t * t),
        };
        bounds.ok_or_else(too_large).map(Some)
    }

    /// Every total that prints as the mean, with the sums of squares that print as the spread.
    /// Without a spread, all sums of squares that any numbers can have.
    ///
    /// # Errors
    /// If n is 0 or too small for the spread, or there are too many totals.
    pub fn targets(&self, denominator: i64) -> Result<Vec<Target>, Unreconstructable> {
        self.targets_by(Quantile::T, denominator)
    }

    /// The same with the half-width of an interval made by this quantile.
    pub(super) fn targets_by(&self, by: Quantile, denominator: i64) -> Result<Vec<Target>, Unreconstructable> {
        if self.n == 0 {
            return Err(Unreconstructable::Summary("n is 0; at least one person was expected".to_owned()));
        }
        let n = i128::from(self.n);
        let (first, last) = self.totals(denominator)?;
        if last - first >= MOST_TOTALS {
            let message =
                format!("{} totals print as {}, and at most {MOST_TOTALS} are searched", last - first + 1, self.mean);
            return Err(Unreconstructable::TooLarge(message));
        }
        let dispersion = self.dispersion_by(by, denominator)?;
        let mut targets = Vec::new();
        for sum in first..=last {
            let square = sum * sum;
            let (least, most) = match dispersion {
                None => (0, LARGEST),
                Some((low, high)) => (wide_ceil_div(low + square, n), (high + square).div_euclid(n)),
            };
            if least <= most {
                let narrow = |value: i128| i64::try_from(value).ok().filter(|v| i128::from(v.abs()) <= LARGEST);
                let (Some(sum), Some(least), Some(most)) = (narrow(sum), narrow(least), narrow(most)) else {
                    return Err(too_large());
                };
                targets.push(Target { sum, least, most });
            }
        }
        Ok(targets)
    }
}

/// The whole numbers whose quotient by `parts` lies in a rounding interval.
pub(crate) fn totals(printed: RoundingInterval, parts: i128) -> Result<(i128, i128), Unreconstructable> {
    let first = printed.lower.least_integer(parts, printed.lower_included);
    let last = printed.upper.greatest_integer(parts, printed.upper_included);
    let fits = |total: &i128| total.abs() < 1 << 50;
    first.filter(fits).zip(last.filter(fits)).ok_or_else(too_large)
}

fn too_large() -> Unreconstructable {
    Unreconstructable::TooLarge("the numbers are too large, or have too many digits, to be searched exactly".to_owned())
}

/// The whole numbers V with √(V/factor) in a rounding interval; a spread is never below 0.
fn squared_range(printed: RoundingInterval, factor: i128) -> Option<(i128, i128)> {
    let zero = Decimal::from_integer(0);
    let least = if printed.lower <= zero && (printed.lower < zero || printed.lower_included) {
        0
    } else {
        printed.lower.squared()?.least_integer(factor, printed.lower_included)?
    };
    let most = if printed.upper < zero {
        -1
    } else {
        printed.upper.squared()?.greatest_integer(factor, printed.upper_included)?
    };
    (most < LARGEST * 1024).then_some((least, most))
}

/// The same with a factor that is no whole number, since t is none. Its ends count as included, to
/// the precision of t (1e-12).
fn squared_range_over(printed: RoundingInterval, factor: i128, t_squared: f64) -> Option<(i128, i128)> {
    let scaled = |end: Decimal| end.to_f64().max(0.0).powi(2) * factor as f64 / t_squared;
    let (least, most) =
        ((scaled(printed.lower) * (1.0 - 1e-12)).ceil(), (scaled(printed.upper) * (1.0 + 1e-12)).floor());
    // A spread of 0 is exact, so that an open end at 0 is one.
    let least =
        if printed.lower == Decimal::from_integer(0) && !printed.lower_included { least.max(1.0) } else { least };
    // Beyond 2^53 a double no longer holds every whole number.
    (most < 9.0e15).then_some((least as i128, most as i128))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(cell: &str, n: u64) -> Summary {
        Summary::sample(&cell.parse().unwrap(), n)
    }

    #[test]
    fn relapses_after_treatment_have_one_total_and_one_sum_of_squares() {
        let targets = summary("0.4 ± 0.8", 7).targets(1).unwrap();
        assert_eq!(targets, [Target { sum: 3, least: 5, most: 5 }]);
    }

    #[test]
    fn edss_before_treatment_has_two_totals_of_half_steps() {
        let targets = summary("5.1 ± 1.7", 7).targets(2).unwrap();
        assert_eq!(targets.iter().map(|target| target.sum).collect::<Vec<_>>(), [71, 72]);
    }

    #[test]
    fn readings_of_a_spread_differ_by_their_factors() {
        let sample = summary("3.0 ± 1.5", 7);
        assert_eq!(sample.dispersion(1).unwrap(), Some((89, 100)));
        assert_eq!(sample.read_as(SpreadMeaning::PopulationSd).dispersion(1).unwrap(), Some((104, 117)));
        assert_eq!(sample.read_as(SpreadMeaning::Se).dispersion(1).unwrap(), Some((619, 706)));
        assert!(summary("3.0 ± 1.5", 1).targets(1).is_err());
        assert!(summary("3.0 ± 1.5", 0).targets(1).is_err());
    }
}
