//! A sample standard deviation from whatever stands behind `±`.

use super::wald::note_on_interval;
use crate::diagnostic::Refused;
use crate::estimate::possible_level;
use crate::numeric::dist::{t_critical, t_of_two_sided_p};
use crate::numeric::rounding::Rounded;
use crate::reported::SpreadMeaning;

/// A sample standard deviation and how it was obtained.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecoveredSd {
    /// The standard deviation.
    pub sd: Rounded,
    /// What is to be said of it, if it is not simply what was reported.
    pub note: Option<&'static str>,
}

/// The sample SD that a number behind `±` stands for, given what it is said to be and the size of
/// the sample.
///
/// Source: Cochrane Handbook (2024), 6.5.2.2: SD = SE·√n, and SD = √n·(half-width)/t for an
/// interval, with t at n − 1 degrees of freedom.
///
/// # Errors
/// If the spread is no finite number, the meaning is no spread of one number, or n is too small for it.
///
/// ```
/// use reffect::numeric::rounding::Rounded;
/// use reffect::recover::sd_from_spread;
/// use reffect::reported::SpreadMeaning;
///
/// // Edaravone: a change of −5.01 ± 0.64 (SE) with n = 68.
/// let recovered = sd_from_spread(Rounded::exact(0.64), SpreadMeaning::Se, 68)?;
/// assert!((recovered.sd.value - 0.64 * 68f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn sd_from_spread(spread: Rounded, meaning: SpreadMeaning, n: u64) -> Result<RecoveredSd, Refused> {
    if !spread.value.is_finite() {
        return Err(format!("the spread is {}, and a finite number was expected", spread.value).into());
    }
    let spread = spread.not_negative();
    let size = n as f64;
    let too_small = || format!("an SD cannot be had from n = {n}");
    let (factor, note) = match meaning {
        SpreadMeaning::Sd => (1.0, None),
        SpreadMeaning::Unexplained => {
            (1.0, Some("the source does not say what its ± is; it is read as the sample SD here"))
        }
        SpreadMeaning::PopulationSd if n >= 2 => {
            ((size / (size - 1.0)).sqrt(), Some("sample SD = population SD · √(n/(n − 1))"))
        }
        SpreadMeaning::Se if n >= 2 => (size.sqrt(), Some("SD = SE · √n")),
        SpreadMeaning::Ci95 if n >= 2 => {
            (size.sqrt() / t_critical(0.95, size - 1.0), Some("SD = half-width of the 95 % CI · √n / t(n − 1)"))
        }
        SpreadMeaning::PopulationSd | SpreadMeaning::Se | SpreadMeaning::Ci95 => return Err(too_small().into()),
        SpreadMeaning::Quartiles | SpreadMeaning::Range => {
            return Err("an SD from quartiles or a range needs a model of the data".into());
        }
    };
    Ok(RecoveredSd { sd: spread.scaled(factor), note })
}

/// What was reported beside a mean, or beside a difference of two.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum OfMean {
    /// Its standard error.
    Se(f64),
    /// Its confidence interval by t, with a level such as 0.95.
    Interval {
        /// The lower end.
        lower: f64,
        /// The upper end.
        upper: f64,
        /// The level.
        level: f64,
    },
    /// The t of the test that it is 0.
    T(f64),
    /// The two-sided p-value of that test.
    P(f64),
    /// The F of that test, which has one degree of freedom in its numerator: t².
    F(f64),
}

/// The sample SD behind a mean, or the one that two groups have in common.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SdOfMean {
    /// The standard deviation, in the units of the mean.
    pub sd: f64,
    /// The formula.
    pub method: &'static str,
    /// What is to be known of it.
    pub note: Option<String>,
}

/// The sample SD of `n` people from what was reported beside their mean.
///
/// Source: Cochrane Handbook (2024), 6.5.2.2 and 6.5.2.3, for one group.
///
/// # Errors
/// If n is below 2, the mean lies outside of its interval, the level of that is no share between 0 and 1, p is none
/// above 0, t or the mean is 0, or the SD comes out as no finite number of at least 0.
///
/// ```
/// use reffect::recover::{OfMean, sd_of_mean};
/// let interval = OfMean::Interval { lower: 4.0, upper: 6.0, level: 0.95 };
/// // Half-width 1, √25 = 5, t(24) = 2.0639.
/// assert!((sd_of_mean(5.0, 25.0, interval)?.sd - 5.0 / 2.063_898_56).abs() < 1e-8);
/// assert!(sd_of_mean(3.0, 25.0, interval).is_err());
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn sd_of_mean(mean: f64, n: f64, of: OfMean) -> Result<SdOfMean, Refused> {
    if n.is_nan() || n < 2.0 {
        return Err(format!("n = {n}: an SD needs at least 2 members").into());
    }
    let method = match of {
        OfMean::Se(_) => "SD = SE·√n",
        OfMean::Interval { .. } => "SD = half-width·√n/t(n − 1)",
        OfMean::T(_) | OfMean::P(_) => "SD = |mean|·√n/|t|",
        OfMean::F(_) => "SD = |mean|·√n/√F",
    };
    let (se, note) = standard_error("mean", mean, n - 1.0, of)?;
    sd_of(se * n.sqrt(), method, note)
}

