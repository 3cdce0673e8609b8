//! Profile-likelihood intervals of variances and correlations.

use super::components::{Component, Range};
use super::fit::{Multilevel, MultilevelFit};
use super::likelihood::Likelihood;
use super::search::{Search, maximise};
use crate::meta::problem::{MetaError, Problem};
use crate::meta::profile::{Profile, ProfilePoint, values};
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

impl ParameterIntervals {
    /// Whether there is an interval of any of them.
    pub fn has_any(&self) -> bool {
        self.variances.iter().chain(&self.correlations).any(Option::is_some)
    }
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
        let se = standard_errors(likelihood, ranges, search);
        let one = |(component, offset): (&Component, &usize)| {
            let count = component.ranges(1.0).len();
            let variances = component.split(&vec![0.0; count]).0.len();
            let mut found: Vec<Option<Interval>> = Vec::with_capacity(count);
            for which in 0..count {
                let range = ranges[offset + which];
                // Without one of its variances a correlation may be anything: where the data allow that, they allow
                // all.
                let may_vanish =
                    |of: &usize| found[*of].is_some_and(|of| of.lower == 0.0) && !ranges[offset + of].is_given();
                let is_free = which >= variances && component.freeing(which - variances).iter().any(may_vanish);
                found.push(match () {
                    () if range.is_given() => None,
                    () if is_free => Some(Interval { lower: range.lower, upper: range.upper }),
                    () => profile(likelihood, ranges, search, offset + which, floor, se[offset + which]),
                });
            }
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

impl Multilevel {
    /// The profiles of all variances and correlations that are estimated and have an interval, of a fit with intervals.
    ///
    /// Source: Hardy & Thompson (1996), Stat Med 15:619, for a single variance.
    ///
    /// # Errors
    /// If the fit is not one of this model and these rows.
    #[doc(alias = "profile.rma.mv")]
    pub fn profiles(&self, problem: &Problem, fit: &MultilevelFit) -> Result<Vec<Profile>, MetaError> {
        self.check_parts(problem)?;
        let other =
            || MetaError::Option("the profiles of a fit are made of the model and the rows of this fit".to_owned());
        let likelihood = self.likelihood_of(problem)?;
        let ranges: Vec<Range> = self.components.iter().flat_map(|component| component.ranges(1.0)).collect();
        if fit.parameters.len() != ranges.len() || fit.intervals.len() != self.components.len() {
            return Err(other());
        }
        let state = likelihood.at(&fit.parameters).ok_or_else(other)?;
        let search = Search { parameters: fit.parameters.clone(), state, iterations: 0, converged: fit.converged };
        let mut profiles = Vec::new();
        let mut structured = 0;
        for ((component, offset), own) in self.components.iter().zip(&likelihood.offsets).zip(&fit.intervals) {
            structured += usize::from(component.inner.is_some());
            let all = own.variances.iter().chain(&own.correlations);
            for (which, ci) in all.enumerate() {
                let at = offset + which;
                let Some(ci) = ci.filter(|_| !ranges[at].is_given()) else { continue };
                let is_squared = component.has_deviations() && which < own.variances.len();
                let mut one = Profiled {
                    likelihood: &likelihood,
                    ranges: &ranges,
                    search: &search,
                    which: at,
                    is_squared,
                    least: f64::NEG_INFINITY,
                };
                if which >= own.variances.len() {
                    one.least = one.without(component.freeing(which - own.variances.len()), *offset);
                }
                profiles.push(one.profile(name(component, which, structured), ci));
            }
        }
        Ok(profiles)
    }
}

/// The name of a parameter: that of metafor, and what varies or correlates.
fn name(component: &Component, which: usize, structured: usize) -> String {
    if component.inner.is_none() {
        return format!("sigma2 {}", component.name);
    }
    let (variances, _) = component.split(&vec![0.0; component.parameters()]);
    let [variance, correlation] = if structured > 1 { ["gamma2", "phi"] } else { ["tau2", "rho"] };
    if which < variances.len() {
        return format!("{variance} {}", component.name_of(which, variances.len()));
    }
    format!("{correlation} {}", component.correlation_name_of(which - variances.len()))
}

/// A parameter whose profile is made.
struct Profiled<'a> {
    likelihood: &'a Likelihood<'a>,
    ranges: &'a [Range],
    search: &'a Search,
    which: usize,
    /// Whether it is the standard deviation behind the variance that is shown.
    is_squared: bool,
    /// The highest likelihood without a variance that a correlation needs: what it has at every value.
    least: f64,
}

impl<'a> Profiled<'a> {
    fn walk(&self, which: usize, towards: f64) -> Walk<'a> {
        Walk {
            likelihood: self.likelihood,
            ranges: self.ranges,
            search: self.search,
            which,
            floor: self.search.state.log_likelihood,
            towards,
            se: None,
            last: self.search.parameters.clone(),
            before: None,
        }
    }

    /// The highest likelihood with one of some variances at 0.
    fn without(&self, variances: Vec<usize>, offset: usize) -> f64 {
        let is_free = |of: &usize| !self.ranges[offset + of].is_given();
        let one = |of: usize| Some(self.walk(offset + of, 0.0).maximised(0.0)?.state.log_likelihood);
        variances.into_iter().filter(is_free).filter_map(one).fold(f64::NEG_INFINITY, f64::max)
    }

