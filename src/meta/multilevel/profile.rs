//! Profile-likelihood intervals of variances and correlations.

use super::components::{Component, Range};
use super::fit::Multilevel;
use super::likelihood::Likelihood;
use super::search::{Search, maximise};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;

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
            let own = |which: usize| {
                let is_given = ranges[which].is_given();
                if is_given { None } else { profile(likelihood, ranges, search, which, floor) }
            };
            let found: Vec<Option<Interval>> = (*offset..offset + count).map(own).collect();
            let is_lost = |(at, found): (usize, &Option<Interval>)| found.is_none() && !ranges[offset + at].is_given();
            if found.iter().enumerate().any(is_lost) {
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
    let range = ranges[which];
    let walk = |end: f64| Walk {
        likelihood,
        ranges,
        search,
        which,
        floor,
        towards: end,
        // The others move little from one value to the next, so that each search begins where the last one ended.
        last: search.parameters.clone(),
        before: None,
    };
    Some(Interval { lower: walk(range.lower).limit()?, upper: walk(range.upper).limit()? })
}

/// A walk from the estimate of a parameter towards one end of its range, with the others at their best.
struct Walk<'a> {
    likelihood: &'a Likelihood<'a>,
    ranges: &'a [Range],
    search: &'a Search,
    which: usize,
    floor: f64,
    /// The end of the range.
    towards: f64,
    /// The parameters at the last value.
    last: Vec<f64>,
    /// And those at the value before it.
    before: Option<Vec<f64>>,
}

/// A point of a profile: how far √(2 (l_max − l)) is beyond what the limit has, and its slope.
struct Point {
    beyond: f64,
    slope: f64,
}

impl Walk<'_> {
    /// The point at one value; none where the likelihood cannot be maximised over the others.
    fn at(&mut self, value: f64) -> Option<Point> {
        let which = self.which;
        let mut start = self.last.clone();
        // The others go on along the line through the last two points, unless that leads to a border.
        if let Some(before) = &self.before {
            let share = (value - self.last[which]) / (self.last[which] - before[which]);
            if share.abs() <= 2.0 {
                for (at, other) in start.iter_mut().enumerate() {
                    let next = *other + share * (*other - before[at]);
                    let range = self.ranges[at];
                    let is_within = next > range.lower && next < range.upper;
                    if is_within && (range.is_correlation || next > 0.2 * *other) {
                        *other = next;
                    }
                }
            }
        }
        // A standard deviation of 0 is at a standstill.
        let estimates = start.iter_mut().zip(&self.search.parameters);
        estimates.filter(|(value, _)| **value == 0.0).for_each(|(value, estimate)| *value = *estimate);
        start[which] = value;
        if !self.likelihood.is_covariance(&start) {
            start.clone_from(&self.last);
            start[which] = value;
        }
        let found = maximise(self.likelihood, self.ranges, start, Some(which)).ok()?;
        let fall = self.search.state.log_likelihood - found.state.log_likelihood;
        let allowed = self.search.state.log_likelihood - self.floor;
        let slope = self.likelihood.score(&found.parameters, &found.state).score[which];
        self.before = Some(std::mem::replace(&mut self.last, found.parameters));
        // Where the search for the maximum ended a little below it, nothing has fallen yet.
        let root = (2.0 * fall).max(0.0).sqrt();
        let beyond = root - (2.0 * allowed).sqrt();
        let slope = -slope / root;
        (beyond.is_finite()).then_some(Point { beyond, slope })
    }

    /// The value at which the likelihood has fallen far enough, or the end of the range where it never has: Newton's steps
    /// on the root of the fall, which is nearly straight, inside of a bracket.
    fn limit(mut self) -> Option<f64> {
        let (estimate, end, typical) =
            (self.search.parameters[self.which], self.towards, self.ranges[self.which].start);
        if end == estimate {
            return Some(end);
        }
        let (mut inside, mut outside) = (estimate, None);
        let mut next = if end.is_finite() { end } else { 2.0 * estimate.max(typical) };
        for _ in 0..MOST_POINTS {
            let point = self.at(next)?;
            if point.beyond.abs() <= NEAR {
                return Some(next);
            }
            if point.beyond > 0.0 {
                outside = Some(next);
            } else if next == end {
                return Some(end);
            } else {
                inside = next;
            }
            let newton = next - point.beyond / point.slope;
            next = match outside {
                Some(outside) => {
                    let is_between = (newton - inside) * (newton - outside) < 0.0;
                    // At the end of a range the slope can be without bound.
                    let next = if is_between { newton } else { 0.5 * (inside + outside) };
                    if (outside - inside).abs() <= 1e-13 * typical.max(outside.abs()) {
                        return Some(next);
                    }
                    next
                }
                None => {
                    let most = 4.0 * next;
                    if newton > next && newton < most { newton * (1.0 + 1e-3) } else { 2.0 * next }
                }
            };
        }
        None
    }
}

/// How near √(2 (l_max − l)) has to be to that of the limit.
const NEAR: f64 = 1e-9;

/// More points are not tried.
const MOST_POINTS: usize = 100;
