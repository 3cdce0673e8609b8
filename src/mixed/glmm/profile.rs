//! Intervals from the profile of the likelihood.
//!
//! Each parameter is made a coordinate of a search of its own, in which it is held: a coefficient by putting its
//! column last among those that are made orthogonal, a standard deviation by putting its column first in its
//! term, a correlation by writing the term's factor with it. Source: Venzon & Moolgavkar (1988), Appl Stat
//! 37:87.

use super::super::data::ModelData;
use super::super::options::Family;
use super::super::profiling::{AT_LIMIT, Profiled, Side, interval_end, profiled};
use super::super::result::{Estimates, ProfileTrace, Profiles};
use super::correlation::Correlated;
use super::family::Likelihood;
use super::fit::{GeneralisedFit, approximation, problem};
use super::laplace::{Problem, entries_of, triangle_of};
use super::response::response;
use super::search::{Objective, search_lightly};
use crate::numeric::dist::chi_squared_quantile;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::{Matrix, dot, unit};
use crate::numeric::orthogonal::Orthonormal;
use crate::numeric::parallel::in_parallel;

/// A parameter that is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Parameter {
    Deviation(usize, usize),
    Correlation(usize, [usize; 2]),
    Coefficient(usize),
    Dispersion,
}

/// A model in which one parameter is a coordinate.
pub(super) struct Held {
    pub problem: Problem,
    /// Where its search starts, at the maximum.
    pub start: Vec<f64>,
    /// The coordinate that is held.
    pub place: usize,
    /// The user's value of 1 in this coordinate.
    pub scale: f64,
}

impl GeneralisedFit {
    /// The profile of every parameter; none if `go_on`, which is told how many are done, said no.
    pub(super) fn profiles(&self, with_points: bool, go_on: &mut dyn FnMut(usize) -> bool) -> Option<Profiles> {
        let all = self.profiled_parameters();
        let work = |(): &mut (), at: usize| self.profile_of(all[at], with_points);
        let found = in_parallel(all.len(), || (), work, go_on)?;
        let estimates = Estimates::of(self, &[], self.dispersion());
        let mut profiles = Profiles { estimates, ..Profiles::default() };
        profiles.intervals.sd.resize(self.data.random.len(), Vec::new());
        profiles.intervals.cor.resize(self.data.random.len(), Vec::new());
        for (parameter, (interval, trace)) in all.into_iter().zip(found) {
            match parameter {
                Parameter::Deviation(term, _) => profiles.intervals.sd[term].push(interval),
                Parameter::Correlation(term, _) => profiles.intervals.cor[term].push(interval),
                Parameter::Coefficient(_) => profiles.intervals.fixef.push(interval),
                Parameter::Dispersion => profiles.intervals.dispersion = Some(interval),
            }
            profiles.traces.extend(trace);
        }
        Some(profiles)
    }

    /// Standard deviations and correlations by term, then fixed effects and the dispersion.
    pub(super) fn profiled_parameters(&self) -> Vec<Parameter> {
        let mut all = Vec::new();
        for (number, term) in self.data.random.iter().enumerate() {
            let k = term.names.len();
            for j in 0..k {
                all.push(Parameter::Deviation(number, j));
                all.extend((j + 1..k).map(|i| Parameter::Correlation(number, [j, i])));
            }
        }
        all.extend((0..self.data.p()).map(Parameter::Coefficient));
        if matches!(self.model.family, Family::NegativeBinomial2 | Family::NegativeBinomial1) {
            all.push(Parameter::Dispersion);
        }
        all
    }

    fn profile_of(&self, of: Parameter, with_points: bool) -> (Interval, Option<ProfileTrace>) {
        let found = match of {
            Parameter::Deviation(term, column) => self.deviation(term, column, with_points),
            Parameter::Correlation(term, pair) => self.correlation(term, pair, with_points),
            Parameter::Coefficient(at) => self.coefficient(at, with_points),
            Parameter::Dispersion => self.dispersion_profile(with_points),
        };
        let (interval, points) = found.unwrap_or((Interval::UNKNOWN, None));
        let name = |term: usize, at: usize| &self.data.random[term].names[at];
        let parameter = match of {
            Parameter::Deviation(term, at) => format!("sd_{}|{}", name(term, at), self.data.random[term].group),
            Parameter::Correlation(term, [j, i]) => {
                format!("cor_{}.{}|{}", name(term, i), name(term, j), self.data.random[term].group)
            }
            Parameter::Coefficient(at) => self.data.x.names[at].clone(),
            Parameter::Dispersion => "dispersion".to_owned(),
        };
        (interval, points.map(|points| ProfileTrace { parameter, points }))
    }