/// The sample SD that two groups have in common, from what was reported beside the difference of their means; `n` has
/// their sizes. It is that of Student's t-test: of groups whose SDs differ, it is the pooled one.
///
/// Source: Cochrane Handbook (2024), 6.5.2.3.
///
/// # Errors
/// As [`sd_of_mean`], where a group has no member or both together fewer than 3.
///
/// ```
/// use reffect::recover::{OfMean, sd_of_difference};
/// // The example of the Handbook: 3.8, t = 2.78 of 25 and 22 people.
/// let found = sd_of_difference(3.8, [25.0, 22.0], OfMean::T(2.78))?;
/// assert!((found.sd - 4.676).abs() < 5e-4);
/// # Ok::<(), reffect::diagnostic::Refused>(())
/// ```
pub fn sd_of_difference(difference: f64, n: [f64; 2], of: OfMean) -> Result<SdOfMean, Refused> {
    let df = n[0] + n[1] - 2.0;
    if n.iter().any(|n| n.is_nan() || *n < 1.0) || df < 1.0 {
        return Err(format!("n = {} and {}: an SD within groups needs at least 3 members", n[0], n[1]).into());
    }
    let method = match of {
        OfMean::Se(_) => "SD = SE/√(1/n1 + 1/n2)",
        OfMean::Interval { .. } => "SD = half-width/t(n1 + n2 − 2)/√(1/n1 + 1/n2)",
        OfMean::T(_) | OfMean::P(_) => "SD = |difference|/|t|/√(1/n1 + 1/n2)",
        OfMean::F(_) => "SD = |difference|/√F/√(1/n1 + 1/n2)",
    };
    let (se, note) = standard_error("difference", difference, df, of)?;
    sd_of(se / (1.0 / n[0] + 1.0 / n[1]).sqrt(), method, note)
}

/// The standard error of what is called `what`, and what is to be known of it.
fn standard_error(what: &str, value: f64, df: f64, of: OfMean) -> Result<(f64, Option<String>), Refused> {
    let t = match of {
        OfMean::Se(se) => return Ok((se, None)),
        OfMean::Interval { lower, upper, level } => {
            possible_level(level)?;
            let note = note_on_interval(what, value, [lower, upper])?;
            return Ok((0.5 * (upper - lower) / t_critical(level, df), note));
        }
        OfMean::P(p) if !(p > 0.0 && p <= 1.0) => {
            return Err(format!("p = {p}: a p-value that gives an SD lies above 0 and up to 1").into());
        }
        OfMean::F(f) if f < 0.0 => return Err(format!("F = {f}: an F is never below 0").into()),
        OfMean::P(p) => t_of_two_sided_p(p, df),
        OfMean::F(f) => f.sqrt(),
        OfMean::T(t) => t,
    };
    if t == 0.0 || value == 0.0 {
        return Err(format!("a t or a {what} of 0 says nothing of the SD").into());
    }
    Ok(((value / t).abs(), None))
}

fn sd_of(sd: f64, method: &'static str, note: Option<String>) -> Result<SdOfMean, Refused> {
    if sd.is_finite() && sd >= 0.0 {
        Ok(SdOfMean { sd, method, note })
    } else {
        Err(format!("{method} gives {sd}, which is no SD").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_meaning_has_its_factor() {
        let two = Rounded { value: 2.0, range: crate::numeric::interval::Interval::between(1.5, 2.5) };
        for (meaning, sd) in [
            (SpreadMeaning::Sd, 2.0),
            (SpreadMeaning::Unexplained, 2.0),
            (SpreadMeaning::Se, 2.0 * 3.0),
            (SpreadMeaning::PopulationSd, 2.0 * (9.0f64 / 8.0).sqrt()),
            // t(0.975, 8) = 2.306004135204166 by qt(0.975, 8) of R 4.2.2
            (SpreadMeaning::Ci95, 2.0 * 3.0 / 2.306_004_135_204_166),
        ] {
            let recovered = sd_from_spread(two, meaning, 9).unwrap();
            assert!((recovered.sd.value - sd).abs() < 1e-12, "{meaning:?}");
            assert!((recovered.sd.range.width() / recovered.sd.value - 0.5).abs() < 1e-12);
        }
        assert!(sd_from_spread(two, SpreadMeaning::Ci95, 1).is_err());
        assert!(sd_from_spread(two, SpreadMeaning::Range, 9).is_err());
        assert!(sd_from_spread(Rounded::exact(f64::NAN), SpreadMeaning::Sd, 9).is_err());
    }

    /// R 4.2.2: t.test(c(1, 2, 4), c(3, 7), var.equal = TRUE), and the pooled SD sqrt((2 * var(x) + var(y)) / 3).
    #[test]
    fn what_stands_beside_a_difference_gives_the_pooled_sd() {
        let (difference, pooled) = (-8.0 / 3.0, 2.054_804_667_656_326);
        let (t, p) = (-1.421_637_306_621_822, 0.250_259_122_651_448);
        let interval = OfMean::Interval { lower: -8.636_208_575_300_683, upper: 3.302_875_241_967_352, level: 0.95 };
        for of in [OfMean::Se(difference / t), interval, OfMean::T(t), OfMean::P(p), OfMean::F(t * t)] {
            let found = sd_of_difference(difference, [3.0, 2.0], of).unwrap().sd;
            assert!((found / pooled - 1.0).abs() < 1e-12, "{of:?}: {found}");
        }
        assert!(sd_of_difference(difference, [1.0, 1.0], OfMean::T(t)).is_err());
        assert!(sd_of_difference(difference, [3.0, 2.0], OfMean::F(-1.0)).is_err());
    }
}
