//! Profiles of the coefficients, and of standard deviations and correlations of residuals.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::options::DfMethod;
use super::super::parallel::in_parallel;
use super::super::profiling::{Profiled, Side, fixed_effect, profiled};
use super::super::result::{Intervals, ProfileTrace, Profiles};
use super::fit::MarginalFit;
use super::likelihood::{Evaluation, Problem};
use super::parameters::{Parameter, Substitute};
use super::search::{MOST_USUAL, damped};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};
use std::sync::Arc;

impl MarginalFit {
    /// The profile of every parameter by the full likelihood; none if `go_on`, which is told how many are done, said no.
    ///
    /// # Errors
    /// If the model cannot be fitted by full maximum likelihood.
    pub(super) fn profiles(
        &self,
        with_points: bool,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Profiles>, MixedError> {
        let model = self.model.clone().reml(false).df(DfMethod::None);
        let top = MarginalFit::seen_at(self.layout.clone(), Arc::clone(&self.data), model)?;
        let variances = top.covariance.diagonal();
        let parameters = Parameter::all(&top.problem);
        let (p, level) = (self.data.p(), self.model.level);
        let work = |(): &mut (), at: usize| {
            if at >= p {
                return top.profile_of(parameters[at - p], with_points);
            }
            let mut near = top.theta.clone();
            let mut criterion = |held: &ModelData| top.criterion_near(held, &mut near);
            let own = (at, top.coefficients[at], variances[at].sqrt());
            fixed_effect(&self.data, own, (level, top.criterion), &mut criterion, with_points)
        };
        let Some(mut all) = in_parallel(p + parameters.len(), || (), work, go_on) else { return Ok(None) };
        let residual = all.split_off(p);
        let of_parameters = parameters.iter().map(|of| of.name(&self.layout.times, &self.layout.groups));
        let names = of_parameters.chain(self.data.x.names.iter().cloned());
        let traces = names
            .zip(residual.iter().chain(&all))
            .filter_map(|(parameter, (_, points))| Some(ProfileTrace { parameter, points: points.clone()? }));
        let traces = traces.collect();
        let ends = |of: Vec<Profiled>| of.into_iter().map(|(interval, _)| interval).collect::<Vec<Interval>>();
        let intervals = Intervals { fixef: ends(all), residual: ends(residual), ..Intervals::default() };
        Ok(Some(Profiles { intervals, traces }))
    }

    fn profile_of(&self, parameter: Parameter, with_points: bool) -> Profiled {
        let problem = &self.problem;
        let target = chi_squared_quantile(self.model.level, 1.0).sqrt();
        let estimate = parameter.value(problem, &self.theta);
        let scale = Scale { limits: parameter.limits(problem) };
        let at = scale.of(estimate).clamp(-FAR, FAR);
        let width = target / (self.layout.subjects as f64).sqrt();
        let far = [at.min(0.0) - FAR, at.max(0.0) + FAR];
        let sides = [0, 1].map(|side| {
            let is_there = (estimate - scale.limits[side]).abs() <= 1e-9;
            let width = if side == 0 { -width } else { width };
            Side { estimate: at, width, limit: if is_there { at } else { far[side] } }
        });
        let mut path = Path {
            problem,
            parameter,
            known: vec![Point { theta: self.theta.clone(), value: estimate }],
            ends: [f64::NEG_INFINITY, f64::INFINITY],
        };
        let least = self.at.value;
        let mut risen = |at: f64| path.lowest(scale.value(at)).map_or(f64::INFINITY, |found| found - least);
        let size = if parameter.is_deviation() { self.scaling.size } else { 1.0 };
        let user = |value: f64| match value {
            // At a limit the estimate lies nearer to it than this scale reaches.
            value if value == at => size * estimate,
            value if value <= far[0] => size * scale.limits[0],
            value if value >= far[1] => size * scale.limits[1],
            value => size * scale.value(value),
        };
        profiled(&mut risen, &sides, target, &user, with_points)
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

/// So far from the estimate on its scale a parameter is as good as at its limit.
const FAR: f64 = 12.0;

/// The scale on which a profile is nearly a parabola: the logarithm of a standard deviation, and of a correlation
/// that of the ratio of its distances from both limits, which is twice Fisher's z between −1 and 1.
#[derive(Clone, Copy, Debug)]
struct Scale {
    limits: [f64; 2],
}

impl Scale {
    fn of(self, value: f64) -> f64 {
        let [low, high] = self.limits;
        if high.is_finite() { ((value - low) / (high - value)).ln() } else { (value - low).ln() }
    }

    fn value(self, at: f64) -> f64 {
        let [low, high] = self.limits;
        if high.is_finite() { low + (high - low) / (1.0 + (-at).exp()) } else { low + at.exp() }
    }
}

/// A value of a parameter, and where the others are lowest there.
#[derive(Clone, Debug)]
struct Point {
    theta: Vec<f64>,
    value: f64,
}

/// Beside the value, shorter steps than these lead on to no minimum.
const SHORTEST: f64 = 1e-5;

/// What is known of the lowest criterion along the values of one parameter.
struct Path<'a> {
    problem: &'a Problem,
    parameter: Parameter,
    /// The maximum first.
    known: Vec<Point>,
    /// From here on there is no minimum that a way leads to.
    ends: [f64; 2],
}

impl Path<'_> {
    /// The lowest criterion with the parameter held at a value, from the line through the nearest values that are
    /// known. Where a leap would leave the positive definite matrices, shorter ones lead there.
    fn lowest(&mut self, value: f64) -> Option<f64> {
        if value <= self.ends[0] || value >= self.ends[1] {
            return None;
        }
        let mut near: Vec<&Point> = self.known.iter().collect();
        near.sort_by(|a, b| (a.value - value).abs().total_cmp(&(b.value - value).abs()));
        let mut here = near[0].clone();
        if let Some(next) = near.get(1).filter(|next| next.value != here.value) {
            let share = ((value - here.value) / (next.value - here.value)).clamp(-2.0, 1.0);
            let guess: Vec<f64> = here.theta.iter().zip(&next.theta).map(|(a, b)| a + share * (b - a)).collect();
            if let Some((theta, found)) = self.minimum(&guess, value) {
                self.known.push(Point { theta, value });
                return Some(found);
            }
        }
        let mut step = value - here.value;
        for _ in 0..200 {
            let is_last = step.abs() >= (value - here.value).abs();
            let next = if is_last { value } else { here.value + step };
            match self.minimum(&here.theta, next) {
                Some((theta, found)) => {
                    here = Point { theta, value: next };
                    if is_last {
                        self.known.push(here);
                        return Some(found);
                    }
                    step *= 2.0;
                }
                None => {
                    step = 0.5 * (next - here.value);
                    if step.abs() <= SHORTEST * value.abs().max(1e-3) {
                        self.ends[usize::from(next > here.value)] = next;
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
        for step in 0..100 {
            if step >= MOST_USUAL && self.problem.is_degenerate(&theta) {
                return None;
            }
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
            // Near a border rounding keeps the last steps from getting shorter.
            let is_rounding = fall <= 1e-8 && at.value - better.2.value <= 1e-13 * at.value.abs().max(1.0);
            (theta, own, at) = better;
            if is_rounding {
                break;
            }
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