    fn deviation(&self, number: usize, column: usize, with_points: bool) -> Option<Profiled> {
        let held = self.with_first(number, &[column])?;
        let estimate = held.start[held.place].abs();
        let mut risen = self.lowest_risen(&held)?;
        let sides = [(-(0.5 * estimate).max(0.1), 0.0), ((0.5 * estimate).max(0.1), f64::INFINITY)];
        Some(self.ends(&mut risen, estimate, sides, &|value| held.scale * value, with_points))
    }

    fn correlation(&self, number: usize, pair: [usize; 2], with_points: bool) -> Option<Profiled> {
        let covariance = self.factors[number].times(&self.factors[number].transposed());
        let [j, i] = pair;
        let estimate = covariance[(i, j)] / (covariance[(i, i)] * covariance[(j, j)]).sqrt();
        if !estimate.is_finite() {
            return Some((Interval { lower: -1.0, upper: 1.0 }, None));
        }
        let estimate = estimate.clamp(-1.0, 1.0);
        let held = self.with_first(number, &pair)?;
        let mut objective = Correlated::new(&held, number, approximation(&held.problem, self.model));
        let mut free = vec![true; held.start.len()];
        free[objective.spare()] = false;
        // With a standard deviation at 0, or ever nearer to it, the correlation may be anything: the criterion rises
        // no further than that. Searches set out from there as well as from the maximum.
        let borders: Vec<Border> = pair.iter().filter_map(|&column| self.without(number, column)).collect();
        let bound = borders.iter().map(|border| border.criterion).fold(f64::INFINITY, f64::min) - self.criterion;
        let order = self.order(number, &pair);
        let beside = borders.iter().filter_map(|of| self.held(number, &order, &of.covariances, &of.rest));
        let mut chains: Vec<Chain> = std::iter::once(objective.start(&held))
            .chain(beside.map(|of| objective.start(&of)))
            .map(|start| Chain::new(start, estimate))
            .collect();
        let mut risen = move |value: f64| {
            objective.set(value);
            let mut lowest = bound;
            for chain in &mut chains {
                // Far below the border the way from the maximum is safe.
                if lowest < NEAR_BORDER * bound {
                    break;
                }
                let found = chain.follow(&mut objective, value, &free) - self.criterion;
                lowest = lowest.min(found);
                // Where a standard deviation has gone, no search comes back.
                if found > bound - NEAR_BOUND {
                    chain.restart();
                }
            }
            if lowest > bound - NEAR_BOUND {
                let inside = lower_inside(&mut objective, &chains[0].start, &free);
                lowest = lowest.min(inside - self.criterion);
            }
            lowest
        };
        let (mut interval, points) =
            self.ends(&mut risen, estimate, [(-0.3, -1.0), (0.3, 1.0)], &|value| value, with_points);
        if bound <= chi_squared_quantile(self.model.level, 1.0) {
            interval = Interval { lower: -1.0, upper: 1.0 };
        }
        Some((interval, points))
    }

    /// The lowest criterion without the variance of one column of a term of several.
    fn without(&self, number: usize, column: usize) -> Option<Border> {
        let order: Vec<usize> = (0..self.data.random[number].columns.len()).filter(|&at| at != column).collect();
        let covariances: Vec<Matrix> = self.factors.iter().map(|factor| factor.times(&factor.transposed())).collect();
        let held = self.held(number, &order, &covariances, &self.at[self.problem.thetas()..])?;
        let mut objective = approximation(&held.problem, self.model);
        let free = vec![true; held.start.len()];
        let thetas = held.problem.thetas();
        let identity = held.problem.terms.iter().flat_map(|term| entries_of(&Matrix::identity(term.width)));
        let other = identity.chain(held.start[thetas..].iter().copied()).collect();
        let found = [held.start.clone(), other]
            .into_iter()
            .filter_map(|start| search_lightly(&mut objective, &start, &free, None))
            .min_by(|a, b| a.value.total_cmp(&b.value))?;
        let (mut covariances, mut next) = (covariances, 0);
        for (at, term) in held.problem.terms.iter().enumerate() {
            let factor = term.inverse.times(&triangle_of(&found.at[next..next + term.parameters()], term.width));
            next += term.parameters();
            let own = factor.times(&factor.transposed());
            covariances[at] = if at == number {
                let place = |at: usize| order.iter().position(|&of| of == at);
                let k = order.len() + 1;
                Matrix::from_fn(k, k, |i, j| place(i).zip(place(j)).map_or(0.0, |at| own[at]))
            } else {
                own
            };
        }
        Some(Border { criterion: found.value, covariances, rest: found.at[thetas..].to_vec() })
    }

