//! Fitting multilevel models.

use super::components::{Component, Range, SamplingCovariance};
use super::likelihood::{Likelihood, Slope, State, blocks};
use crate::meta::fit::{Coefficient, FitStatistics, Omnibus, Test, coefficient, critical, wald};
use crate::meta::predict::Prediction;
use crate::meta::problem::{MetaError, Problem};
use crate::meta::projection::Projection;
use crate::numeric::dist::{chi_squared_quantile, chi_squared_sf};
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::roots::brent;

/// A multilevel model before it is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Multilevel {
    /// The random effects, from outer to inner.
    pub components: Vec<Component>,
    /// The covariance of the sampling errors.
    pub v: SamplingCovariance,
    /// Whether the likelihood is restricted.
    pub restricted: bool,
    /// z or t.
    pub test: Test,
    /// The level of intervals.
    pub level: f64,
    /// Whether variance components get profile-likelihood intervals.
    pub profile: bool,
}

/// A fitted multilevel model.
#[derive(Clone, Debug, PartialEq)]
pub struct MultilevelFit {
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance.
    pub covariance: Matrix,
    /// The parameters of each component: variances, and correlations.
    pub components: Vec<(Vec<f64>, Vec<f64>)>,
    /// The intervals of the variances that are one number for a component.
    pub variance_ci: Vec<Option<Interval>>,
    /// Q of the residuals with τ² = 0.
    pub qe: f64,
    /// Its p-value.
    pub qe_p: f64,
    /// The test of the moderators.
    pub qm: Option<Omnibus>,
    /// Likelihood and criteria.
    pub statistics: FitStatistics,
    /// Steps that were taken.
    pub iterations: usize,
    /// Whether the score is zero, or points out of the range at its border.
    pub converged: bool,
    /// What is to be known of the fit.
    pub notes: Vec<String>,
    pub(super) parameters: Vec<f64>,
    pub(super) blocks: Vec<Vec<usize>>,
}

impl MultilevelFit {
    /// The variance of the true effect of one row: that of all components together; none where it
    /// depends on the row.
    pub fn total_variance(&self) -> Option<f64> {
        let one = |(variances, _): &(Vec<f64>, Vec<f64>)| (variances.len() == 1).then(|| variances[0]);
        self.components.iter().map(one).sum()
    }

    /// Where the true effect of another row may lie, in a model with an intercept alone.
    pub fn prediction(&self, level: f64) -> Option<Prediction> {
        let [only] = self.coefficients.as_slice() else { return None };
        let half = critical(level, only.df) * (only.se * only.se + self.total_variance()?).sqrt();
        let pi = Interval { lower: only.estimate - half, upper: only.estimate + half };
        Some(Prediction { estimate: only.estimate, se: only.se, ci: only.ci, pi: Some(pi) })
    }
}

/// A block larger than this takes too much memory.
const LARGEST_BLOCK: usize = 4000;

/// The decrement of a Newton step at which the maximum is reached.
const ENOUGH: f64 = 1e-18;

impl Multilevel {
    /// Fits the model.
    ///
    /// # Errors
    /// If there are too few rows, a matrix is not positive definite, or too many rows depend on each
    /// other.
    pub fn fit(&self, problem: &Problem) -> Result<MultilevelFit, MetaError> {
        if problem.residual_df() < 1.0 {
            let message = "a multilevel model needs more effects than coefficients".to_owned();
            return Err(MetaError::Option(message));
        }
        let mut at = Projection::new(problem);
        at.at_weights(&vec![1.0; problem.k()]);
        at.check()?;
        let spread = at.rss() / problem.residual_df();
        let likelihood = self.likelihood(problem, at.log_determinant())?;
        let typical = problem.vi.iter().sum::<f64>() / problem.k() as f64;
        let start = ((spread - typical).max(0.1 * spread)) / self.components.len().max(1) as f64;
        let ranges: Vec<Range> = self.components.iter().flat_map(|component| component.ranges(start)).collect();
        let mut search = maximise(&likelihood, &ranges, ranges.iter().map(|range| range.start).collect(), None)?;
        search.restart(&likelihood, &ranges)?;
        let mut notes = Vec::new();
        if !search.converged {
            notes.push(format!(
                "the likelihood did not reach its maximum in {} steps; use the result with care",
                search.iterations
            ));
        }
        let variance_ci = if self.profile {
            self.intervals(&likelihood, &ranges, &search, &mut notes)
        } else {
            vec![None; self.components.len()]
        };
        self.result(problem, likelihood, search, variance_ci, notes)
    }

