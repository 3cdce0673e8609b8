//! Profiles of the coefficients, and of standard deviations and correlations of residuals.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::linear::Tested;
use super::super::options::DfMethod;
use super::super::parallel::in_parallel;
use super::super::profiling::{Profiled, Side, fixed_effects, profiled};
use super::super::result::{Intervals, ProfileTrace};
use super::fit::{MarginalModel, MarginalOptions};
use super::likelihood::{Evaluation, Problem};
use super::parameters::{Parameter, Substitute};
use super::search::damped;
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};

/// The profiles of every parameter, by the full likelihood.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// The intervals of the coefficients.
    pub intervals: Intervals,
    /// Those of the standard deviations and correlations, in the order of
    /// [`ResidualCovariance::parameters`](super::super::result::ResidualCovariance).
    pub residual: Vec<Interval>,
    /// Points of each profile, where they were asked for.
    pub traces: Vec<ProfileTrace>,
}

impl MarginalModel {
    /// Profile intervals by the full likelihood; with points of the profiles if `with_points`.
    ///
    /// Source: Venzon & Moolgavkar (1988), Appl Stat 37:87.
    ///
    /// # Errors
    /// If the model cannot be fitted by full maximum likelihood.
    pub fn profile(&self, data: &ModelData, with_points: bool) -> Result<Profiles, MixedError> {
        let options = MarginalOptions { restricted: false, df: DfMethod::None, ..self.options };
        let top = Self::fit(data, self.layout.clone(), options)?;
        let se: Vec<f64> = top.covariance().diagonal().iter().map(|variance| variance.sqrt()).collect();
        let criterion = |held: &ModelData| Some(Self::fit(held, self.layout.clone(), options).ok()?.criterion());
        let level = self.options.level;
        let (fixed, points): (Vec<Interval>, Vec<_>) =
            fixed_effects(data, (top.coefficients(), &se), level, top.criterion(), &criterion, with_points)
                .into_iter()
                .unzip();
        let parameters = Parameter::all(&top.problem);
        let of = |(): &mut (), at: usize| top.profile_of(parameters[at], with_points);
        let found: Vec<Profiled> = in_parallel(parameters.len(), || (), of, &mut |_| true).unwrap_or_default();
        let mut traces = Vec::new();
        let mut residual = Vec::new();
        for (parameter, (interval, points)) in parameters.iter().zip(found) {
            residual.push(interval);
            let parameter = parameter.name(&self.layout.times, &self.layout.groups);
            traces.extend(points.map(|points| ProfileTrace { parameter, points }));
        }
        for (parameter, points) in data.x.names.iter().zip(points) {
            traces.extend(points.map(|points| ProfileTrace { parameter: parameter.clone(), points }));
        }
        let intervals = Intervals { fixef: fixed, sigma: None, sd: Vec::new(), cor: Vec::new() };
        Ok(Profiles { intervals, residual, traces })
    }

    fn profile_of(&self, parameter: Parameter, with_points: bool) -> Profiled {
        let problem = &self.problem;
        let target = chi_squared_quantile(self.options.level, 1.0).sqrt();
        let estimate = parameter.value(problem, &self.theta);
        let [low, high] = parameter.limits(problem);
        let width = if parameter.is_deviation() { 0.3 * estimate } else { 0.2 };
        let sides = [(-width, low), (width, high)].map(|(width, limit)| Side { estimate, width, limit });
        let top = Point { theta: self.theta.clone(), value: estimate };
        let mut path = Path { problem, parameter, last: top.clone(), top };
        let least = self.at.value;
        let mut risen = |value: f64| path.lowest(value).map_or(f64::INFINITY, |found| found - least);
        let scale = if parameter.is_deviation() { self.scaling.size } else { 1.0 };
        profiled(&mut risen, &sides, target, &|value| scale * value, with_points)
    }

    /// The standard deviations and correlations of the residuals, by name.
    pub(super) fn residual_parameters(&self) -> Vec<(String, f64)> {
        let named = |of: Parameter| (of.name(&self.layout.times, &self.layout.groups), self.residual_value(of));
        Parameter::all(&self.problem).into_iter().map(named).collect()
    }

    fn residual_value(&self, of: Parameter) -> f64 {
        let value = of.value(&self.problem, &self.theta);
        if of.is_deviation() { self.scaling.size * value } else { value }
    }
}