    fn profile(&self, parameter: String, ci: Interval) -> Profile {
        let range = self.ranges[self.which];
        let own = self.search.parameters[self.which];
        let shown = |own: f64| if self.is_squared { own * own } else { own };
        let inside = |value: f64| if self.is_squared { value.sqrt() } else { value };
        let (estimate, most) = (shown(own), self.search.state.log_likelihood);
        let (below, above): (Vec<f64>, Vec<f64>) =
            values(estimate, ci, [range.lower, range.upper]).into_iter().partition(|value| *value < estimate);
        let walk = |values: Vec<f64>, towards: f64| {
            let mut walk = self.walk(self.which, towards);
            let point = move |value: f64| {
                if value == estimate {
                    return Some(ProfilePoint::new(value, most, estimate, most));
                }
                let found = walk.maximised(inside(value))?;
                let own = found.state.log_likelihood.max(self.least);
                walk.go_on(found);
                Some(ProfilePoint::new(value, own, estimate, most))
            };
            values.into_iter().filter_map(point).collect::<Vec<ProfilePoint>>()
        };
        // Each search begins at the end of the one before, from the estimate outwards.
        let mut points = walk(below.into_iter().rev().collect(), range.lower);
        points.reverse();
        points.extend(walk(above, range.upper));
        Profile { parameter, estimate, ci: Some(ci), points }
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

/// The standard errors of the parameters that end inside of their range, by the expected information.
fn standard_errors(likelihood: &Likelihood<'_>, ranges: &[Range], search: &Search) -> Vec<Option<f64>> {
    let is_inside = |at: &usize| {
        let (value, range) = (search.parameters[*at], ranges[*at]);
        value > range.lower && value < range.upper
    };
    let inside: Vec<usize> = (0..ranges.len()).filter(is_inside).collect();
    let information = likelihood.score(&search.parameters, &search.state).expected.part(&inside);
    let variances = information.cholesky().map_or_else(Vec::new, |cholesky| cholesky.inverse().diagonal());
    let mut errors = vec![None; ranges.len()];
    for (&at, variance) in inside.iter().zip(variances) {
        errors[at] = Some(variance.sqrt()).filter(|se| se.is_finite() && *se > 0.0);
    }
    errors
}

/// Where the profile likelihood of one parameter falls to `floor`.
fn profile(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    search: &Search,
    which: usize,
    floor: f64,
    se: Option<f64>,
) -> Option<Interval> {
    let range = ranges[which];
    let walk = |end: f64| Walk {
        likelihood,
        ranges,
        search,
        which,
        floor,
        towards: end,
        se,
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
    /// The standard error of the parameter, where there is one.
    se: Option<f64>,
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
    /// The maximum at one value over all others; none where there is none.
    fn maximised(&self, value: f64) -> Option<Search> {
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
        maximise(self.likelihood, self.ranges, start, Some(which)).ok()
    }

    /// Goes on from the maximum at a value.
    fn go_on(&mut self, found: Search) {
        self.before = Some(std::mem::replace(&mut self.last, found.parameters));
    }

    /// The point at one value; none where the likelihood cannot be maximised over the others.
    fn at(&mut self, value: f64) -> Option<Point> {
        let which = self.which;
        let found = self.maximised(value)?;
        let fall = self.search.state.log_likelihood - found.state.log_likelihood;
        let allowed = self.search.state.log_likelihood - self.floor;
        let slope = self.likelihood.score(&found.parameters, &found.state).score[which];
        self.go_on(found);
        // Where the search for the maximum ended a little below it, nothing has fallen yet.
        let root = (2.0 * fall).max(0.0).sqrt();
        let beyond = root - (2.0 * allowed).sqrt();
        let slope = -slope / root;
        (beyond.is_finite()).then_some(Point { beyond, slope })
    }

    /// Where the limit may lie by the standard error of the estimate: on the scale of the logarithm, and of Fisher's z
    /// for a correlation.
    fn guess(&self) -> Option<f64> {
        let (estimate, range) = (self.search.parameters[self.which], self.ranges[self.which]);
        let allowed = self.search.state.log_likelihood - self.floor;
        let reach = (2.0 * allowed).sqrt() * self.se? * (self.towards - estimate).signum();
        let guess = match range.is_correlation {
            true => (estimate.atanh() + reach / (1.0 - estimate * estimate)).tanh(),
            false => estimate * (reach / estimate).exp(),
        };
        guess.is_finite().then_some(guess)
    }

    /// The value at which the likelihood has fallen far enough, or the end of the range where it never has: Newton's
    /// steps on the root of the fall, which is nearly straight, inside of a bracket.
    fn limit(mut self) -> Option<f64> {
        let (estimate, end, typical) =
            (self.search.parameters[self.which], self.towards, self.ranges[self.which].start);
        if end == estimate {
            return Some(end);
        }
        let (mut inside, mut outside) = (estimate, None);
        let mut guess = self.guess().filter(|guess| (guess - estimate) * (guess - end) < 0.0);
        let mut next = if end.is_finite() { end } else { guess.take().unwrap_or(2.0 * estimate.max(typical)) };
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
                    let is_between = |value: &f64| (value - inside) * (value - outside) < 0.0;
                    // At the end of a range the slope can be without bound, and says less than the information does.
                    let own = guess.take().filter(is_between).or(Some(newton).filter(is_between));
                    let next = own.unwrap_or(0.5 * (inside + outside));
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
