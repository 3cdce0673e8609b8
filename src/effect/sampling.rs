//! What sampling contributes to an estimate.

use crate::diagnostic::Refused;
use crate::estimate::Estimate;
use crate::numeric::dist::{noncentrality, normal_critical, t_critical};
use crate::numeric::interval::Interval;

/// Standard error, degrees of freedom and interval.
pub(super) struct Sampling {
    pub(super) se: f64,
    pub(super) df: Option<f64>,
    pub(super) ci: Interval,
}

impl Sampling {
    /// By the normal distribution.
    pub(super) fn by_z(point: f64, se: f64, level: f64) -> Self {
        Self { se, df: None, ci: Interval::around(point, normal_critical(level) * se) }
    }

    /// By Student's distribution.
    pub(super) fn by_t(point: f64, se: f64, df: f64, level: f64) -> Self {
        Self { se, df: Some(df), ci: Interval::around(point, t_critical(level, df) * se) }
    }

    /// Of a multiple of what was estimated.
    pub(super) fn scaled(self, factor: f64) -> Self {
        Self { se: self.se * factor, ci: self.ci.scaled(factor), ..self }
    }

    /// Written into its estimate, or why there is none.
    pub(super) fn complete(found: Result<Self, Refused>, mut estimate: Estimate) -> Estimate {
        match found {
            Ok(Self { se, ci, .. }) if !se.is_finite() || ci.ends().iter().any(|end| end.is_nan()) => {
                estimate.notes.push("no interval: its standard error is beyond what a double holds".to_owned());
            }
            Ok(sampling) => {
                estimate.se = Some(sampling.se);
                estimate.df = sampling.df;
                estimate.ci = Some(sampling.ci);
            }
            Err(reason) => estimate.notes.push(format!("no interval: {reason}")),
        }
        estimate
    }
}

/// The interval of a standardised difference `d` from the noncentrality of its t = d/`unit`.
///
/// Source: Steiger & Fouladi (1997), in What If There Were No Significance Tests?, p. 221.
pub(super) fn limits_of_d(d: f64, unit: f64, df: f64, level: f64) -> Result<Interval, Refused> {
    let limit = |p: f64| {
        let ncp = noncentrality(d / unit, df, p);
        ncp.map(|ncp| ncp * unit).map_err(|error| format!("the limits of the noncentrality were not found: {error}"))
    };
    let tail = 0.5 * (1.0 - level);
    Ok(Interval::between(limit(1.0 - tail)?, limit(tail)?))
}
