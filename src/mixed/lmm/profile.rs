//! Intervals from the profile of the likelihood.
//!
//! A value of a parameter lies in the interval where the full likelihood, maximised over all other
//! parameters, is at most half a quantile of χ²₁ below its maximum. As in lme4's `profile`, this is the
//! full likelihood also after a fit by REML. Source: Venzon & Moolgavkar (1988), Appl Stat 37:87; Bates,
//! Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5.1.

use super::fit::LinearFit;
use super::kernel::Kernel;
use super::pieces::Likelihood;
use super::problem::{Place, Problem};
use super::search::{awake, bfgs, search};
use super::written::Written;
use crate::mixed::profiling::{AT_LIMIT, Side, interval_end};
use crate::mixed::result::{Intervals, deviations};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot, unit};
use crate::numeric::orthogonal::solve_transposed;
use std::collections::BTreeMap;

/// What is held at a value.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// A linear function over the columns Q, of β beyond the ordinary regression, standardised.
    Coefficient(Vec<f64>),
    /// σ, standardised.
    Sigma,
    /// A standard deviation, standardised: its term and column, and the weights a of its column with sd = σ|λ'a|.
    Deviation(usize, usize, Vec<f64>),
    /// A correlation of two columns of a term.
    Correlation(usize, [usize; 2]),
}

impl Held {
    /// An estimate that is no farther from its limit than this is at it: a standard deviation by the unit of its
    /// column.
    pub fn least(&self) -> f64 {
        match self {
            Self::Deviation(_, _, weights) => AT_LIMIT * dot(weights, weights).sqrt(),
            _ => AT_LIMIT,
        }
    }
}

pub(super) struct Profile<'a> {
    problem: &'a Problem,
    kernel: Kernel,
    minimum: f64,
    /// How far the criterion may rise.
    rise: f64,
    /// θ at the minimum.
    top: Vec<f64>,
    /// What was found without a variance, by term and column.
    borders: BTreeMap<(usize, usize), Border>,
}

/// Where the criterion has risen by less than this share of what it rises to at a border, the way back is safe.
const NEAR_BORDER: f64 = 0.5;

/// Profiles of so few rows have minima apart from each other, and cost little: the borders are always looked at.
const FEW_ROWS: usize = 60;

/// A diagonal of λ below this share of its row is near 0, and so is one below the square of it.
const LEAST_SHARE: f64 = 0.1;

/// The fit without the variance of one column of a term.
#[derive(Clone, Debug)]
struct Border {
    theta: Vec<f64>,
    criterion: f64,
    sigma: f64,
}

/// The maximum of the full likelihood, from which profiles go out; in units of the standardised problem.
pub(super) struct Top {
    pub theta: Vec<f64>,
    pub sigma: f64,
    pub beta: Vec<f64>,
    pub covariance: Matrix,
}

impl LinearFit {
    /// The maximum of the full likelihood: that of the fit, unless it was by the restricted one.
    pub(super) fn top(&self, rise: f64) -> (Profile<'_>, Top) {
        let problem = &self.problem;
        let mut kernel = Kernel::new(problem, Likelihood::Full);
        let theta = match self.model.reml {
            true => search(&mut kernel, problem, None, false).theta,
            false => self.found.theta.clone(),
        };
        let minimum = kernel.criterion(problem, &theta);
        let sigma = (kernel.profiled.r2 / problem.n as f64).sqrt();
        let (beta, covariance) = (kernel.profiled.beta.clone(), kernel.profiled.covariance.clone());
        let profile = Profile { problem, kernel, minimum, rise, top: theta.clone(), borders: BTreeMap::new() };
        (profile, Top { theta, sigma, beta, covariance })
    }