    fn coefficient(&self, at: usize, with_points: bool) -> Option<Profiled> {
        let mut order: Vec<usize> = (0..self.data.p()).filter(|&other| other != at).collect();
        order.push(at);
        let columns = Orthonormal::new(order.iter().map(|&at| self.data.x.columns[at].clone()));
        let problem = self.problem_of(&self.data, &columns)?;
        let root = (self.data.n() as f64).sqrt();
        let predictor = self.data.fixed_part(&self.coefficients);
        let thetas = problem.thetas();
        let mut start = self.at.clone();
        for (value, column) in start[thetas..].iter_mut().zip(&columns.columns) {
            *value = dot(column, &predictor) / root;
        }
        let last = order.len() - 1;
        let scale = root * columns.coefficients(&unit(order.len(), last))[last];
        let place = thetas + last;
        let estimate = start[place];
        let held = Held { problem, start: lifted(&self.problem, start), place, scale };
        let width = chi_squared_quantile(self.model.level, 1.0).sqrt() * self.covariance[(at, at)].sqrt();
        let width = (width / scale.abs()).abs();
        let mut risen = self.lowest_risen(&held)?;
        let sides = [(-width, f64::NEG_INFINITY), (width, f64::INFINITY)];
        let (interval, points) = self.ends(&mut risen, estimate, sides, &|value| scale * value, with_points);
        let ordered = if scale < 0.0 { Interval { lower: interval.upper, upper: interval.lower } } else { interval };
        Some((ordered, points))
    }

    /// The interval of the dispersion, searched on its logarithm. At the Poisson limit one end is the limit.
    fn dispersion_profile(&self, with_points: bool) -> Option<Profiled> {
        const FAR: f64 = 25.0;
        let family = self.model.family;
        let columns = Orthonormal::new(self.data.x.columns.iter().cloned());
        let mut problem = self.problem_of(&self.data, &columns)?;
        problem.likelihood = Likelihood::new(family, self.model.link)?;
        let (mut start, towards) = (self.at.clone(), if family == Family::NegativeBinomial2 { -1.0 } else { 1.0 });
        if self.is_poisson_limit {
            start.push(-8.0 * towards);
        }
        let place = start.len() - 1;
        let held = Held { start: lifted(&self.problem, start), problem, place, scale: 1.0 };
        let mut risen = self.risen(&held);
        let mut estimate = held.start[place];
        let target = chi_squared_quantile(self.model.level, 1.0);
        let user = |value: f64| value.exp();
        let open = |interval: Interval| Interval {
            lower: if interval.lower <= (-FAR).exp() { 0.0 } else { interval.lower },
            upper: if interval.upper >= FAR.exp() { f64::INFINITY } else { interval.upper },
        };
        if !self.is_poisson_limit {
            let sides = [(-0.5, -FAR), (0.5, FAR)];
            let (interval, mut points) = self.ends(&mut risen, estimate, sides, &user, with_points);
            // On the way to an end that is open nothing happens any more.
            points.iter_mut().for_each(|all| all.retain(|point| (1e-6..1e6).contains(&point.value)));
            return Some((open(interval), points));
        }
        // From the limit on the criterion rises: the first value at which it has risen enough is bracketed.
        while estimate.abs() < FAR && risen(estimate + towards) < target {
            estimate += towards;
        }
        let side = Side { estimate, width: towards, limit: towards * FAR, least: AT_LIMIT };
        let end = interval_end(&mut risen, &side, target.sqrt());
        let limits = if towards < 0.0 { (end.exp(), f64::INFINITY) } else { (0.0, end.exp()) };
        Some((open(Interval { lower: limits.0, upper: limits.1 }), None))
    }

    /// The rise of the criterion over its minimum, with a coordinate held at a value. Where the fit is at the Poisson
    /// limit of its family, the dispersion need not be at it elsewhere.
    fn lowest_risen<'a>(&'a self, held: &'a Held) -> Option<Box<dyn FnMut(f64) -> f64 + 'a>> {
        let mut risen = self.risen(held);
        if !self.is_poisson_limit {
            return Some(Box::new(risen));
        }
        let mut problem = held.problem.clone();
        problem.likelihood = Likelihood::new(self.model.family, self.model.link)?;
        // Far enough from the limit, where slopes vanish, that the search may go either way.
        let some = if self.model.family == Family::NegativeBinomial2 { 2.0 } else { -2.0 };
        let (last, estimate) = (held.start.len(), held.start[held.place]);
        let start = held.start.iter().copied().chain([some]).collect();
        let mut chain = Chain::new(start, estimate);
        let mut free = vec![true; last + 1];
        free[held.place] = false;
        Some(Box::new(move |value: f64| {
            let mut objective = approximation(&problem, self.model);
            chain.hold(held.place, value);
            (chain.near[last], chain.inverse) = (some, None);
            let dispersed = chain.follow(&mut objective, value, &free) - self.criterion;
            risen(value).min(dispersed)
        }))
    }

