//! What can be said whatever the correlation is, and which correlation a claim needs.

use super::{BeforeAfter, Complete};
use crate::diagnostic::Refused;
use crate::numeric::dist::{t_of_two_sided_p, t_two_sided_p};
use crate::numeric::format::correlation;
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
#[non_exhaustive]
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
    /// Every correlation will do, at the printed numbers.
    Any {
        /// The least correlations that numbers behind the printed ones need, where some need one.
        rounding: Option<Interval>,
    },
    /// This one or a larger one.
    AtLeast {
        /// The correlation, at the printed numbers.
        r: f64,
        /// The correlations that all numbers behind the printed ones give, within −1 … 1.
        rounding: Interval,
    },
    /// None will do, at the printed numbers.
    None {
        /// The least correlations at which numbers behind the printed ones do, where some do.
        rounding: Option<Interval>,
    },
}

impl CorrelationNeeded {
    /// The least correlations that all numbers behind the printed ones give, within −1 … 1; none where they all agree
    /// that every correlation will do, or that none will.
    pub fn rounding(&self) -> Option<Interval> {
        match self {
            Self::Any { rounding } | Self::None { rounding } => *rounding,
            Self::AtLeast { rounding, .. } => Some(*rounding),
        }
    }

    /// The condition of what would be if the numbers were read otherwise: `would need r ≥ 0.924 …`.
    pub fn in_that_case(&self) -> String {
        let told = self.to_string().replace(", and may ", ", and might ");
        match (told.strip_prefix("needs "), told.strip_prefix("holds ")) {
            (Some(what), _) => format!("would need {what}"),
            (_, Some(what)) => format!("would hold {what}"),
            (None, None) => told,
        }
    }
}

/// The end of a sentence that begins with the p-value: `needs r ≥ 0.787 (0.725 to 0.838 with rounding)`.
impl fmt::Display for CorrelationNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any { rounding: None } => f.write_str("holds whatever r is"),
            Self::Any { rounding: Some(range) } => {
                let upper = correlation(range.upper);
                write!(f, "holds whatever r is at the printed numbers, and may need r ≥ {upper} with rounding")
            }
            Self::None { rounding: None } => f.write_str("holds at no r"),
            Self::None { rounding: Some(range) } => {
                let lower = correlation(range.lower);
                write!(f, "holds at no r at the printed numbers, and may hold from r = {lower} on with rounding")
            }
            Self::AtLeast { r, rounding } => {
                let [r, lower, upper] = [*r, rounding.lower, rounding.upper].map(correlation);
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
    /// If SDs or n are not reported, both SDs are 0, a mean is no finite number or an SD none of at least 0.
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

    /// The two-sided p-values of the paired t-test over every correlation from −1 to 1 and all numbers behind the
    /// printed ones.
    ///
    /// The smallest is that of the largest change over the least SD of change, and the other way round.
    ///
    /// # Errors
    /// If SDs or n are not reported, a mean is no finite number or an SD none of at least 0.
    pub fn p_over_correlations(&self) -> Result<Interval, Refused> {
        let all = self.complete()?;
        let (s1, s2, change) = (all.s1.range, all.s2.range, all.change().range.abs());
        let spread = Interval { lower: s1.minus(s2).abs().lower, upper: s1.upper + s2.upper };
        let p = |change: f64, spread: f64| match change {
            0.0 => 1.0,
            _ => t_two_sided_p(change / spread * all.n.sqrt(), all.df()),
        };
        Ok(Interval { lower: p(change.upper, spread.lower), upper: p(change.lower, spread.upper) })
    }

    /// The smallest correlation at which the two-sided p-value of the paired t-test is at most `p`.
    ///
    /// t² = n MD²/s_d² reaches its quantile where s_d² = n MD²/t², which gives r.
    ///
    /// # Errors
    /// If SDs or n are not reported, both SDs are 0, p is none above 0 and up to 1, a mean is no finite number or an SD
    /// none of at least 0.
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
        let (s1, s2, change) = (all.s1, all.s2, all.change());
        let spread = change.range.abs().map_monotone(|change| spread_needed(&all, p, change));
        // Where an SD may be 0 there may be no correlation, and the SD of change is what the other SD is.
        let unclipped = correlation_range(s1.range, s2.range, spread).unwrap_or_else(|| {
            let is_enough = s1.range.upper + s2.range.upper <= spread.lower;
            let is_too_much = s1.range.minus(s2.range).abs().lower > spread.upper;
            Interval { lower: if is_too_much { 2.0 } else { -1.0 }, upper: if is_enough { -2.0 } else { 1.0 } }
        });
        let agree = unclipped.upper <= -1.0 || unclipped.lower > 1.0;
        let rounding = Interval { lower: unclipped.lower.max(-1.0), upper: unclipped.upper.min(1.0) };
        let hidden = Some(rounding).filter(|_| !agree);
        let needed = if s1.value == 0.0 || s2.value == 0.0 {
            if s1.value + s2.value <= spread_needed(&all, p, change.value) { -2.0 } else { 2.0 }
        } else {
            correlation_of(s1.value, s2.value, spread_needed(&all, p, change.value))
        };
        Ok(match needed {
            _ if change.value == 0.0 => CorrelationNeeded::None { rounding: hidden },
            r if r <= -1.0 => CorrelationNeeded::Any { rounding: hidden },
            r if r > 1.0 => CorrelationNeeded::None { rounding: hidden },
            r => CorrelationNeeded::AtLeast { r, rounding },
        })
    }
}

/// The SD of change at which the paired t-test has exactly this p-value.
fn spread_needed(all: &Complete, p: f64, change: f64) -> f64 {
    change.abs() * all.n.sqrt() / t_of_two_sided_p(p, all.df())
}