    /// Profile intervals of every parameter; none if `go_on`, which is told how many are done, said no.
    pub(super) fn profile_intervals(&self, go_on: &mut dyn FnMut(usize) -> bool) -> Option<Intervals> {
        let mut done = 0;
        let mut next = move || {
            done += 1;
            go_on(done).then_some(())
        };
        let problem = &self.problem;
        let rise = chi_squared_quantile(self.model.level, 1.0);
        let (mut profile, Top { theta, sigma, beta, covariance }) = self.top(rise);
        let degrees = problem.n as f64;
        let mut fixef = Vec::new();
        for at in 0..problem.p() {
            let function = problem.x.function(&unit(problem.p(), at));
            let (estimate, ols) = (dot(&function, &beta), dot(&function, &problem.ols));
            let width = rise.sqrt() * sigma * covariance.quadratic(&function).sqrt();
            let own = profile.interval(
                &Held::Coefficient(function),
                &theta,
                estimate,
                width,
                [f64::NEG_INFINITY, f64::INFINITY],
            );
            fixef.push(Interval { lower: ols + problem.scale * own.lower, upper: ols + problem.scale * own.upper });
            next()?;
        }
        let width = rise.sqrt() * sigma / (2.0 * degrees).sqrt();
        let own = profile.interval(&Held::Sigma, &theta, sigma, width, [0.0, f64::INFINITY]);
        next()?;
        let scaled = |own: Interval| Interval { lower: problem.scale * own.lower, upper: problem.scale * own.upper };
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for term in 0..problem.terms.len() {
            let (lengths, correlations) = deviations(&problem.term_lambda(&theta, term));
            let k = lengths.len();
            let width = |length: f64| rise.sqrt() * sigma * (0.3 * length).max(0.05 * smallest(problem, term));
            let mut deviations = Vec::new();
            for (i, &length) in lengths.iter().enumerate() {
                let held = Held::Deviation(term, i, column_weights(problem, term, i));
                let own = profile.interval(&held, &theta, sigma * length, width(length), [0.0, f64::INFINITY]);
                deviations.push(scaled(own));
                next()?;
            }
            sd.push(deviations);
            let mut pairs = Vec::new();
            for j in 0..k {
                for i in j + 1..k {
                    let r = correlations[(i, j)];
                    pairs.push(if r.is_finite() {
                        profile.interval(&Held::Correlation(term, [j, i]), &theta, r, 0.3, [-1.0, 1.0])
                    } else {
                        Interval { lower: -1.0, upper: 1.0 }
                    });
                    next()?;
                }
            }
            cor.push(pairs);
        }
        Some(Intervals { fixef, sigma: Some(scaled(own)), sd, cor, ..Intervals::default() })
    }
}

/// The size of a standard deviation that the columns of a term can show at all.
pub(super) fn smallest(problem: &Problem, term: usize) -> f64 {
    1.0 / problem.terms[term].r.diagonal().iter().fold(f64::MIN_POSITIVE, |most, value| most.max(value.abs()))
}

/// R⁻ᵀe, so that the standard deviation of the user's column is σ|λ'R⁻ᵀe|.
pub(super) fn column_weights(problem: &Problem, term: usize, column: usize) -> Vec<f64> {
    let r = &problem.terms[term].r;
    solve_transposed(r, &unit(r.rows(), column))
}

