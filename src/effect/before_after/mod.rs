//! One group, measured before and after.
//!
//! The correlation r between the two is almost never reported, and most of what one wants to know
//! hangs on it. So every result here is a function of r: what does not need it comes without, and
//! what does is absent until an r is given.

mod bounds;
mod point;
mod sampling;
mod spread;
mod test;

pub use bounds::{Bound, CorrelationNeeded, RBounds};
pub(super) use point::smcrp_correction;
pub use sampling::RatioOfMeans;
pub use spread::{sd_of_change, sd_of_change_range};

use super::moments;
use super::ranges::{LARGE_CORRECTION, RATIO_OF_SIZES, is_large_correction};
use super::sampling::Sampling;
use crate::diagnostic::Refused;
use crate::estimate::{Estimate, MEASURES, Measure, Moments, possible_correlation};
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::MeanSd;
use sampling::At;

/// Means, and where they are known standard deviations and the number of patients.
///
/// ```
/// use reffect::effect::before_after::BeforeAfter;
/// use reffect::estimate::{Measure, Moments};
///
/// let [before, after] = [Moments::exact(5.1, 1.7), Moments::exact(4.1, 1.6)];
/// let edss = BeforeAfter { n: Some(7), before, after };
///
/// // In units of the SD before, the change needs no correlation …
/// let dpre = edss.estimate(Measure::Dpre, None, 0.95);
/// assert!((dpre.estimate.expect("means and SDs are there") + 1.0 / 1.7).abs() < 1e-12);
/// // … and its interval does.
/// assert!(dpre.ci.is_none() && edss.estimate(Measure::Dpre, Some(0.5), 0.95).ci.is_some());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeforeAfter {
    /// The number of patients who were measured twice.
    pub n: Option<u64>,
    /// Before.
    pub before: Moments,
    /// After.
    pub after: Moments,
}

/// Means and SDs, as every standardised change needs them.
#[derive(Clone, Copy, Debug)]
struct Spreads {
    m1: Rounded,
    s1: Rounded,
    m2: Rounded,
    s2: Rounded,
}

impl Spreads {
    fn change(&self) -> Rounded {
        self.m2.minus(self.m1)
    }
}

/// Everything that an interval needs.
#[derive(Clone, Copy, Debug)]
struct Complete {
    n: f64,
    of: Spreads,
}

impl std::ops::Deref for Complete {
    type Target = Spreads;

    fn deref(&self) -> &Spreads {
        &self.of
    }
}

impl Complete {
    fn df(&self) -> f64 {
        self.n - 1.0
    }
}

impl BeforeAfter {
    /// Numbers as they are printed, each ± as the SD.
    ///
    /// ```
    /// use reffect::effect::before_after::BeforeAfter;
    /// use reffect::numeric::rounding::Rounding;
    ///
    /// let edss = BeforeAfter::reported(&"5.1 ± 1.7".parse()?, &"4.1 ± 1.6".parse()?, Some(7), Rounding::default());
    /// let range = edss.mean_change().range;
    /// assert!((range.lower + 1.1).abs() < 1e-12 && (range.upper + 0.9).abs() < 1e-12);
    /// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
    /// ```
    pub fn reported(before: &MeanSd, after: &MeanSd, n: Option<u64>, rounding: Rounding) -> Self {
        Self { n, before: moments(before, rounding), after: moments(after, rounding) }
    }

    /// The mean after minus the mean before.
    pub fn mean_change(&self) -> Rounded {
        self.after.mean.minus(self.before.mean)
    }

    /// Whether an SD is 0, so that there is no correlation and nothing depends on it.
    pub fn is_constant(&self) -> bool {
        [self.before.sd, self.after.sd].iter().flatten().any(|sd| sd.value == 0.0)
    }

    /// Whether both SDs are 0: there is nothing that would tell how precise anything is.
    pub(super) fn has_no_spread(&self) -> bool {
        [self.before.sd, self.after.sd].iter().all(|sd| sd.is_some_and(|sd| sd.value == 0.0))
    }

