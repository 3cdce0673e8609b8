//! Profile-likelihood intervals of variances and correlations.

use super::components::{Component, Range};
use super::fit::Multilevel;
use super::likelihood::Likelihood;
use super::search::{Search, maximise};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::roots::brent;
use std::cell::RefCell;

/// The intervals of the parameters of one component; none where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ParameterIntervals {
    /// Of its variances.
    pub variances: Vec<Option<Interval>>,
    /// Of its correlations.
    pub correlations: Vec<Option<Interval>>,
}

impl Multilevel {
    pub(super) fn no_intervals(&self) -> Vec<ParameterIntervals> {
        self.components.iter().map(|component| split(component, vec![None; component.ranges(1.0).len()])).collect()
    }

    /// The values of each parameter at which the likelihood, maximised over all others, is at most ½ χ²₁ below
    /// its maximum.
    ///
    /// Source: Hardy & Thompson (1996), Stat Med 15:619, for a single variance.
    pub(super) fn intervals(
        &self,
        likelihood: &Likelihood<'_>,
        ranges: &[Range],
        search: &Search,
        notes: &mut Vec<String>,
    ) -> Vec<ParameterIntervals> {
        let floor = search.state.log_likelihood - 0.5 * chi_squared_quantile(self.level, 1.0);
        let one = |(component, offset): (&Component, &usize)| {
            let count = component.ranges(1.0).len();
            let own = |which: usize| profile(likelihood, ranges, search, which, floor);
            let found: Vec<Option<Interval>> = (*offset..offset + count).map(own).collect();
            if found.contains(&None) {
                notes.push(format!(
                    "a profile-likelihood interval of {} was not found: the likelihood says too little of it",
                    component.name
                ));
            }
            split(component, found)
        };
        self.components.iter().zip(&likelihood.offsets).map(one).collect()
    }
}

/// Intervals of parameters as those of variances and correlations.
fn split(component: &Component, mut of: Vec<Option<Interval>>) -> ParameterIntervals {
    let (variances, _) = component.split(&vec![0.0; of.len()]);
    let correlations = of.split_off(variances.len());
    let squared = |range: Option<Interval>| match range {
        Some(range) if component.has_deviations() => Some(range.map_monotone(|end| end * end)),
        other => other,
    };
    ParameterIntervals { variances: of.into_iter().map(squared).collect(), correlations }
}

/// Where the profile likelihood of one parameter falls to `floor`.
fn profile(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    search: &Search,
    which: usize,
    floor: f64,
) -> Option<Interval> {
    let (estimate, range) = (search.parameters[which], ranges[which]);
    // The others move little from one value to the next, so that each search begins where the last one ended.
    let last = RefCell::new(search.parameters.clone());
    let at = |value: f64| {
        let mut start = last.borrow().clone();
        // A standard deviation of 0 is at a standstill.
        let estimates = start.iter_mut().zip(&search.parameters);
        estimates.filter(|(value, _)| **value == 0.0).for_each(|(value, estimate)| *value = *estimate);
        start[which] = value;
        let Ok(found) = maximise(likelihood, ranges, start, Some(which)) else { return f64::NAN };
        last.replace(found.parameters);
        found.state.log_likelihood - floor
    };
    // Variances of effects in small units are small: a tolerance in their units would be wider than the interval.
    let tolerance = 1e-13 * range.start;
    let between = |end: f64| {
        let value = at(end);
        match value {
            _ if end == estimate || value >= 0.0 => Some(end),
            _ if value < 0.0 => brent(at, estimate.min(end), estimate.max(end), tolerance).ok(),
            _ => None,
        }
    };
    let lower = between(range.lower)?;
    if range.upper.is_finite() {
        return Some(Interval { lower, upper: between(range.upper)? });
    }
    let mut upper = 2.0 * estimate.max(range.start);
    for _ in 0..60 {
        let value = at(upper);
        if value < 0.0 {
            return Some(Interval { lower, upper: brent(at, estimate, upper, tolerance).ok()? });
        }
        if value.is_nan() {
            return None;
        }
        upper *= 2.0;
    }
    None
}