impl Profile<'_> {
    fn interval(&mut self, held: &Held, theta: &[f64], estimate: f64, width: f64, limits: [f64; 2]) -> Interval {
        if self.most_risen(held) <= self.rise {
            return Interval { lower: limits[0], upper: limits[1] };
        }
        let lower = self.end(held, theta, estimate, -width, limits[0]);
        let upper = self.end(held, theta, estimate, width, limits[1]);
        Interval { lower, upper }
    }

    /// The value on one side at which the criterion has risen enough; the limit where it never does, and
    /// NaN where the search fails.
    fn end(&mut self, held: &Held, theta: &[f64], estimate: f64, width: f64, limit: f64) -> f64 {
        let target = self.rise.sqrt();
        let mut near = theta.to_vec();
        let mut risen = |value: f64| {
            let (at, risen) = self.risen(held, value, &near);
            near = at;
            risen
        };
        interval_end(&mut risen, &Side { estimate, width, limit, least: held.least() }, target)
    }

    /// The criterion's rise with a parameter held at a value, and θ there, by a search from `from`. With few groups one
    /// search can end in a lesser minimum beside a standard deviation of 0, and the next one, which starts there, with
    /// it: where this deviation matters little, searches from the maximum and from that border follow.
    pub(super) fn risen(&mut self, held: &Held, value: f64, from: &[f64]) -> (Vec<f64>, f64) {
        let borders: Vec<Border> = match held {
            Held::Correlation(term, pair) => pair.iter().map(|&column| self.border(*term, column)).collect(),
            Held::Deviation(term, column, _) => vec![self.border(*term, *column)],
            Held::Coefficient(_) | Held::Sigma => Vec::new(),
        };
        let bound = borders.iter().map(|border| border.criterion).fold(f64::INFINITY, f64::min);
        let mut best = self.lowest_from(held, value, from);
        let is_safe = self.problem.n > FEW_ROWS && self.is_inside(&best.0) && self.is_inside(&self.top);
        if is_safe && best.1 - self.minimum < NEAR_BORDER * (bound - self.minimum) {
            return (best.0, best.1 - self.minimum);
        }
        let mut others: Vec<Vec<f64>> = borders.iter().map(|border| self.beside(held, value, border)).collect();
        if !others.is_empty() && from != self.top.as_slice() {
            others.push(self.top.clone());
        }
        for start in others {
            // Where an evaluation is dear, only a start that promises something is followed.
            if self.kernel.is_dear() && self.kernel.criterion(self.problem, &start) >= best.1 {
                continue;
            }
            let other = self.lowest_from(held, value, &start);
            if other.1 < best.1 || best.1.is_nan() {
                best = other;
            }
        }
        // With a standard deviation at 0, or ever nearer to it, the correlation may be anything.
        let bound = if matches!(held, Held::Correlation(..)) { bound } else { f64::INFINITY };
        let (at, found) = best;
        (at, found.min(bound) - self.minimum)
    }

    fn lowest_from(&mut self, held: &Held, value: f64, from: &[f64]) -> (Vec<f64>, f64) {
        let start = awake(self.problem, from, 0.02);
        if let Held::Correlation(term, pair) = held {
            return Written::correlated(self.problem, *term, *pair, value).lowest(&mut self.kernel, &start);
        }
        let (problem, kernel) = (self.problem, &mut self.kernel);
        let mut objective = |x: &[f64], slope: &mut [f64]| held_criterion(kernel, problem, held, value, x, slope);
        bfgs(&mut objective, start, None, 1e-11, &mut |_, _, _| {})
    }

    /// Whether no diagonal of λ is small beside its row, as it is near a variance of 0 or a correlation of ±1.
    fn is_inside(&self, theta: &[f64]) -> bool {
        let places = &self.problem.places;
        let row_size = |of: &Place| {
            let own = places.iter().zip(theta).filter(|(at, _)| at.factor == of.factor && at.row == of.row);
            own.map(|(_, value)| value * value).sum::<f64>().sqrt()
        };
        let is_clear = |(at, value): (&Place, &f64)| {
            at.row != at.column || value.abs() > LEAST_SHARE * row_size(at).max(LEAST_SHARE)
        };
        places.iter().zip(theta).all(is_clear)
    }

    /// The fit without the variance of one column.
    fn border(&mut self, term: usize, column: usize) -> Border {
        if let Some(known) = self.borders.get(&(term, column)) {
            return known.clone();
        }
        let written = Written::without(self.problem, term, column);
        let identity = self.problem.places.iter().map(|place| if place.row == place.column { 1.0 } else { 0.0 });
        let starts = [self.top.clone(), identity.collect()];
        let (theta, criterion) = starts
            .map(|start| written.lowest(&mut self.kernel, &awake(self.problem, &start, 0.02)))
            .into_iter()
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((self.top.clone(), f64::INFINITY));
        self.kernel.criterion(self.problem, &theta);
        let sigma = (self.kernel.profiled.r2 / self.problem.n as f64).sqrt();
        let border = Border { theta, criterion, sigma };
        self.borders.insert((term, column), border.clone());
        border
    }

    /// θ near the fit without a variance: with the standard deviation that is held, or a small one.
    fn beside(&self, held: &Held, value: f64, border: &Border) -> Vec<f64> {
        match held {
            Held::Deviation(term, column, _) => Written::without(self.problem, *term, *column)
                .theta_with(&border.theta, value / border.sigma.max(f64::MIN_POSITIVE)),
            _ => border.theta.clone(),
        }
    }

    /// How far the criterion rises at most, whatever the value: beyond it lies no end.
    fn most_risen(&mut self, held: &Held) -> f64 {
        let Held::Correlation(term, pair) = held else { return f64::INFINITY };
        pair.iter().map(|&column| self.border(*term, column).criterion - self.minimum).fold(f64::INFINITY, f64::min)
    }
}

