//! Profiles of the coefficients, and of standard deviations and correlations of residuals and random effects.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::options::DfMethod;
use super::super::profiling::{AT_LIMIT, Profiled, Side, fixed_effect, profiled};
use super::super::result::{Estimates, Intervals, ProfileTrace, Profiles};
use super::fit::MarginalFit;
use super::likelihood::{Evaluation, Problem};
use super::parameters::{Kind, Parameter, Substitute};
use super::search::{MOST_USUAL, SMALLEST_FALL, damped, search_over};
use super::search_effects::free;
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::parallel::in_parallel;
use std::sync::Arc;

impl MarginalFit {
    /// The profile of every parameter by the full likelihood; none if `go_on`, which is told how many are done, said
    /// no.
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
        let effects = of_effects(&self.data);
        let (p, level) = (self.data.p(), self.model.level);
        let work = |(): &mut (), at: usize| {
            if at >= p + parameters.len() {
                return top.profile_of_effect(&effects[at - p - parameters.len()], with_points);
            }
            if at >= p {
                return top.profile_of((&top.problem, &top.theta), parameters[at - p], with_points);
            }
            let mut near = top.theta.clone();
            let mut criterion = |held: &ModelData| top.criterion_near(held, &mut near);
            let own = (at, top.coefficients[at], variances[at].sqrt());
            fixed_effect(&self.data, own, (level, top.criterion), &mut criterion, with_points)
        };
        let count = p + parameters.len() + effects.len();
        let Some(mut all) = in_parallel(count, || (), work, go_on) else { return Ok(None) };
        let random = all.split_off(p + parameters.len());
        let residual = all.split_off(p);
        let of_parameters = parameters.iter().map(|of| of.name(&self.layout.times, &self.layout.groups));
        let names =
            effects.iter().map(|of| of.name.clone()).chain(of_parameters).chain(self.data.x.names.iter().cloned());
        let traces = names
            .zip(random.iter().chain(&residual).chain(&all))
            .filter_map(|(parameter, (_, points))| Some(ProfileTrace { parameter, points: points.clone()? }));
        let traces = traces.collect();
        let ends = |of: Vec<Profiled>| of.into_iter().map(|(interval, _)| interval).collect::<Vec<Interval>>();
        let [mut sd, mut cor] = [(); 2].map(|()| vec![Vec::new(); self.data.random.len()]);
        for (of, ci) in effects.iter().zip(ends(random)) {
            if of.order.1 { cor[of.term].push(ci) } else { sd[of.term].push(ci) }
        }
        let intervals = Intervals { fixef: ends(all), residual: ends(residual), sd, cor, ..Intervals::default() };
        let estimates = Estimates::of(&top, &top.residual_covariance(), None);
        Ok(Some(Profiles { intervals, estimates, traces }))
    }

    /// The profile of a standard deviation or correlation of random effects, with its columns first in Λ.
    fn profile_of_effect(&self, of: &OfEffect, with_points: bool) -> Profiled {
        let (order, is_correlation) = (&of.order.0, of.order.1);
        let (problem, theta) = self.written_with(of.term, order);
        let kind = if is_correlation { Kind::Effects(of.term) } else { Kind::Effect(of.term) };
        // With either standard deviation at 0 the correlation may be anything.
        let border = |at: usize| {
            let without = order.iter().copied().filter(|other| *other != order[at]);
            self.without(of.term, &std::iter::once(order[at]).chain(without).collect::<Vec<usize>>())
        };
        let bound = if is_correlation { border(0).min(border(1)) } else { f64::INFINITY };
        let least = self.at.value;
        let parameter = Parameter { group: 0, kind };
        self.profile_below((&problem, &theta), parameter, bound - least, with_points)
    }

    /// The lowest criterion without the variance of the first of the columns of a term.
    fn without(&self, term: usize, order: &[usize]) -> f64 {
        let (problem, mut theta) = self.written_with(term, order);
        let first = problem.of_residuals();
        for (value, place) in theta[first..].iter_mut().zip(&problem.random.places) {
            if place.term == term && place.column == 0 {
                *value = 0.0;
            }
        }
        let free = free(&problem, &theta);
        search_over(&problem, theta, &free, SMALLEST_FALL).map_or(f64::INFINITY, |found| found.at.value)
    }

    /// The problem with these columns of a term first in Λ, and the maximum written so.
    fn written_with(&self, term: usize, order: &[usize]) -> (Problem, Vec<f64>) {
        let random = &self.problem.random;
        let (own, rest) = self.theta.split_at(self.problem.of_residuals());
        let weighted =
            |column: &[f64]| column.iter().enumerate().map(|(row, x)| x * self.root(row)).collect::<Vec<f64>>();
        let (random, mut effects) = random.reordered((rest, &self.data.random), (term, order), &weighted);
        // From a variance of 0 the others could not go away.
        for (value, place) in effects.iter_mut().zip(&random.places) {
            if place.row == place.column && *value == 0.0 && (place.row > 0 || place.term != term) {
                *value = 0.02;
            }
        }
        (self.with_random(random), own.iter().copied().chain(effects).collect())
    }

    fn profile_of(&self, written: (&Problem, &[f64]), parameter: Parameter, with_points: bool) -> Profiled {
        self.profile_below(written, parameter, f64::INFINITY, with_points)
    }

    /// A profile whose criterion rises by at most `bound`, beyond which another way leads.
    fn profile_below(
        &self,
        (problem, theta): (&Problem, &[f64]),
        parameter: Parameter,
        bound: f64,
        with_points: bool,
    ) -> Profiled {
        let target = chi_squared_quantile(self.model.level, 1.0).sqrt();
        let estimate = parameter.value(problem, theta);
        if estimate.is_nan() {
            // A correlation beside a standard deviation of 0 may be anything.
            let [lower, upper] = parameter.limits(problem);
            return (Interval { lower, upper }, None);
        }
        let scale = Scale { limits: parameter.limits(problem) };
        let at = scale.of(estimate).clamp(-FAR, FAR);
        let width = target / (self.layout.subjects as f64).sqrt();
        let far = [at.min(0.0) - FAR, at.max(0.0) + FAR];
        let sides = [0, 1].map(|side| {
            let is_there = (estimate - scale.limits[side]).abs() <= AT_LIMIT;
            let width = if side == 0 { -width } else { width };
            Side { estimate: at, width, limit: if is_there { at } else { far[side] }, least: AT_LIMIT }
        });
        let mut path = Path {
            problem,
            parameter,
            known: vec![Point { theta: theta.to_vec(), value: estimate }],
            ends: [f64::NEG_INFINITY, f64::INFINITY],
        };
        let least = self.at.value;
        let mut risen = |at: f64| path.lowest(scale.value(at)).map_or(f64::INFINITY, |found| found - least).min(bound);
        let user = |value: f64| {
            let own = match value {
                // At a limit the estimate lies nearer to it than this scale reaches.
                value if value == at => estimate,
                value if value <= far[0] => scale.limits[0],
                value if value >= far[1] => scale.limits[1],
                value => scale.value(value),
            };
            parameter.of_user(problem, self.scaling.size, own)
        };
        profiled(&mut risen, &sides, target, &user, with_points)
    }

    /// The standard deviations and correlations of the residuals, by name.
    pub(super) fn residual_parameters(&self) -> Vec<(String, f64)> {
        let named = |of: Parameter| (of.name(&self.layout.times, &self.layout.groups), self.residual_value(of));
        Parameter::all(&self.problem).into_iter().map(named).collect()
    }

    fn residual_value(&self, of: Parameter) -> f64 {
        of.of_user(&self.problem, self.scaling.size, of.value(&self.problem, &self.theta))
    }
}

/// A standard deviation of random effects, or a correlation of two.
struct OfEffect {
    name: String,
    term: usize,
    /// The columns of the term with those that it is about in front, and whether it is a correlation.
    order: (Vec<usize>, bool),
}

/// All of them, by term: standard deviations, then correlations as the lower triangle by columns.
fn of_effects(data: &ModelData) -> Vec<OfEffect> {
    let mut all = Vec::new();
    for (term, of) in data.random.iter().enumerate() {
        let k = of.names.len();
        let first =
            |own: &[usize]| own.iter().copied().chain((0..k).filter(|at| !own.contains(at))).collect::<Vec<_>>();
        for at in 0..k {
            all.push(OfEffect {
                name: format!("sd_{}|{}", of.names[at], of.group),
                term,
                order: (first(&[at]), false),
            });
        }
        for (j, i) in (0..k).flat_map(|j| (j + 1..k).map(move |i| (j, i))) {
            let name = format!("cor_{}.{}|{}", of.names[i], of.names[j], of.group);
            all.push(OfEffect { name, term, order: (first(&[j, i]), true) });
        }
    }
    all
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
