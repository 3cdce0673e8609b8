//! Standard errors and confidence intervals.

use super::point::{NEEDS_R, average_sd, correction, spread_of_change, to_raw_units};
use super::{BeforeAfter, Complete};
use crate::diagnostic::Refused;
use crate::effect::sampling::{Sampling, limits_of_d};
use crate::estimate::{Measure, possible_correlation, possible_level};
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use std::cell::OnceCell;

/// Where intervals are computed: at which correlation and level. Four measures share the limits of
/// dz, which cost more than all else, so they are kept.
pub(super) struct At {
    r: Option<f64>,
    level: f64,
    limits_of_dz: OnceCell<Result<Interval, Refused>>,
}

impl At {
    pub(super) fn new(r: Option<f64>, level: f64) -> Self {
        Self { r, level, limits_of_dz: OnceCell::new() }
    }

    pub(super) fn r(&self) -> Option<f64> {
        self.r
    }
}

/// The mean after as a multiple of the mean before.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RatioOfMeans {
    /// The ratio.
    pub ratio: f64,
    /// The correlation of its interval, where one is known.
    pub r: Option<f64>,
    /// Its confidence interval.
    pub ci: Option<Interval>,
    /// The ratios that all numbers behind the printed ones give.
    pub rounding: Option<Interval>,
}

impl BeforeAfter {
    /// Standard error and interval of a measure at correlation `r`.
    pub(super) fn sampling(&self, measure: Measure, at: &At) -> Result<Sampling, Refused> {
        let (r, level) = (at.r, at.level);
        possible_level(level)?;
        let all = self.complete()?;
        // An SD that prints as 0 is small, and no reason for an interval of no width.
        if self.has_no_spread() {
            return Err("both SDs are 0".into());
        }
        if measure == Measure::DavLakens {
            return Err("none is defined for the mean of two SDs; dav has one".into());
        }
        let r = r.ok_or_else(|| NEEDS_R.to_owned())?;
        let point = self.point(measure, Some(r))?.value;
        let normal = |variance: f64| Ok(Sampling::by_z(point, variance.sqrt(), level));
        match measure {
            Measure::Mc => {
                let se = spread_of_change(&all, r).value / all.n.sqrt();
                Ok(Sampling::by_t(point, se, all.df(), level))
            }
            Measure::Smcc => normal(1.0 / all.n + point * point / (2.0 * all.n)),
            Measure::Smcr => normal(2.0 * (1.0 - r) / all.n + point * point / (2.0 * all.n)),
            Measure::Smcrh | Measure::Dpre => normal(variance_by_sd_before(&all, r, point)),
            Measure::Smcrp => normal(2.0 * (1.0 - r) / all.n + point * point * (1.0 + r * r) / (4.0 * all.n)),
            Measure::Dav | Measure::Smcrph => normal(variance_by_average_sd(&all, r, point)),
            Measure::Romc => normal(variance_of_log_ratio(&all, r)),
            Measure::Vrc => normal((1.0 - r * r) / all.df()),
            Measure::Cvrc => normal((1.0 - r * r) / all.df() + variance_of_log_ratio(&all, r)),
            Measure::Dz => noncentral(&all, r, at),
            Measure::Drm => Ok(noncentral(&all, r, at)?.scaled(to_raw_units(Some(r)))),
            Measure::Gpre => self.corrected(&all, Measure::Dpre, at),
            Measure::Gav => self.corrected(&all, Measure::Dav, at),
            Measure::Gz => self.corrected(&all, Measure::Dz, at),
            Measure::Grm => self.corrected(&all, Measure::Drm, at),
            _ => Err("none is defined".into()),
        }
    }

    /// The mean after as a multiple of the mean before, as anyone would compute it: without the
    /// correction for bias that ROMC has. The interval is that of the log ratio by the delta method,
    /// where SDs, n and r are there.
    ///
    /// Source: Hedges, Gurevitch & Curtis (1999), Ecology 80:1150, eq. 1; Lajeunesse (2011), eq. 6.
    ///
    /// # Errors
    /// If the means are neither both above 0 nor both below, r is no correlation (−1 to 1), the level no share between
    /// 0 and 1, a mean no finite number or an SD none of at least 0.
    pub fn ratio_of_means(&self, r: Option<f64>, level: f64) -> Result<RatioOfMeans, Refused> {
        self.possible()?;
        r.map_or(Ok(()), possible_correlation)?;
        possible_level(level)?;
        let log = self.plain_log_ratio()?;
        let half = |all: Complete, r: f64| normal_critical(level) * variance_of_log_ratio(&all, r).sqrt();
        let ci = match (self.complete(), r) {
            (Ok(all), Some(r)) if !self.has_no_spread() => {
                let half = half(all, r);
                Some(Interval::between(log.value - half, log.value + half).map_monotone(f64::exp))
            }
            _ => None,
        };
        let rounding = log.range.map_monotone(f64::exp);
        let ratio = self.after.mean.value / self.before.mean.value;
        Ok(RatioOfMeans { ratio, r, ci, rounding: Some(rounding).filter(|range| range.is_finite()) })
    }

    /// Every g is J times its d, with its standard error and interval.
    fn corrected(&self, all: &Complete, of: Measure, at: &At) -> Result<Sampling, Refused> {
        Ok(self.sampling(of, at)?.scaled(correction(all)?))
    }
}

/// Bonett (2008), eq. 13 with one standardiser: s_d²/(s₁²(n − 1)) + d²/(2(n − 1)).
fn variance_by_sd_before(all: &Complete, r: f64, d: f64) -> f64 {
    let relative = spread_of_change(all, r).value / all.s1.value;
    (relative * relative + 0.5 * d * d) / all.df()
}

/// Bonett (2008), eq. 10: d²(s₁⁴ + s₂⁴ + 2 s₁₂²)/(8(n − 1)s_av⁴) + s_d²/((n − 1)s_av²), with the
/// covariance s₁₂ = r s₁ s₂.
fn variance_by_average_sd(all: &Complete, r: f64, d: f64) -> f64 {
    let (v1, v2) = (all.s1.value.powi(2), all.s2.value.powi(2));
    let average = average_sd(all).value.powi(2);
    let covariance_squared = r * r * v1 * v2;
    let by_spread = d * d * (v1 * v1 + v2 * v2 + 2.0 * covariance_squared) / (8.0 * average * average);
    (by_spread + spread_of_change(all, r).value.powi(2) / average) / all.df()
}

/// Lajeunesse (2011), eq. 6: s₂²/(n m₂²) + s₁²/(n m₁²) − 2 r s₁ s₂/(n m₁ m₂).
fn variance_of_log_ratio(all: &Complete, r: f64) -> f64 {
    let (c1, c2) = (all.s1.value / all.m1.value, all.s2.value / all.m2.value);
    super::sd_of_change(c1, c2, r).powi(2) / all.n
}

/// The interval of dz from the noncentrality of t, and the large-sample standard error
/// √(1/n + dz²/(2n)): Steiger & Fouladi (1997); Gibbons, Hedeker & Davis (1993).
fn noncentral(all: &Complete, r: f64, at: &At) -> Result<Sampling, Refused> {
    let dz = all.change().value / spread_of_change(all, r).value;
    let limits = || limits_of_d(dz, 1.0 / all.n.sqrt(), all.df(), at.level);
    let ci = at.limits_of_dz.get_or_init(limits).clone()?;
    Ok(Sampling { se: (1.0 / all.n + dz * dz / (2.0 * all.n)).sqrt(), df: Some(all.df()), ci })
}