    /// The rise of the criterion over its minimum, with a coordinate held at a value.
    fn risen<'a>(&'a self, held: &'a Held) -> impl FnMut(f64) -> f64 + 'a {
        let mut objective = approximation(&held.problem, self.model);
        let mut free = vec![true; held.start.len()];
        free[held.place] = false;
        let mut chain = Chain::new(held.start.clone(), held.start[held.place]);
        // Where standard deviations are in dozens the likelihood has several ridges, and searches also set out from the
        // nearest of the points that are known.
        let has_ridges = held.start[..held.problem.thetas()].iter().any(|value| value.abs() > LARGE);
        let mut known: Vec<(f64, Vec<f64>)> = Vec::new();
        move |value: f64| {
            // A standard deviation of dozens takes the others with it, by steps that a search can follow.
            while let Some(next) = chain.halfway(held, value) {
                chain.hold(held.place, next);
                chain.follow(&mut objective, next, &free);
            }
            chain.hold(held.place, value);
            let mut lowest = chain.follow(&mut objective, value, &free);
            // Where a variance has vanished nothing moves any more: the search is tried from the maximum again.
            let fresh = has_vanished(held, &chain.near).then(|| held.start.clone());
            let distance = |of: &&(f64, Vec<f64>)| (of.0 - value).abs();
            let nearest = known.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|of| of.1.clone());
            for start in fresh.into_iter().chain(nearest) {
                let mut other = Chain::new(start, held.start[held.place]);
                other.hold(held.place, value);
                let found = other.follow(&mut objective, value, &free);
                if found < lowest {
                    lowest = found;
                    (chain.near, chain.inverse) = (other.near, other.inverse);
                }
            }
            if has_ridges && lowest.is_finite() {
                known.push((value, chain.near.clone()));
            }
            lowest - self.criterion
        }
    }

    fn ends(
        &self,
        risen: &mut dyn FnMut(f64) -> f64,
        estimate: f64,
        sides: [(f64, f64); 2],
        user: &dyn Fn(f64) -> f64,
        with_points: bool,
    ) -> Profiled {
        let target = chi_squared_quantile(self.model.level, 1.0).sqrt();
        let sides = sides.map(|(width, limit)| Side { estimate, width, limit, least: AT_LIMIT });
        profiled(risen, &sides, target, user, with_points)
    }

    fn problem_of(&self, data: &ModelData, columns: &Orthonormal) -> Option<Problem> {
        Some(problem(data, self.problem.likelihood, response(data, self.model.family).ok()?, columns))
    }

    /// The problem with some columns of a random term put first, where its search starts, and the place and
    /// scale of the first column's standard deviation in θ.
    fn with_first(&self, number: usize, first: &[usize]) -> Option<Held> {
        let covariances: Vec<Matrix> = self.factors.iter().map(|factor| factor.times(&factor.transposed())).collect();
        self.held(number, &self.order(number, first), &covariances, &self.at[self.problem.thetas()..])
    }

    /// The columns of a term, some of them first.
    fn order(&self, number: usize, first: &[usize]) -> Vec<usize> {
        let k = self.data.random[number].columns.len();
        first.iter().copied().chain((0..k).filter(|at| !first.contains(at))).collect()
    }

    /// The problem with the columns of a random term in some order, perhaps without one, started at covariances of
    /// the terms and at the rest of the parameters.
    fn held(&self, number: usize, order: &[usize], covariances: &[Matrix], rest: &[f64]) -> Option<Held> {
        let mut turned = ModelData::clone(&self.data);
        turned.random[number].columns = order.iter().map(|&at| self.data.random[number].columns[at].clone()).collect();
        let columns = Orthonormal::new(self.data.x.columns.iter().cloned());
        let made = self.problem_of(&turned, &columns)?;
        let (mut start, mut place) = (Vec::new(), 0);
        for (at, term) in made.terms.iter().enumerate() {
            let mut covariance = covariances[at].clone();
            if at == number {
                place = start.len();
                covariance = covariance.part(order);
            }
            // On the scale of the search; a variance of 0 is lifted, since nothing moves there.
            let scaled = term.lower.times(&covariance).times(&term.lower.transposed());
            let awake = scaled.plus(&Matrix::identity(term.width).scaled(1e-4)).cholesky()?;
            start.extend(entries_of(&awake.lower()));
            if at == number {
                start[place] = covariance[(0, 0)].sqrt() * term.lower[(0, 0)];
            }
        }
        start.extend(rest);
        let scale = made.terms[number].inverse[(0, 0)];
        Some(Held { problem: made, start, place, scale })
    }
}

