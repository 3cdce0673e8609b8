//! Intervals from the profile of the likelihood.
//!
//! A value of a parameter lies in the interval where the full likelihood, maximised over all other
//! parameters, is at most half a quantile of χ²₁ below its maximum. As in lme4's `profile`, this is the
//! full likelihood also after a fit by REML. Source: Venzon & Moolgavkar (1988), Appl Stat 37:87; Bates,
//! Mächler, Bolker & Walker (2015), J Stat Softw 67(1), section 5.1.

use super::fit::LinearFit;
use super::kernel::Kernel;
use super::pieces::Likelihood;
use super::problem::{Problem, lower_of};
use super::search::{awake, bfgs, search};
use crate::mixed::orthogonal::solve_transposed;
use crate::mixed::profiling::{Side, interval_end};
use crate::mixed::result::{Intervals, deviations};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot, unit};

/// What is held at a value.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// A linear function over the columns Q, of β beyond the ordinary regression, standardised.
    Coefficient(Vec<f64>),
    /// σ, standardised.
    Sigma,
    /// A standard deviation, standardised: the weights a of its column with sd = σ|λ'a|, by factor.
    Deviation(usize, Vec<f64>),
    /// A correlation of two columns of a term.
    Correlation(usize, [usize; 2]),
}

pub(super) struct Profile<'a> {
    problem: &'a Problem,
    kernel: Kernel,
    minimum: f64,
    /// How far the criterion may rise.
    rise: f64,
}

/// The maximum of the full likelihood, from which profiles go out; in units of the standardised problem.
pub(super) struct Top {
    pub theta: Vec<f64>,
    pub sigma: f64,
    pub beta: Vec<f64>,
    pub covariance: Matrix,
}