    fn likelihood<'a>(&'a self, problem: &'a Problem, log_xx: f64) -> Result<Likelihood<'a>, MetaError> {
        let blocks = blocks(problem.k(), &self.components, &self.v);
        let largest = blocks.iter().map(Vec::len).max().unwrap_or(0);
        if largest > LARGEST_BLOCK {
            let message = format!(
                "{largest} effects depend on each other through their groups, and {LARGEST_BLOCK} can be handled"
            );
            return Err(MetaError::Option(message));
        }
        let mut offsets = Vec::new();
        let mut next = 0;
        for component in &self.components {
            offsets.push(next);
            next += component.ranges(1.0).len();
        }
        let restricted = self.restricted;
        Ok(Likelihood { problem, v: &self.v, components: &self.components, blocks, offsets, restricted, log_xx })
    }

    fn result(
        &self,
        problem: &Problem,
        likelihood: Likelihood<'_>,
        search: Search,
        variance_ci: Vec<Option<Interval>>,
        mut notes: Vec<String>,
    ) -> Result<MultilevelFit, MetaError> {
        let df = (self.test != Test::Z).then(|| problem.residual_df());
        let covariance = search.state.information.inverse();
        let coefficients: Vec<Coefficient> = (0..problem.p())
            .map(|j| coefficient(&problem.names[j], search.state.beta[j], covariance[(j, j)].sqrt(), df, self.level))
            .collect();
        let tested: Vec<usize> =
            if problem.intercept && problem.p() > 1 { (1..problem.p()).collect() } else { (0..problem.p()).collect() };
        let none = Likelihood { components: &[], offsets: Vec::new(), ..likelihood };
        let singular =
            || MetaError::Option("the covariance matrix of the sampling errors is not positive definite".to_owned());
        let qe = none.at(&[]).ok_or_else(singular)?.rss;
        let mut components = Vec::new();
        for (at, component) in self.components.iter().enumerate() {
            let end = none_offset(&self.components, at);
            let split = component.split(&search.parameters[end..end + component.ranges(1.0).len()]);
            if split.0.contains(&0.0) {
                notes.push(format!("a variance of {} is estimated as 0", component.name));
            }
            if split.1.iter().any(|rho| rho.abs() > 1.0 - 1e-6) {
                notes.push(format!("a correlation of {} lies at the border of its range", component.name));
            }
            components.push(split);
        }
        let count = (problem.p() + search.parameters.len()) as f64;
        Ok(MultilevelFit {
            qm: wald(&search.state.beta, &covariance, &tested, df),
            coefficients,
            covariance,
            components,
            variance_ci,
            qe,
            qe_p: chi_squared_sf(qe, problem.residual_df()),
            statistics: criteria(search.state.log_likelihood, count, problem, self.restricted),
            iterations: search.iterations,
            converged: search.converged,
            notes,
            parameters: search.parameters,
            blocks: none.blocks,
        })
    }

    /// Profile-likelihood intervals of the variances of components with one variance.
    fn intervals(
        &self,
        likelihood: &Likelihood<'_>,
        ranges: &[Range],
        search: &Search,
        notes: &mut Vec<String>,
    ) -> Vec<Option<Interval>> {
        let floor = search.state.log_likelihood - 0.5 * chi_squared_quantile(self.level, 1.0);
        let mut intervals = Vec::new();
        for (at, component) in self.components.iter().enumerate() {
            let which = likelihood.offsets[at];
            if component.inner.as_ref().is_some_and(|inner| inner.structure.is_heterogeneous()) {
                intervals.push(None);
                continue;
            }
            let interval = profile(likelihood, ranges, search, which, floor);
            if interval.is_none() {
                notes.push(format!("the profile-likelihood interval of {} was not found", component.name));
            }
            intervals.push(interval);
        }
        intervals
    }
}

fn none_offset(components: &[Component], at: usize) -> usize {
    components[..at].iter().map(|component| component.ranges(1.0).len()).sum()
}

/// Log-likelihood and criteria, as for univariate models.
fn criteria(log_likelihood: f64, parameters: f64, problem: &Problem, restricted: bool) -> FitStatistics {
    let n = if restricted { problem.residual_df() } else { problem.k() as f64 };
    let saturated: f64 = problem.vi.iter().map(|v| -0.5 * (2.0 * std::f64::consts::PI * v).ln()).sum();
    let m = n.max(parameters + 2.0);
    FitStatistics {
        log_likelihood,
        deviance: -2.0 * (log_likelihood - if restricted { 0.0 } else { saturated }),
        aic: -2.0 * log_likelihood + 2.0 * parameters,
        bic: -2.0 * log_likelihood + parameters * n.ln(),
        aicc: -2.0 * log_likelihood + 2.0 * parameters * m / (m - parameters - 1.0),
    }
}

struct Search {
    parameters: Vec<f64>,
    state: State,
    iterations: usize,
    converged: bool,
}