/// The places in θ that belong to a term.
pub(super) fn own_places(problem: &Problem, term: usize) -> Vec<usize> {
    let of = &problem.terms[term];
    let inside = |at: usize| at >= of.start && at < of.start + of.k;
    (0..problem.places.len())
        .filter(|&at| problem.places[at].factor == of.factor && inside(problem.places[at].row))
        .collect()
}

/// The full criterion with a parameter held, profiled over β and σ as far as they are free, and its
/// derivatives by θ.
fn held_criterion(
    kernel: &mut Kernel,
    problem: &Problem,
    held: &Held,
    value: f64,
    theta: &[f64],
    slope: &mut [f64],
) -> f64 {
    let profiled = kernel.criterion(problem, theta);
    if !profiled.is_finite() {
        return f64::INFINITY;
    }
    let n = problem.n as f64;
    let constant = n * (std::f64::consts::TAU * problem.scale * problem.scale).ln() - problem.log_weights;
    let log_det = kernel.pieces.log_det;
    let r2 = kernel.profiled.r2;
    match held {
        Held::Coefficient(function) => coefficient_criterion(kernel, function, value, n, constant, slope),
        Held::Sigma => {
            for (at, slope) in slope.iter_mut().enumerate() {
                let (d_log, d_r2) = kernel.slopes(at);
                *slope = d_log + d_r2 / (value * value);
            }
            log_det + n * (value * value).ln() + r2 / (value * value) + constant
        }
        Held::Deviation(term, _, weights) => {
            let of = &problem.terms[*term];
            let own = own_places(problem, *term);
            let mut turned = vec![0.0; of.k];
            for &at in &own {
                let place = problem.places[at];
                turned[place.column - of.start] += theta[at] * weights[place.row - of.start];
            }
            let length2 = dot(&turned, &turned);
            let sigma2 = value * value / length2;
            for (at, slope) in slope.iter_mut().enumerate() {
                let (d_log, d_r2) = kernel.slopes(at);
                *slope = d_log + d_r2 / sigma2;
            }
            for &at in &own {
                let place = problem.places[at];
                let d_length2 = 2.0 * turned[place.column - of.start] * weights[place.row - of.start];
                slope[at] += d_length2 * (r2 / (value * value) - n / length2);
            }
            log_det + n * sigma2.ln() + r2 / sigma2 + constant
        }
        Held::Correlation(..) => f64::INFINITY,
    }
}

/// With l'β held at b: r² grows by (b − l'β̂)²/(l'Cl).
fn coefficient_criterion(
    kernel: &Kernel,
    function: &[f64],
    value: f64,
    n: f64,
    constant: f64,
    slope: &mut [f64],
) -> f64 {
    let (pieces, profiled) = (&kernel.pieces, &kernel.profiled);
    let (q, p) = (pieces.q, pieces.q - 1);
    let along = profiled.covariance.times_vector(function);
    let (c, off) = (dot(&along, function), value - dot(function, &profiled.beta));
    let r2 = profiled.r2 + off * off / c;
    for (at, slope) in slope.iter_mut().enumerate() {
        let (d_log, d_r2) = kernel.slopes(at);
        let d_s = pieces.d_s(at);
        // l'dβ = l'C(dS_xy − dS_xx β), and dc = −l'C dS_xx C l.
        let (mut d_estimate, mut d_c) = (0.0, 0.0);
        for i in 0..p {
            let row = &d_s[i * q..i * q + p];
            d_estimate += along[i] * (d_s[i * q + p] - dot(row, &profiled.beta));
            d_c -= along[i] * dot(row, &along);
        }
        let d_off = -d_estimate;
        let d_r2 = d_r2 + 2.0 * off * d_off / c - off * off * d_c / (c * c);
        *slope = d_log + n * d_r2 / r2;
    }
    pieces.log_det + n * (1.0 + (r2 / n).ln()) + constant
}
