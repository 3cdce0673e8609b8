//! Point estimates, and how far rounding moves them.

use super::{BeforeAfter, Complete, sd_of_change, sd_of_change_range};
use crate::effect::small_sample::hedges_j;
use crate::estimate::Measure;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;

pub(super) const NEEDS_R: &str = "it depends on the correlation between before and after, which is not reported";

impl BeforeAfter {
    /// The estimate of a measure over the printed numbers and over all that print so.
    ///
    /// Formulas and sources are those of [`crate::estimate::MEASURES`].
    pub(super) fn point(&self, measure: Measure, r: Option<f64>) -> Result<Rounded, String> {
        let all = self.complete();
        let corrected = |point: Result<Rounded, String>, all: &Complete| Ok(point?.scaled(correction(all)?));
        match measure {
            Measure::Mc => Ok(self.mean_change()),
            Measure::Romc => self.log_ratio_of_means(),
            Measure::Dpre => all.and_then(|all| standardised(&all, all.s1)),
            Measure::Gpre | Measure::Smcr | Measure::Smcrh => {
                all.and_then(|all| corrected(standardised(&all, all.s1), &all))
            }
            Measure::Dav => all.and_then(|all| standardised(&all, root_mean_square(&all))),
            Measure::Gav => all.and_then(|all| corrected(standardised(&all, root_mean_square(&all)), &all)),
            Measure::DavLakens => all.and_then(|all| standardised(&all, mean_of_sds(&all))),
            Measure::Dz => all.and_then(|all| dz(&all, r)),
            Measure::Gz | Measure::Smcc => all.and_then(|all| corrected(dz(&all, r), &all)),
            Measure::Drm => all.and_then(|all| drm(&all, r)),
            Measure::Grm => all.and_then(|all| corrected(drm(&all, r), &all)),
            Measure::Vrc => all.and_then(|all| log_ratio_of_sds(&all)),
        }
    }

    /// ln(m₂/m₁), with its correction for bias where SDs and n are there.
    fn log_ratio_of_means(&self) -> Result<Rounded, String> {
        let plain = self.plain_log_ratio()?;
        let Ok(all) = self.complete() else { return Ok(plain) };
        let (before, after) = (log_mean(all.m1, all.s1, all.n), log_mean(all.m2, all.s2, all.n));
        Ok(after.minus(before))
    }

    /// ln(m₂/m₁).
    pub(super) fn plain_log_ratio(&self) -> Result<Rounded, String> {
        let (m1, m2) = (self.before.mean, self.after.mean);
        if m1.value <= 0.0 || m2.value <= 0.0 {
            return Err("a ratio needs means above 0".to_owned());
        }
        let none = Rounded::exact(0.0);
        let (before, after) = (log_mean(m1, none, 1.0), log_mean(m2, none, 1.0));
        Ok(after.minus(before))
    }
}

/// ln m + s²/(2 n m²), the log of a mean to second order: Lajeunesse (2015), eq. 8.
///
/// It rises in s. In m it falls up to s/√n and rises from there, so that over an interval its
/// maximum is at an end, and its minimum at an end or there.
fn log_mean(m: Rounded, s: Rounded, n: f64) -> Rounded {
    let value = |m: f64, s: f64| m.ln() + s * s / (2.0 * n * m * m);
    if m.range.lower <= 0.0 {
        return Rounded { value: value(m.value, s.value), range: Interval::between(f64::NEG_INFINITY, f64::INFINITY) };
    }
    let s_range = s.not_negative().range;
    let lowest = m.range.clamp(s_range.lower / n.sqrt());
    let [a, b] = m.range.ends();
    let lower = [a, b, lowest].map(|m| value(m, s_range.lower)).into_iter().fold(f64::INFINITY, f64::min);
    let upper = value(a, s_range.upper).max(value(b, s_range.upper));
    Rounded { value: value(m.value, s.value), range: Interval { lower, upper } }
}

/// The change in units of a spread that is independent of the means.
fn standardised(all: &Complete, spread: Rounded) -> Result<Rounded, String> {
    if spread.value <= 0.0 {
        return Err("its standardiser is 0".to_owned());
    }
    let change = all.change();
    let unbounded = Interval::between(f64::NEG_INFINITY, f64::INFINITY);
    let range = change.range.divided_by(spread.range).unwrap_or(unbounded);
    Ok(Rounded { value: change.value / spread.value, range })
}

fn dz(all: &Complete, r: Option<f64>) -> Result<Rounded, String> {
    let r = r.ok_or_else(|| NEEDS_R.to_owned())?;
    standardised(all, spread_of_change(all, r)).map_err(|_| format!("the SD of change is 0 at r = {r}"))
}

fn drm(all: &Complete, r: Option<f64>) -> Result<Rounded, String> {
    Ok(dz(all, r)?.scaled(to_raw_units(r)))
}

/// The SD of change over the printed SDs and over all that print so.
pub(super) fn spread_of_change(all: &Complete, r: f64) -> Rounded {
    Rounded {
        value: sd_of_change(all.s1.value, all.s2.value, r),
        range: sd_of_change_range(all.s1.range, all.s2.range, r),
    }
}

/// √((s₁² + s₂²)/2), which rises in both.
pub(super) fn root_mean_square(all: &Complete) -> Rounded {
    both_rising(all, |a, b| (0.5 * (a * a + b * b)).sqrt())
}

fn mean_of_sds(all: &Complete) -> Rounded {
    both_rising(all, |a, b| 0.5 * (a + b))
}

fn both_rising(all: &Complete, f: impl Fn(f64, f64) -> f64) -> Rounded {
    let (s1, s2) = (all.s1.range, all.s2.range);
    let range = Interval { lower: f(s1.lower, s2.lower), upper: f(s1.upper, s2.upper) };
    Rounded { value: f(all.s1.value, all.s2.value), range }
}

fn log_ratio_of_sds(all: &Complete) -> Result<Rounded, String> {
    if all.s1.value <= 0.0 || all.s2.value <= 0.0 {
        return Err("a ratio needs SDs above 0".to_owned());
    }
    let log = |s: Rounded| Rounded { value: s.value.ln(), range: s.range.map_monotone(f64::ln) };
    let (before, after) = (log(all.s1), log(all.s2));
    Ok(after.minus(before))
}

/// J(n − 1).
pub(super) fn correction(all: &Complete) -> Result<f64, String> {
    hedges_j(all.df()).ok_or_else(|| format!("the correction J is not defined for n = {}", all.n))
}

/// √(2(1 − r)): from units of the SD of change to units of the SD, were it the same twice.
pub(super) fn to_raw_units(r: Option<f64>) -> f64 {
    (2.0 * (1.0 - r.unwrap_or_default())).max(0.0).sqrt()
}