impl Search {
    /// Tries again from a larger start, so that a maximum at a border is not taken for the only one.
    fn restart(&mut self, likelihood: &Likelihood<'_>, ranges: &[Range]) -> Result<(), MetaError> {
        let is_at_border = |(value, range): (&f64, &Range)| *value <= range.lower || *value >= range.upper;
        if !self.parameters.iter().zip(ranges).any(is_at_border) {
            return Ok(());
        }
        let start = ranges.iter().map(|range| if range.upper == 1.0 { 0.1 } else { 4.0 * range.start }).collect();
        let other = maximise(likelihood, ranges, start, None)?;
        if other.converged && other.state.log_likelihood > self.state.log_likelihood + 1e-9 {
            *self = other;
        }
        Ok(())
    }
}

/// Newton's steps, or Fisher's scoring, inside a box: a parameter at a border stays there while its score points outwards. A
/// step that does not raise the likelihood is halved.
fn maximise(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    start: Vec<f64>,
    fixed: Option<usize>,
) -> Result<Search, MetaError> {
    let mut parameters = start;
    let singular = || MetaError::Option("the covariance matrix of the effects is not positive definite".to_owned());
    let mut state = likelihood.at(&parameters).ok_or_else(singular)?;
    for iterations in 0..MOST_STEPS {
        let Slope { score, expected, observed } = likelihood.score(&parameters, &state);
        let free: Vec<usize> = (0..parameters.len())
            .filter(|&at| {
                let (value, range) = (parameters[at], ranges[at]);
                let outwards = (value <= range.lower && score[at] <= 0.0) || (value >= range.upper && score[at] >= 0.0);
                !outwards && fixed != Some(at)
            })
            .collect();
        let part: Vec<f64> = free.iter().map(|&at| score[at]).collect();
        // Newton's step where the likelihood is concave, and Fisher's elsewhere.
        let newton = observed.and_then(|observed| Some(observed.part(&free).cholesky()?.solve(&part)));
        let direction = newton.unwrap_or_else(|| ascent(&expected.part(&free), &part));
        let decrement = dot(&direction, &part);
        if free.is_empty() || decrement <= ENOUGH {
            return Ok(Search { parameters, state, iterations, converged: true });
        }
        let mut step = 1.0;
        let improved = loop {
            let mut tried = parameters.clone();
            for (&at, along) in free.iter().zip(&direction) {
                tried[at] = (tried[at] + step * along).clamp(ranges[at].lower, ranges[at].upper);
            }
            if let Some(next) = likelihood.at(&tried).filter(|next| next.log_likelihood > state.log_likelihood) {
                break Some((tried, next));
            }
            step *= 0.5;
            if step < 1e-12 {
                break None;
            }
        };
        match improved {
            Some((tried, next)) => (parameters, state) = (tried, next),
            // Rounding hides any further rise; at a maximum the decrement is small.
            None => return Ok(Search { parameters, state, iterations, converged: decrement < 1e-8 }),
        }
    }
    Ok(Search { parameters, state, iterations: MOST_STEPS, converged: false })
}

const MOST_STEPS: usize = 500;

/// I⁻¹s, with the diagonal raised where the information is singular.
fn ascent(information: &Matrix, score: &[f64]) -> Vec<f64> {
    let size = information.rows();
    let mut ridge = 0.0;
    loop {
        let raised = Matrix::from_fn(size, size, |a, b| {
            information[(a, b)] * if a == b { 1.0 + ridge } else { 1.0 } + if a == b { ridge * 1e-12 } else { 0.0 }
        });
        if let Some(cholesky) = raised.cholesky() {
            return cholesky.solve(score);
        }
        ridge = if ridge == 0.0 { 1e-8 } else { ridge * 100.0 };
        if ridge > 1e20 {
            return score.to_vec();
        }
    }
}

/// Where the profile likelihood of one variance falls to `floor`.
fn profile(
    likelihood: &Likelihood<'_>,
    ranges: &[Range],
    search: &Search,
    which: usize,
    floor: f64,
) -> Option<Interval> {
    let estimate = search.parameters[which];
    let at = |value: f64| {
        let mut start = search.parameters.clone();
        start[which] = value;
        maximise(likelihood, ranges, start, Some(which)).map_or(f64::NAN, |found| found.state.log_likelihood - floor)
    };
    let lower = if estimate == 0.0 || at(0.0) >= 0.0 { 0.0 } else { brent(at, 0.0, estimate, 1e-13).ok()? };
    let mut upper = 2.0 * estimate.max(ranges[which].start);
    for _ in 0..60 {
        let value = at(upper);
        if value < 0.0 {
            let found = brent(at, estimate, upper, 1e-13).ok()?;
            return Some(Interval { lower, upper: found });
        }
        if value.is_nan() {
            return None;
        }
        upper *= 2.0;
    }
    None
}