/// The fit without the variance of one column of a term.
struct Border {
    criterion: f64,
    /// Of the terms, in the unit of their columns.
    covariances: Vec<Matrix>,
    /// The parameters after θ.
    rest: Vec<f64>,
}

/// Where the criterion has risen by less than this share of what it rises to at a border, no search from there follows.
const NEAR_BORDER: f64 = 0.5;

/// A standard deviation on the scale of the link above which a profile is followed by shorter steps.
const LARGE: f64 = 20.0;

/// So near to the bound of a rise a search has lost a standard deviation.
const NEAR_BOUND: f64 = 1e-3;

/// The lowest criterion from the lowest of some points around a start, with smaller and larger standard deviations of
/// the pair whose correlation is held: a search that starts below the bound stays there.
fn lower_inside(objective: &mut Correlated<'_>, start: &[f64], free: &[bool]) -> f64 {
    let places = objective.deviations();
    let mut best: Option<(f64, Vec<f64>)> = None;
    for one in [0.0, -0.5, -1.0, -2.0, 0.5] {
        for two in [0.0, -0.5, -1.0, -2.0, 0.5] {
            let mut at = start.to_vec();
            at[places[0]] += one;
            at[places[1]] += two;
            let Some(found) = objective.evaluate(&at) else { continue };
            if best.as_ref().is_none_or(|(value, _)| found.value < *value) {
                best = Some((found.value, at));
            }
        }
    }
    let lowest = best.and_then(|(_, at)| search_lightly(objective, &at, free, None));
    lowest.map_or(f64::INFINITY, |found| found.value)
}

/// Searches along a profile, each from where the last one ended; on each side of the estimate from the same start.
struct Chain {
    start: Vec<f64>,
    estimate: f64,
    is_right: bool,
    near: Vec<f64>,
    inverse: Option<Matrix>,
}

impl Chain {
    fn new(start: Vec<f64>, estimate: f64) -> Self {
        Self { near: start.clone(), start, estimate, is_right: false, inverse: None }
    }

    /// Sets out from the start again.
    fn restart(&mut self) {
        (self.near, self.inverse) = (self.start.clone(), None);
    }

    /// Holds a coordinate at a value.
    fn hold(&mut self, place: usize, value: f64) {
        self.start[place] = value;
        self.near[place] = value;
    }

    /// A value between where a chain stands and one that is far from there, if that is a large standard deviation.
    fn halfway(&self, held: &Held, value: f64) -> Option<f64> {
        if held.place >= held.problem.thetas() {
            return None;
        }
        let is_turned = self.is_right != (value > self.estimate);
        let here = if is_turned { self.estimate } else { self.near[held.place].abs() };
        let is_far = value > 2.0 * here && value * held.scale > LARGE && here > 0.0;
        is_far.then_some(1.8 * here)
    }

    /// The lowest criterion over the free coordinates.
    fn follow<O: Objective>(&mut self, objective: &mut O, value: f64, free: &[bool]) -> f64 {
        if self.is_right != (value > self.estimate) {
            self.is_right = !self.is_right;
            self.restart();
        }
        match search_lightly(objective, &self.near, free, self.inverse.as_ref()) {
            Some(found) => {
                (self.near, self.inverse) = (found.at, Some(found.inverse));
                found.value
            }
            None => f64::INFINITY,
        }
    }
}

/// Whether a variance that is not held has vanished.
fn has_vanished(held: &Held, at: &[f64]) -> bool {
    let mut next = 0;
    for term in &held.problem.terms {
        for column in 0..term.width {
            if next != held.place && at[next].abs() < 0.05 {
                return true;
            }
            next += term.width - column;
        }
    }
    false
}

/// θ with no diagonal at 0, where nothing moves.
fn lifted(problem: &Problem, mut at: Vec<f64>) -> Vec<f64> {
    let mut next = 0;
    for term in &problem.terms {
        for column in 0..term.width {
            if at[next].abs() < 1e-2 {
                at[next] = 1e-2;
            }
            next += term.width - column;
        }
    }
    at
}
