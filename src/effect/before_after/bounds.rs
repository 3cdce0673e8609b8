//! What can be said whatever the correlation is, and which correlation a claim needs.

use super::{BeforeAfter, Complete};
use crate::diagnostic::Refused;
use crate::numeric::dist::{t_quantile, t_two_sided_p};
use crate::numeric::format::fixed;
use crate::numeric::interval::Interval;
use crate::recover::{correlation_of, correlation_range};
use std::fmt;

/// The values of a result over all correlations; an end that is absent is unbounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The smallest.
    pub lower: Option<f64>,
    /// The largest.
    pub upper: Option<f64>,
}

/// Bounds over all correlations from −1 to 1, at the printed numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RBounds {
    /// Of the SD of change.
    pub sd_change: Bound,
    /// Of the statistic of the paired t-test.
    pub t: Bound,
    /// Of dz.
    pub dz: Bound,
    /// Of the two-sided p-value.
    pub p: Bound,
}

/// The smallest correlation at which the paired t-test reaches a p-value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CorrelationNeeded {
    /// Every correlation will do.
    Any,
    /// This one or a larger one.
    AtLeast {
        /// The correlation, at the printed numbers.
        r: f64,
        /// The correlations that all numbers behind the printed ones give, within −1 … 1.
        rounding: Interval,
    },
    /// None will do.
    None,
}

/// The end of a sentence that begins with the p-value: `needs r ≥ 0.787 (0.725 to 0.838 with rounding)`.
impl fmt::Display for CorrelationNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("holds whatever r is"),
            Self::None => f.write_str("holds at no r"),
            Self::AtLeast { r, rounding } => {
                let [r, lower, upper] = [*r, rounding.lower, rounding.upper].map(|r| fixed(r, 3));
                write!(f, "needs r ≥ {r} ({lower} to {upper} with rounding)")
            }
        }
    }
}

impl BeforeAfter {
    /// What can be said whatever the correlation is.
    ///
    /// The SD of change goes from |s₁ − s₂| at r = 1 to s₁ + s₂ at r = −1, and everything else is
    /// monotone in it.
    ///
    /// # Errors
    /// If SDs or n are not reported, or both SDs are 0.
    pub fn r_bounds(&self) -> Result<RBounds, Refused> {
        let all = self.complete()?;
        let (least, most) = ((all.s1.value - all.s2.value).abs(), all.s1.value + all.s2.value);
        let change = all.change().value;
        if most == 0.0 {
            return Err("both SDs are 0".into());
        }
        // At the smallest spread the standardised change is largest, and unbounded where that is 0.
        let far = (least > 0.0).then(|| change / least);
        let near = Some(change / most);
        let (lower, upper) = if change < 0.0 { (far, near) } else { (near, far) };
        let dz = if change == 0.0 { Bound { lower: Some(0.0), upper: Some(0.0) } } else { Bound { lower, upper } };
        let root = all.n.sqrt();
        let scale = |end: Option<f64>| end.map(|end| end * root);
        let p = |dz: Option<f64>| dz.map(|dz| t_two_sided_p(dz * root, all.df()));
        let p = if change == 0.0 {
            Bound { lower: Some(1.0), upper: Some(1.0) }
        } else {
            Bound { lower: p(far).or(Some(0.0)), upper: p(near) }
        };
        Ok(RBounds {
            sd_change: Bound { lower: Some(least), upper: Some(most) },
            t: Bound { lower: scale(dz.lower), upper: scale(dz.upper) },
            dz,
            p,
        })
    }

    /// The smallest correlation at which the two-sided p-value of the paired t-test is at most `p`.
    ///
    /// t² = n MD²/s_d² reaches its quantile where s_d² = n MD²/t², which gives r.
    ///
    /// # Errors
    /// If SDs or n are not reported, both SDs are 0, or p is none above 0 and up to 1.
    ///
    /// ```
    /// use reffect::effect::before_after::{BeforeAfter, CorrelationNeeded};
    /// use reffect::estimate::Moments;
    /// use reffect::numeric::rounding::Rounded;
    ///
    /// let edss = BeforeAfter { n: Some(7), before: Moments::exact(5.1, 1.7), after: Moments::exact(4.1, 1.6) };
    /// let CorrelationNeeded::AtLeast { r, .. } = edss.r_needed(0.05)? else { unreachable!() };
    /// assert!((r - 0.787).abs() < 5e-4);
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    pub fn r_needed(&self, p: f64) -> Result<CorrelationNeeded, Refused> {
        if !(p > 0.0 && p <= 1.0) {
            return Err(format!("p = {p}: a p-value above 0 and up to 1 was expected").into());
        }
        let all = self.complete()?;
        if all.s1.value == 0.0 && all.s2.value == 0.0 {
            return Err("both SDs are 0".into());
        }
        if all.change().value == 0.0 {
            return Ok(CorrelationNeeded::None);
        }
        if all.s1.value == 0.0 || all.s2.value == 0.0 {
            // There is no correlation: the SD of change is that of the occasion which has one, whatever r is.
            let is_enough = all.s1.value + all.s2.value <= spread_needed(&all, p, all.change().value);
            return Ok(if is_enough { CorrelationNeeded::Any } else { CorrelationNeeded::None });
        }
        let r = correlation_of(all.s1.value, all.s2.value, spread_needed(&all, p, all.change().value));
        if r <= -1.0 {
            return Ok(CorrelationNeeded::Any);
        }
        if r > 1.0 {
            return Ok(CorrelationNeeded::None);
        }
        let spread = all.change().range.abs().map_monotone(|change| spread_needed(&all, p, change));
        let unclipped = correlation_range(all.s1.range, all.s2.range, spread).unwrap_or(Interval::between(-1.0, 1.0));
        let rounding = Interval { lower: unclipped.lower.max(-1.0), upper: unclipped.upper.min(1.0) };
        Ok(CorrelationNeeded::AtLeast { r, rounding })
    }
}

/// The SD of change at which the paired t-test has exactly this p-value.
fn spread_needed(all: &Complete, p: f64, change: f64) -> f64 {
    change.abs() * all.n.sqrt() / t_quantile(1.0 - 0.5 * p, all.df())
}