impl LinearFit {
    /// The maximum of the full likelihood.
    pub(super) fn top(&self, rise: f64) -> (Profile<'_>, Top) {
        let problem = &self.problem;
        let mut kernel = Kernel::new(problem, Likelihood::Full);
        let found = search(&mut kernel, problem, None, false);
        let sigma = (kernel.profiled.r2 / problem.n as f64).sqrt();
        let (beta, covariance) = (kernel.profiled.beta.clone(), kernel.profiled.covariance.clone());
        let profile = Profile { problem, kernel, minimum: found.criterion, rise };
        (profile, Top { theta: found.theta, sigma, beta, covariance })
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
                let held = Held::Deviation(term, column_weights(problem, term, i));
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
fn smallest(problem: &Problem, term: usize) -> f64 {
    1.0 / problem.terms[term].r.diagonal().iter().fold(f64::MIN_POSITIVE, |most, value| most.max(value.abs()))
}

/// R⁻ᵀe, so that the standard deviation of the user's column is σ|λ'R⁻ᵀe|.
pub(super) fn column_weights(problem: &Problem, term: usize, column: usize) -> Vec<f64> {
    let r = &problem.terms[term].r;
    solve_transposed(r, &unit(r.rows(), column))
}

impl Profile<'_> {
    fn interval(&mut self, held: &Held, theta: &[f64], estimate: f64, width: f64, limits: [f64; 2]) -> Interval {
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
        interval_end(&mut risen, &Side { estimate, width, limit }, target)
    }

    /// The criterion's rise with a parameter held at a value, and θ there.
    pub(super) fn risen(&mut self, held: &Held, value: f64, from: &[f64]) -> (Vec<f64>, f64) {
        let minimum = self.minimum;
        let start = awake(self.problem, from, 0.02);
        if let Held::Correlation(term, pair) = held {
            let (at, found) = self.with_correlation(*term, *pair, value, &start);
            return (at, found - minimum);
        }
        let (problem, kernel) = (self.problem, &mut self.kernel);
        let mut objective = |x: &[f64], slope: &mut [f64]| held_criterion(kernel, problem, held, value, x, slope);
        let (at, found) = bfgs(&mut objective, start, None, 1e-11, &mut |_, _, _| {});
        (at, found - minimum)
    }

    /// The same for a correlation: the term's covariance is written with it as a parameter of its own.
    fn with_correlation(&mut self, term: usize, pair: [usize; 2], r: f64, from: &[f64]) -> (Vec<f64>, f64) {
        let problem = self.problem;
        let own: Vec<usize> = own_places(problem, term);
        let inside = problem.term_lambda(from, term);
        let mut phi = from.to_vec();
        // In the order in which the pair comes first: a, then (d, –), then the others freely.
        let order = pair_first(inside.rows(), pair);
        let turned = lower_of(&Matrix::from_fn(inside.rows(), inside.rows(), |i, j| inside[(order[i], j)]));
        let (own_phi, k) = (free_entries(&turned), inside.rows());
        // One entry of θ is spare: it stays at 0 and has no slope.
        own.iter().zip(own_phi.iter().chain(std::iter::repeat(&0.0))).for_each(|(&at, value)| phi[at] = *value);
        let count = k * (k + 1) / 2 - 1;
        let theta_of = |phi: &[f64]| {
            let mut theta = phi.to_vec();
            let values: Vec<f64> = own[..count].iter().map(|&at| phi[at]).collect();
            let lambda = term_of(&values, r, &order, k);
            let standard = lower_of(&problem.terms[term].r.times(&lambda));
            let entries = (0..k).flat_map(|column| (column..k).map(move |row| (row, column)));
            own.iter().zip(entries).for_each(|(&at, place)| theta[at] = standard[place]);
            theta
        };
        let kernel = &mut self.kernel;
        let mut objective = |phi: &[f64], slope: &mut [f64]| {
            let theta = theta_of(phi);
            let value = kernel.criterion(problem, &theta);
            slope.copy_from_slice(&kernel.profiled.gradient);
            let by_theta = slope.to_vec();
            own.iter().for_each(|&at| slope[at] = 0.0);
            for &at in &own[..count] {
                let step = 1e-6 * phi[at].abs().max(1e-2 * smallest(problem, term));
                let mut moved = phi.to_vec();
                moved[at] += step;
                let up = theta_of(&moved);
                moved[at] -= 2.0 * step;
                let down = theta_of(&moved);
                slope[at] = own.iter().map(|&i| by_theta[i] * (up[i] - down[i]) / (2.0 * step)).sum();
            }
            value
        };
        let (at, value) = bfgs(&mut objective, phi, None, 1e-11, &mut |_, _, _| {});
        (theta_of(&at), value)
    }
}

fn own_places(problem: &Problem, term: usize) -> Vec<usize> {
    let of = &problem.terms[term];
    let inside = |at: usize| at >= of.start && at < of.start + of.k;
    (0..problem.places.len())
        .filter(|&at| problem.places[at].factor == of.factor && inside(problem.places[at].row))
        .collect()
}

fn pair_first(k: usize, [i, j]: [usize; 2]) -> Vec<usize> {
    [i, j].into_iter().chain((0..k).filter(|at| *at != i && *at != j)).collect()
}

/// The entries of a lower triangle whose first two rows are a and d(r, √(1 − r²)); a and d by their
/// logarithms, since a sign would turn the correlation round.
fn free_entries(lower: &Matrix) -> Vec<f64> {
    let second = dot(lower.row(1), lower.row(1)).sqrt();
    let rest = (2..lower.rows()).flat_map(|row| (0..=row).map(move |column| (row, column)));
    let logarithm = |value: f64| value.abs().max(1e-6 * (second + lower[(0, 0)])).ln();
    [logarithm(lower[(0, 0)]), logarithm(second)].into_iter().chain(rest.map(|at| lower[at])).collect()
}

fn term_of(entries: &[f64], r: f64, order: &[usize], k: usize) -> Matrix {
    let mut lower = Matrix::zeros(k, k);
    lower[(0, 0)] = entries[0].exp();
    lower[(1, 0)] = entries[1].exp() * r;
    lower[(1, 1)] = entries[1].exp() * (1.0 - r * r).max(0.0).sqrt();
    let rest = (2..k).flat_map(|row| (0..=row).map(move |column| (row, column)));
    rest.zip(&entries[2..]).for_each(|(at, value)| lower[at] = *value);
    let mut lambda = Matrix::zeros(k, k);
    order
        .iter()
        .enumerate()
        .for_each(|(row, &at)| (0..k).for_each(|column| lambda[(at, column)] = lower[(row, column)]));
    lambda
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
        Held::Deviation(term, weights) => {
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
