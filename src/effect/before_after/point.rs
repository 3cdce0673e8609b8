//! Point estimates, and how far rounding moves them.

use super::{BeforeAfter, Complete, Spreads, sd_of_change, sd_of_change_range};
use crate::diagnostic::Refused;
use crate::effect::ranges::{
    POSITIVE_MEAN, both_rising, log, log_cv, log_mean, of_one_sign, root_mean_square, standardised,
};
use crate::effect::small_sample::hedges_j;
use crate::estimate::Measure;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounded;

pub(super) const NEEDS_R: &str = "it depends on the correlation between before and after, which is not reported";

impl BeforeAfter {
    /// The estimate of a measure over the printed numbers and over all that print so.
    ///
    /// Formulas and sources are those of [`crate::estimate::MEASURES`].
    pub(super) fn point(&self, measure: Measure, r: Option<f64>) -> Result<Rounded, Refused> {
        let (of, all) = (self.spreads(), self.complete());
        let corrected = |point: Result<Rounded, Refused>, all: &Complete| Ok(point?.scaled(correction(all)?));
        match measure {
            Measure::Mc => Ok(self.mean_change()),
            Measure::Romc => self.log_ratio_of_means(),
            Measure::Dpre => of.and_then(|of| by_spread(&of, of.s1)),
            Measure::Gpre | Measure::Smcr | Measure::Smcrh => {
                all.and_then(|all| corrected(by_spread(&all, all.s1), &all))
            }
            Measure::Dav => of.and_then(|of| by_spread(&of, average_sd(&of))),
            Measure::Gav => all.and_then(|all| corrected(by_spread(&all, average_sd(&all)), &all)),
            Measure::DavLakens => of.and_then(|of| by_spread(&of, mean_of_sds(&of))),
            Measure::Dz => of.and_then(|of| dz(&of, r)),
            Measure::Gz | Measure::Smcc => all.and_then(|all| corrected(dz(&all, r), &all)),
            Measure::Drm => of.and_then(|of| drm(&of, r)),
            Measure::Grm => all.and_then(|all| corrected(drm(&all, r), &all)),
            Measure::Smcrp | Measure::Smcrph => all.and_then(|all| smcrp(&all, r)),
            Measure::Vrc => of.and_then(|of| log_ratio_of_sds(&of)),
            Measure::Cvrc => all.and_then(|all| log_ratio_of_cvs(&all)),
            _ => Err("it compares two groups".into()),
        }
    }

    /// ln(m₂/m₁), with its correction for bias where SDs and n are there.
    fn log_ratio_of_means(&self) -> Result<Rounded, Refused> {
        let plain = self.plain_log_ratio()?;
        let Ok(all) = self.complete() else { return Ok(plain) };
        let [m1, m2] = of_one_sign([all.m1, all.m2])?;
        Ok(log_mean(m2, all.s2, all.n).minus(log_mean(m1, all.s1, all.n)))
    }

    /// ln(m₂/m₁).
    pub(super) fn plain_log_ratio(&self) -> Result<Rounded, Refused> {
        let [m1, m2] = of_one_sign([self.before.mean, self.after.mean])?;
        let none = Rounded::exact(0.0);
        let (before, after) = (log_mean(m1, none, 1.0), log_mean(m2, none, 1.0));
        Ok(after.minus(before))
    }
}

/// What makes the range of a difference of two functions of means: the ranges of both means, the sign that they lost,
/// and both functions.
type OverMeans<'a> = dyn Fn([Interval; 2], f64, [&dyn Fn(Interval) -> Interval; 2]) -> Option<Interval> + 'a;