    /// Whether both SDs and a number of patients are there, as every interval needs them.
    pub fn is_complete(&self) -> bool {
        self.complete().is_ok()
    }

    /// That means and SDs can be those of data.
    fn possible(&self) -> Result<(), Refused> {
        self.before.possible("before")?;
        self.after.possible("after")
    }

    /// The means and SDs, or why they are not complete. A group of one has no SD.
    fn spreads(&self) -> Result<Spreads, Refused> {
        self.possible()?;
        let (Some(s1), Some(s2)) = (self.before.sd, self.after.sd) else {
            let which = match (self.before.sd, self.after.sd) {
                (None, None) => "before and after",
                (None, Some(_)) => "before",
                _ => "after",
            };
            return Err(format!("no SD {which} is reported").into());
        };
        match self.n {
            Some(n) if n < 2 => Err(format!("n = {n} has no spread").into()),
            _ => Ok(Spreads { m1: self.before.mean, s1, m2: self.after.mean, s2 }),
        }
    }

    /// The means, SDs and n, or why they are not complete.
    fn complete(&self) -> Result<Complete, Refused> {
        let of = self.spreads()?;
        let n = self.n.ok_or("how many patients were measured twice is not reported")?;
        Ok(Complete { n: n as f64, of })
    }

    /// Whether the number of patients alone is missing.
    pub(super) fn lacks_n_alone(&self) -> bool {
        self.n.is_none() && self.spreads().is_ok()
    }

    /// One measure, for a given correlation or for none, with an interval of the given level.
    ///
    /// Whatever the numbers do not allow is absent, and the notes say why: everything, where r is no correlation (−1 to
    /// 1), a mean no finite number or an SD none of at least 0; the interval, where the level is no share between 0 and
    /// 1.
    ///
    /// ```
    /// use reffect::{BeforeAfter, Measure, Rounding};
    ///
    /// let change = BeforeAfter::reported(&"2.9 ± 1.1".parse()?, &"0.4 ± 0.8".parse()?, Some(7), Rounding::default());
    /// let refused = change.estimate(Measure::Mc, Some(1.9), 0.95);
    /// assert!(refused.estimate.is_none() && refused.notes[0].contains("a correlation lies between −1 and 1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn estimate(&self, measure: Measure, r: Option<f64>, level: f64) -> Estimate {
        self.estimate_at(measure, &At::new(r, level))
    }

    /// Every measure, in the order of [`MEASURES`].
    pub fn estimates(&self, r: Option<f64>, level: f64) -> Vec<Estimate> {
        let at = At::new(r, level);
        MEASURES.iter().map(|info| self.estimate_at(info.measure, &at)).collect()
    }

    /// Whether both means are below 0: their ratio, which metafor gives too, is then that of their sizes.
    pub fn are_negative(&self) -> bool {
        self.before.mean.value < 0.0 && self.after.mean.value < 0.0
    }

    /// What is to be known of the correction of the log ratio for bias.
    fn caution_about_correction(&self) -> Option<String> {
        if !self.is_complete() {
            return Some("not corrected for bias, which needs n and both SDs".to_owned());
        }
        let plain = self.plain_log_ratio().ok()?.value;
        let corrected = self.point(Measure::Romc, None).ok()?.value;
        is_large_correction(plain, corrected).then(|| LARGE_CORRECTION.to_owned())
    }

    fn estimate_at(&self, measure: Measure, at: &At) -> Estimate {
        let r = at.r();
        if let Err(reason) = r.map_or(Ok(()), possible_correlation) {
            return Estimate::absent(measure, None, format!("no {measure}: {reason}"));
        }
        let mut estimate = Estimate::of_point(measure, r, self.possible().and_then(|()| self.point(measure, r)));
        if estimate.estimate.is_none() {
            return estimate;
        }
        if measure == Measure::Romc {
            estimate.notes.extend(self.caution_about_correction());
            estimate.notes.extend(self.are_negative().then(|| RATIO_OF_SIZES.to_owned()));
        }
        Sampling::complete(self.sampling(measure, at), estimate)
    }
}
