//! Intervals from the profile of the likelihood.

use super::super::data::ModelData;
use super::super::linear::Tested;
use super::super::orthogonal::Orthonormal;
use super::super::profiling::{Side, fixed_effects, interval_end};
use super::super::result::Intervals;
use super::fit::{Approximation, GeneralisedModel, approximation, problem};
use super::laplace::Problem;
use super::response::response;
use super::search::search;
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::Matrix;

impl GeneralisedModel {
    /// Profile intervals of the fixed effects and the standard deviations. A correlation is no coordinate of
    /// the search: its interval is left open (NaN).
    ///
    /// A standard deviation is held as the first entry of its term's factor, with its column put first.
    ///
    /// Source: Venzon & Moolgavkar (1988), Appl Stat 37:87.
    pub fn profile(&self, data: &ModelData) -> Intervals {
        let level = self.options.level;
        let se: Vec<f64> = self.covariance().diagonal().iter().map(|variance| variance.sqrt()).collect();
        let criterion = |held: &ModelData| Some(Self::fit(held, self.options, &[]).ok()?.criterion());
        let fixef = fixed_effects(data, self.coefficients(), &se, level, self.criterion, &criterion);
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for (number, term) in data.random.iter().enumerate() {
            let k = term.names.len();
            sd.push((0..k).map(|column| self.deviation(data, number, column, level)).collect());
            cor.push(vec![Interval { lower: f64::NAN, upper: f64::NAN }; k * (k - 1) / 2]);
        }
        Intervals { fixef, sigma: None, sd, cor }
    }

    /// The interval of one standard deviation.
    fn deviation(&self, data: &ModelData, number: usize, column: usize, level: f64) -> Interval {
        let unknown = Interval { lower: f64::NAN, upper: f64::NAN };
        let Some((problem, start, place)) = self.with_first(data, number, column) else { return unknown };
        let scale = problem.terms[number].scales[0];
        let mut free = vec![true; start.len()];
        free[place] = false;
        let target = chi_squared_quantile(level, 1.0).sqrt();
        let estimate = start[place].abs();
        let awake: Vec<f64> = start.clone();
        let end = |width: f64, limit: f64| {
            let mut near = awake.clone();
            let mut objective: Approximation<'_> = approximation(&problem, self.options);
            let mut risen = |value: f64| {
                near[place] = value;
                match search(&mut objective, &near, &free) {
                    Some(found) => {
                        near = found.at;
                        found.value - self.criterion
                    }
                    None => f64::INFINITY,
                }
            };
            interval_end(&mut risen, &Side { estimate, width, limit }, target)
        };
        let width = (0.5 * estimate).max(0.1);
        let (lower, upper) = (end(-width, 0.0), end(width, f64::INFINITY));
        Interval { lower: lower / scale, upper: upper / scale }
    }

    /// The problem with a column of a random term put first, where its search starts, and the place of the
    /// column's standard deviation in θ.
    fn with_first(&self, data: &ModelData, number: usize, column: usize) -> Option<(Problem, Vec<f64>, usize)> {
        let mut turned = data.clone();
        let k = data.random[number].columns.len();
        let order: Vec<usize> = std::iter::once(column).chain((0..k).filter(|&at| at != column)).collect();
        turned.random[number].columns = order.iter().map(|&at| data.random[number].columns[at].clone()).collect();
        let columns = Orthonormal::new(data.x.columns.iter().cloned());
        let mut made =
            problem(&turned, self.problem.likelihood, response(data, self.options.family, &[]).ok()?, &columns);
        // At the Poisson limit the likelihood is that of the limit.
        made.likelihood = self.problem.likelihood;
        let mut start = Vec::new();
        let mut place = 0;
        for (at, term) in made.terms.iter().enumerate() {
            let width = term.width;
            let mut covariance = self.factors[at].times(&self.factors[at].transposed());
            if at == number {
                place = start.len();
                covariance = covariance.part(&order);
            }
            // On the scale of the search; a variance of 0 is lifted, since nothing moves there.
            let scales = &term.scales;
            let lifted = Matrix::from_fn(width, width, |i, j| {
                covariance[(i, j)] * scales[i] * scales[j] + if i == j { 1e-4 } else { 0.0 }
            });
            let factor = lifted.cholesky()?;
            let lower = factor.lower();
            start.extend((0..width).flat_map(|c| (c..width).map(move |r| (r, c))).map(|at| lower[at]));
            if at == number {
                start[place] = covariance[(0, 0)].sqrt() * scales[0];
            }
        }
        start.extend(&self.at[self.problem.thetas()..]);
        Some((made, start, place))
    }
}