impl BeforeAfter {
    /// What rounding leaves of ln(m₂/m₁), of the same with its correction for bias, and of the log ratio of
    /// coefficients of variation, where something says which means go together; none where they are not complete, or of
    /// different signs.
    pub(in crate::effect) fn logs_over(&self, over: &OverMeans<'_>) -> Option<[Option<Interval>; 3]> {
        let all = self.complete().ok()?;
        let [m1, m2] = of_one_sign([all.m1, all.m2]).ok()?;
        let sign = all.m1.value.signum();
        let ranges = [m1.range, m2.range];
        let of = |range: Interval| Rounded { value: 0.5 * (range.lower + range.upper), range };
        let none = Rounded::exact(0.0);
        let plain = |m: Interval| log_mean(of(m), none, 1.0).range;
        let before = |m: Interval| log_mean(of(m), all.s1, all.n).range;
        let after = |m: Interval| log_mean(of(m), all.s2, all.n).range;
        let cv_before = |m: Interval| log_cv(of(m), all.s1, all.n).range;
        let cv_after = |m: Interval| log_cv(of(m), all.s2, all.n).range;
        let of_cvs = || over(ranges, sign, [&cv_before, &cv_after]).filter(|_| sign > 0.0);
        Some([over(ranges, sign, [&plain, &plain]), over(ranges, sign, [&before, &after]), of_cvs()])
    }
}

/// The change in units of a spread that is independent of the means.
fn by_spread(all: &Spreads, spread: Rounded) -> Result<Rounded, Refused> {
    standardised(all.change(), spread)
}

fn dz(all: &Spreads, r: Option<f64>) -> Result<Rounded, Refused> {
    let r = r.ok_or_else(|| NEEDS_R.to_owned())?;
    by_spread(all, spread_of_change(all, r)).map_err(|_| format!("the SD of change is 0 at r = {r}").into())
}

/// dz √(2(1 − r)), which is 0 at r = 1 whatever the change is.
fn drm(all: &Spreads, r: Option<f64>) -> Result<Rounded, Refused> {
    if r == Some(1.0) {
        return Err("at r = 1 its formula is 0, whatever the change is".into());
    }
    Ok(dz(all, r)?.scaled(to_raw_units(r)))
}

/// The SD of change over the printed SDs and over all that print so.
pub(super) fn spread_of_change(all: &Spreads, r: f64) -> Rounded {
    Rounded {
        value: sd_of_change(all.s1.value, all.s2.value, r),
        range: sd_of_change_range(all.s1.range, all.s2.range, r),
    }
}

/// √((s₁² + s₂²)/2)
pub(super) fn average_sd(all: &Spreads) -> Rounded {
    root_mean_square(all.s1, all.s2)
}

fn mean_of_sds(all: &Spreads) -> Rounded {
    both_rising(all.s1, all.s2, |a, b| 0.5 * (a + b))
}

fn log_ratio_of_sds(all: &Spreads) -> Result<Rounded, Refused> {
    if all.s1.value <= 0.0 || all.s2.value <= 0.0 {
        return Err("a ratio needs SDs above 0".into());
    }
    Ok(log(all.s2).minus(log(all.s1)))
}

fn log_ratio_of_cvs(all: &Complete) -> Result<Rounded, Refused> {
    log_ratio_of_sds(all)?;
    if all.m1.value <= 0.0 || all.m2.value <= 0.0 {
        return Err(POSITIVE_MEAN.into());
    }
    Ok(log_cv(all.m2, all.s2, all.n).minus(log_cv(all.m1, all.s1, all.n)))
}

/// dav with the correction of metafor's SMCRP, whose degrees of freedom depend on r.
fn smcrp(all: &Complete, r: Option<f64>) -> Result<Rounded, Refused> {
    let r = r.ok_or_else(|| NEEDS_R.to_owned())?;
    let undefined = || format!("the correction J is not defined for n = {} at r = {r}", all.n);
    let j = smcrp_correction(all.n, r).ok_or_else(undefined)?;
    Ok(by_spread(all, average_sd(all))?.scaled(j))
}

/// J(2(n − 1)/(1 + r²)).
pub(in crate::effect) fn smcrp_correction(n: f64, r: f64) -> Option<f64> {
    hedges_j(2.0 * (n - 1.0) / (1.0 + r * r))
}

/// J(n − 1).
pub(super) fn correction(all: &Complete) -> Result<f64, Refused> {
    hedges_j(all.df()).ok_or_else(|| format!("the correction J is not defined for n = {}", all.n).into())
}

/// √(2(1 − r)): from units of the SD of change to units of the SD, were it the same twice.
pub(super) fn to_raw_units(r: Option<f64>) -> f64 {
    (2.0 * (1.0 - r.unwrap_or_default())).max(0.0).sqrt()
}