/// A value of a parameter, and where the others are lowest there.
#[derive(Clone, Debug)]
struct Point {
    theta: Vec<f64>,
    value: f64,
}

/// The way from the maximum along the values of one parameter.
struct Path<'a> {
    problem: &'a Problem,
    parameter: Parameter,
    top: Point,
    last: Point,
}

impl Path<'_> {
    /// The lowest criterion with the parameter held at a value, from the last value if that lies on the way from
    /// the maximum. Where a leap would leave the positive definite matrices, shorter ones lead there.
    fn lowest(&mut self, value: f64) -> Option<f64> {
        let Point { value: top, .. } = self.top;
        let is_on_the_way = (self.last.value - top) * (value - self.last.value) >= 0.0;
        let mut here = if is_on_the_way { self.last.clone() } else { self.top.clone() };
        let mut next = value;
        for _ in 0..200 {
            match self.minimum(&here.theta, next) {
                Some((theta, found)) => {
                    here = Point { theta, value: next };
                    if next == value {
                        self.last = here;
                        return Some(found);
                    }
                    next = value;
                }
                None => {
                    next = here.value + 0.5 * (next - here.value);
                    if (next - here.value).abs() <= 1e-7 * value.abs().max(1e-3) {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Newton's steps over the other parameters; none where they lead to no minimum.
    fn minimum(&self, from: &[f64], value: f64) -> Option<(Vec<f64>, f64)> {
        let substituted = |theta: &[f64]| {
            let own = self.parameter.held(self.problem, theta, value);
            let mut theta = theta.to_vec();
            theta[own.place] = own.value;
            (theta, own)
        };
        let (mut theta, mut own) = substituted(from);
        let mut at = self.problem.evaluate(&theta)?;
        let free: Vec<usize> = (0..theta.len()).filter(|place| *place != own.place).collect();
        let mut fall = f64::INFINITY;
        for _ in 0..100 {
            let (slope, hessian, expected) = reduced(&at, &own, &free);
            let newton = hessian.cholesky().map(|cholesky| cholesky.solve(&slope));
            let step = newton.or_else(|| Some(damped(&expected)?.solve(&slope)))?;
            fall = dot(&step, &slope);
            if fall <= 1e-12 {
                break;
            }
            let mut share = 1.0;
            let better = loop {
                let mut next = theta.clone();
                free.iter().zip(&step).for_each(|(&place, by)| next[place] -= share * by);
                let (next, held) = substituted(&next);
                let bound = at.value - 1e-4 * share * fall + 1e-13 * at.value.abs().max(1.0);
                match self.problem.evaluate(&next).filter(|better| better.value <= bound) {
                    Some(better) => break Some((next, held, better)),
                    None if share < 1e-10 => break None,
                    None => share *= 0.5,
                }
            };
            let Some(better) = better else { break };
            (theta, own, at) = better;
        }
        (fall <= 1e-6 || free.is_empty()).then_some((theta, at.value))
    }
}

/// Gradient, second derivatives and their average over the free parameters, by the chain rule.
fn reduced(at: &Evaluation, own: &Substitute, free: &[usize]) -> (Vec<f64>, Matrix, Matrix) {
    let slope_of = |place: usize| own.slopes.iter().filter(|of| of.0 == place).map(|of| of.1).sum::<f64>();
    let along: Vec<f64> = free.iter().map(|&place| slope_of(place)).collect();
    let e = own.place;
    let slope = free.iter().zip(&along).map(|(&a, h)| at.gradient[a] + at.gradient[e] * h).collect();
    let through = |of: &Matrix| {
        Matrix::from_fn(free.len(), free.len(), |i, j| {
            let (a, b) = (free[i], free[j]);
            of[(a, b)] + of[(a, e)] * along[j] + of[(b, e)] * along[i] + of[(e, e)] * along[i] * along[j]
        })
    };
    let mut hessian = through(&at.hessian);
    for &(a, b, curve) in &own.curves {
        let place = |of: usize| free.iter().position(|place| *place == of);
        if let (Some(i), Some(j)) = (place(a), place(b)) {
            hessian[(i, j)] += at.gradient[e] * curve;
            if i != j {
                hessian[(j, i)] += at.gradient[e] * curve;
            }
        }
    }
    (slope, hessian, through(&at.expected))
}
