//! What a calculation returns: an estimate with everything that bears on its uncertainty.

mod measure;
mod possible;
mod test_of_effect;

pub use measure::{CiMethod, MEASURES, Measure, MeasureInfo, PRE_POST_CONTROL_MEASURES, TWO_GROUP_MEASURES};
pub(crate) use possible::{is_level, possible_correlation, possible_level};
pub use test_of_effect::{TestKind, TestOfEffect, TestResult};

use crate::diagnostic::Refused;
use crate::numeric::dist::{chi_squared_sf, normal_critical, normal_two_sided_p, t_critical, t_two_sided_p};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;

/// A mean and, where there is one, a standard deviation. What is computed from them refuses a mean that is no finite
/// number, and an SD that is none of at least 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The mean.
    pub mean: Rounded,
    /// The sample standard deviation.
    pub sd: Option<Rounded>,
}

impl Moments {
    /// A mean and an SD that are known exactly, as those of data are.
    pub fn exact(mean: f64, sd: f64) -> Self {
        Self { mean: Rounded::exact(mean), sd: Some(Rounded::exact(sd)) }
    }
}

/// An estimate with its test and its interval: of a coefficient of a model, or of a contrast of coefficients.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Coefficient {
    /// Its name.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// The degrees of freedom of t; none where the normal distribution is used.
    pub df: Option<f64>,
    /// Estimate over standard error.
    pub statistic: f64,
    /// The two-sided p-value.
    pub p: f64,
    /// The interval.
    pub ci: Interval,
}

impl Coefficient {
    /// An estimate with its test and its Wald interval: t where there are degrees of freedom, z otherwise. A level that
    /// is not between 0 and 1 gives no interval: its ends are no numbers.
    ///
    /// ```
    /// use reffect::estimate::Coefficient;
    /// let change = Coefficient::new("change", -2.5, 1.0, None, 0.95);
    /// assert!((change.ci.upper + 0.540_036).abs() < 1e-6 && change.p < 0.013);
    /// assert!(Coefficient::new("change", -2.5, 1.0, None, 95.0).ci.upper.is_nan());
    /// ```
    pub fn new(name: &str, estimate: f64, se: f64, df: Option<f64>, level: f64) -> Self {
        // An estimate without error has neither statistic nor p-value.
        let statistic = if se == 0.0 { f64::NAN } else { estimate / se };
        let (p, critical) = match df {
            Some(df) => (t_two_sided_p(statistic, df), t_critical(level, df)),
            None => (normal_two_sided_p(statistic), normal_critical(level)),
        };
        let critical = if is_level(level) { critical } else { f64::NAN };
        let ci = Interval::around(estimate, critical * se);
        Self { name: name.to_owned(), estimate, se, df, statistic, p, ci }
    }
}

/// A test by a statistic that is χ² with so many degrees of freedom under the hypothesis.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChiSquared {
    /// The statistic.
    pub statistic: f64,
    /// The degrees of freedom.
    pub df: f64,
    /// The p-value.
    pub p: f64,
}

impl ChiSquared {
    /// The test of a statistic.
    ///
    /// ```
    /// use reffect::estimate::ChiSquared;
    /// // R: pchisq(3.84, 1, lower.tail = FALSE)
    /// assert!((ChiSquared::new(3.84, 1.0).p - 0.050_043_521_248_705_22).abs() < 1e-12);
    /// ```
    pub fn new(statistic: f64, df: f64) -> Self {
        Self { statistic, df, p: chi_squared_sf(statistic, df) }
    }

    /// The likelihood-ratio test of a model with `df` fewer parameters: twice the difference of the log-likelihoods,
    /// taken as 0 where rounding leaves the larger model a smaller one.
    ///
    /// Source: Wilks (1938), Ann Math Stat 9:60.
    pub fn of_likelihoods(full: f64, reduced: f64, df: f64) -> Self {
        Self::new((2.0 * (full - reduced)).max(0.0), df)
    }
}

/// An estimate of one measure. What could not be computed is absent, and a note says why.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// Which measure.
    pub measure: Measure,
    /// The correlation between before and after that it was computed for.
    pub r: Option<f64>,
    /// The estimate.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The degrees of freedom of its interval, where it has any.
    pub df: Option<f64>,
    /// The confidence interval: what sampling contributes.
    pub ci: Option<Interval>,
    /// How that was made.
    pub ci_method: CiMethod,
    /// The estimates that all numbers behind the printed ones give: what rounding contributes.
    pub rounding: Option<Interval>,
    /// What is absent and why, and what else is to be known.
    pub notes: Vec<String>,
}

impl Estimate {
    /// The estimate alone with what rounding contributes, before anything is known of its sampling; or
    /// why there is none.
    pub fn of_point(measure: Measure, r: Option<f64>, point: Result<Rounded, Refused>) -> Self {
        let point = match point {
            Ok(point) if !point.value.is_finite() => {
                return Self::absent(measure, r, format!("no {measure}: it is beyond what a double holds"));
            }
            Ok(point) => point,
            Err(reason) => return Self::absent(measure, r, format!("no {measure}: {reason}")),
        };
        let rounding = Some(point.range).filter(|range| range.is_finite());
        let unbounded = "rounding of the printed numbers leaves the estimate unbounded";
        let notes = if rounding.is_none() { vec![unbounded.to_owned()] } else { Vec::new() };
        Self { estimate: Some(point.value), rounding, notes, ..Self::absent(measure, r, String::new()) }
    }

    /// An estimate that could not be computed, with the reason.
    pub fn absent(measure: Measure, r: Option<f64>, reason: impl Into<String>) -> Self {
        Self {
            measure,
            r,
            estimate: None,
            se: None,
            df: None,
            ci: None,
            ci_method: measure.info().interval,
            rounding: None,
            notes: vec![reason.into()],
        }
    }
}
