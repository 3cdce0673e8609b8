//! The maximum over covariance matrices where correlations between −1 and 1 do not make one: an unstructured
//! covariance of three and more levels.
//!
//! Such a matrix is searched as G = LL′ with a lower triangle L, which makes a covariance of any numbers, singular
//! ones included. Other variances are squares there, and other correlations sines between their borders, so that
//! the search has no borders at all.

use super::components::{Component, Range, Structure};
use super::likelihood::{Likelihood, State};
use crate::meta::problem::MetaError;
use crate::numeric::matrix::Matrix;
use crate::numeric::minimum::descend;
use std::cell::RefCell;

/// What is held fixed in an unstructured covariance, whose levels are then sorted so that it stands first.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Held {
    Nothing,
    Deviation(f64),
    Correlation(f64),
}

/// An unstructured covariance with the place of its parameters.
struct Unstructured {
    offset: usize,
    /// The levels in the order of the rows of L.
    order: Vec<usize>,
    held: Held,
}

/// What is searched.
pub(super) struct Cone<'a> {
    likelihood: &'a Likelihood<'a>,
    ranges: &'a [Range],
    fixed: Option<(usize, f64)>,
    unstructured: Vec<Unstructured>,
    /// The places of x that vary.
    free: Vec<usize>,
}

/// Where a search ended.
pub(super) struct InCone {
    pub parameters: Vec<f64>,
    pub state: State,
    pub converged: bool,
}

/// How near a matrix may come to one that is no covariance.
const ROUNDING: f64 = 1e-10;

/// The share of a start that is taken without correlations, so that no direction of it is at a standstill.
const AWAKE: f64 = 0.05;

/// A slope along a variance that has this part of the likelihood for each typical variance is none.
const STATIONARY: f64 = 1e-5;

impl Component {
    /// How many levels an unstructured covariance has whose correlations constrain each other.
    fn unstructured(&self) -> Option<usize> {
        let inner = self.inner.as_ref()?;
        // One that is given as a whole is no longer searched.
        let is_searched = inner.structure == Structure::Un && inner.levels.len() > 2 && self.estimated() > 0;
        is_searched.then_some(inner.levels.len())
    }

    /// Whether its correlations bound each other.
    pub(super) fn is_bound(&self) -> bool {
        self.unstructured().is_some()
    }

    /// The correlations of an unstructured covariance as a matrix.
    fn correlations(&self, own: &[f64]) -> Option<Matrix> {
        let levels = self.unstructured()?;
        Some(correlation_matrix(levels, &own[levels..]))
    }

    /// The smallest eigenvalue of the correlations, where they are a matrix of their own.
    pub(super) fn least_eigenvalue(&self, own: &[f64]) -> Option<f64> {
        self.correlations(own)?.symmetric_eigen().0.first().copied()
    }
}

impl Likelihood<'_> {
    /// Whether correlations between −1 and 1 may be no correlations of any variables.
    pub fn has_cone(&self) -> bool {
        self.components.iter().any(|component| component.unstructured().is_some())
    }

    /// Whether the parameters are those of covariances.
    pub fn is_covariance(&self, parameters: &[f64]) -> bool {
        let fits = |(at, component): (usize, &Component)| {
            component.least_eigenvalue(self.own(at, parameters)).is_none_or(|least| least >= -ROUNDING)
        };
        self.components.iter().enumerate().all(fits)
    }
}

/// A matrix of correlations from those of (1,2), (1,3), …, (2,3), ….
pub(super) fn correlation_matrix(levels: usize, rho: &[f64]) -> Matrix {
    let mut matrix = Matrix::identity(levels);
    let mut next = rho.iter();
    for a in 0..levels {
        for b in a + 1..levels {
            let value = next.next().copied().unwrap_or(0.0);
            matrix[(a, b)] = value;
            matrix[(b, a)] = value;
        }
    }
    matrix
}

/// The place of an entry of L.
fn entry(row: usize, column: usize) -> usize {
    row * (row + 1) / 2 + column
}

/// L with LL′ = G, where G may be singular.
fn triangle(g: &Matrix) -> Matrix {
    let size = g.rows();
    let mut lower = Matrix::zeros(size, size);
    for j in 0..size {
        let rest = g[(j, j)] - (0..j).map(|k| lower[(j, k)].powi(2)).sum::<f64>();
        if rest <= 1e-14 * g[(j, j)] {
            continue;
        }
        lower[(j, j)] = rest.sqrt();
        for i in j + 1..size {
            let shared: f64 = (0..j).map(|k| lower[(i, k)] * lower[(j, k)]).sum();
            lower[(i, j)] = (g[(i, j)] - shared) / lower[(j, j)];
        }
    }
    lower
}

impl<'a> Cone<'a> {
    /// The search over everything, or with one parameter at a given value.
    pub fn new(likelihood: &'a Likelihood<'a>, ranges: &'a [Range], fixed: Option<(usize, f64)>) -> Self {
        let mut unstructured = Vec::new();
        let all = || (0..ranges.len()).filter(|&at| !ranges[at].is_given());
        let mut free: Vec<usize> = all().filter(|&at| fixed.is_none_or(|(which, _)| which != at)).collect();
        for (component, &offset) in likelihood.components.iter().zip(&likelihood.offsets) {
            let Some(levels) = component.unstructured() else { continue };
            let own = fixed.filter(|(which, _)| (offset..offset + component.parameters()).contains(which));
            let (first, held) = match own {
                None => (Vec::new(), Held::Nothing),
                Some((which, value)) if which < offset + levels => (vec![which - offset], Held::Deviation(value)),
                Some((which, value)) => (pair_at(levels, which - offset - levels), Held::Correlation(value)),
            };
            if own.is_some() {
                let gone = offset + if matches!(held, Held::Deviation(_)) { entry(0, 0) } else { entry(1, 1) };
                free = all().filter(|at| *at != gone).collect();
            }
            let rest = (0..levels).filter(|level| !first.contains(level));
            let order = first.iter().copied().chain(rest).collect();
            unstructured.push(Unstructured { offset, order, held });
        }
        Self { likelihood, ranges, fixed, unstructured, free }
    }

    /// The maximum near some parameters, which need not be those of covariances.
    pub fn maximise(&self, start: &[f64]) -> Result<InCone, MetaError> {
        let mut x = self.inside(start);
        let mut found = self.climb(&x)?;
        for _ in 0..4 {
            let Some(lifted) = self.lifted(&found.0) else { break };
            let next = self.climb(&lifted)?;
            if next.1.log_likelihood <= found.1.log_likelihood + 1e-9 {
                break;
            }
            found = next;
        }
        x.clone_from(&found.0);
        let slope = self.slope(&x, &found.1);
        let size = |at: usize| x[at].abs().max(0.1 * self.unit(at));
        let steepest = self.free.iter().fold(0.0f64, |most, &at| most.max((slope[at] * size(at)).abs()));
        let converged = steepest <= STATIONARY && self.lifted(&x).is_none();
        Ok(InCone { parameters: self.parameters(&x), state: found.1, converged })
    }

    /// The unit in which a number of x is searched, so that the search is the same in every unit of the effects: of L
    /// and of standard deviations a typical one, of angles 1.
    fn unit(&self, at: usize) -> f64 {
        let is_within = |of: &&Unstructured| {
            let levels = of.order.len();
            (of.offset..of.offset + levels * (levels + 1) / 2).contains(&at)
        };
        let of_l = self.unstructured.iter().find(is_within).map(|of| self.ranges[of.offset].start);
        let unit = of_l.unwrap_or_else(|| match self.ranges[at].is_correlation {
            true => 1.0,
            false => self.root(at, self.ranges[at].start),
        });
        if unit > 0.0 && unit.is_finite() { unit } else { 1.0 }
    }

    fn climb(&self, start: &[f64]) -> Result<(Vec<f64>, State), MetaError> {
        let units: Vec<f64> = self.free.iter().map(|&at| self.unit(at)).collect();
        let whole = |free: &[f64]| {
            let mut x = start.to_vec();
            self.free.iter().zip(free).zip(&units).for_each(|((&at, value), unit)| x[at] = value * unit);
            x
        };
        // The slope is asked for where the value was found last.
        let last: RefCell<Option<(Vec<f64>, State)>> = RefCell::new(None);
        let value = |free: &[f64]| {
            let state = self.likelihood.at(&self.parameters(&whole(free)));
            let value = state.as_ref().map_or(f64::INFINITY, |state| -state.log_likelihood);
            *last.borrow_mut() = state.map(|state| (free.to_vec(), state));
            value
        };
        let slope = |free: &[f64]| {
            let x = whole(free);
            let known = last.borrow_mut().take().filter(|(at, _)| at == free).map(|(_, state)| state);
            let state = known.or_else(|| self.likelihood.at(&self.parameters(&x)));
            let all = state.map_or(vec![0.0; x.len()], |state| self.slope(&x, &state));
            self.free.iter().zip(&units).map(|(&at, unit)| -all[at] * unit).collect::<Vec<f64>>()
        };
        let scaled = self.free.iter().zip(&units).map(|(&at, unit)| start[at] / unit).collect();
        let x = whole(&descend(value, slope, scaled).at);
        let state = self.likelihood.at(&self.parameters(&x));
        let singular = || MetaError::Option("the covariance matrix of the effects is not positive definite".to_owned());
        Ok((x, state.ok_or_else(singular)?))
    }

    /// x from parameters, drawn in where they are those of no covariance or at a standstill.
    fn inside(&self, parameters: &[f64]) -> Vec<f64> {
        let one = |(at, value): (usize, &f64)| {
            let range = self.ranges[at];
            if range.is_given() {
                return range.start;
            }
            if range.is_correlation {
                let (low, width) = (range.lower, range.upper - range.lower);
                let share = ((value - low) / width).clamp(0.5 * AWAKE, 1.0 - 0.5 * AWAKE);
                return (2.0 * share - 1.0).asin();
            }
            self.root(at, value.max(0.01 * range.start))
        };
        let mut x: Vec<f64> = parameters.iter().enumerate().map(one).collect();
        for of in &self.unstructured {
            let levels = of.order.len();
            let own = &parameters[of.offset..];
            let deviation = |level: usize| match of.held {
                Held::Deviation(value) if level == of.order[0] => value,
                _ => own[level].max(0.1 * self.ranges[of.offset + level].start),
            };
            let given = correlation_matrix(levels, &own[levels..levels + levels * (levels - 1) / 2]);
            let mut plain = Matrix::identity(levels);
            if let Held::Correlation(value) = of.held {
                plain[(of.order[0], of.order[1])] = value;
                plain[(of.order[1], of.order[0])] = value;
            }
            let mixed = |share: f64| given.scaled(1.0 - share).plus(&plain.scaled(share));
            let is_inside = |matrix: &Matrix| matrix.symmetric_eigen().0.first().is_some_and(|least| *least >= -1e-12);
            let r = (1..20).map(|step| mixed(AWAKE * f64::from(step))).find(is_inside).unwrap_or(plain.clone());
            let g = Matrix::from_fn(levels, levels, |a, b| {
                let (a, b) = (of.order[a], of.order[b]);
                r[(a, b)] * deviation(a) * deviation(b)
            });
            self.enter(of, &triangle(&g), &mut x);
        }
        x
    }

    /// Writes L into x.
    fn enter(&self, of: &Unstructured, lower: &Matrix, x: &mut [f64]) {
        for row in 0..lower.rows() {
            (0..=row).for_each(|column| x[of.offset + entry(row, column)] = lower[(row, column)]);
        }
        if let Held::Correlation(_) = of.held {
            // The second row is its length.
            x[of.offset + entry(1, 0)] = lower[(1, 0)].hypot(lower[(1, 1)]);
        }
    }

    /// What is squared, or taken without its sign, to make a parameter that is no correlation.
    fn root(&self, at: usize, value: f64) -> f64 {
        if self.is_deviation(at) { value } else { value.sqrt() }
    }

    fn is_deviation(&self, at: usize) -> bool {
        let component = self.likelihood.offsets.partition_point(|offset| *offset <= at) - 1;
        self.likelihood.components[component].has_deviations()
    }

    /// A parameter of another structure from its x, with the derivative.
    fn plain(&self, at: usize, x: f64) -> (f64, f64) {
        if let Some((_, value)) = self.fixed.filter(|(which, _)| *which == at) {
            return (value, 0.0);
        }
        let range = self.ranges[at];
        if range.is_given() {
            return (range.start, 0.0);
        }
        if range.is_correlation {
            let half = 0.5 * (range.upper - range.lower);
            return (range.lower + half * (1.0 + x.sin()), half * x.cos());
        }
        if self.is_deviation(at) { (x.abs(), x.signum()) } else { (x * x, 2.0 * x) }
    }

    fn lower(of: &Unstructured, x: &[f64]) -> Matrix {
        let size = of.order.len();
        let mut lower =
            Matrix::from_fn(
                size,
                size,
                |row, column| {
                    if column <= row { x[of.offset + entry(row, column)] } else { 0.0 }
                },
            );
        match of.held {
            Held::Nothing => {}
            Held::Deviation(value) => lower[(0, 0)] = value,
            Held::Correlation(rho) => {
                let length = x[of.offset + entry(1, 0)];
                let sign = if lower[(0, 0)] < 0.0 { -1.0 } else { 1.0 };
                lower[(1, 0)] = sign * rho * length;
                lower[(1, 1)] = (1.0 - rho * rho).max(0.0).sqrt() * length;
            }
        }
        lower
    }

    /// Parameters from x.
    fn parameters(&self, x: &[f64]) -> Vec<f64> {
        let mut parameters: Vec<f64> = x.iter().enumerate().map(|(at, x)| self.plain(at, *x).0).collect();
        for of in &self.unstructured {
            let (lower, levels) = (Self::lower(of, x), of.order.len());
            let mut place = vec![0; levels];
            of.order.iter().enumerate().for_each(|(row, level)| place[*level] = row);
            let g = lower.times(&lower.transposed());
            let deviation: Vec<f64> = place.iter().map(|&row| g[(row, row)].sqrt()).collect();
            parameters[of.offset..of.offset + levels].copy_from_slice(&deviation);
            let mut at = of.offset + levels;
            for a in 0..levels {
                for b in a + 1..levels {
                    let product = deviation[a] * deviation[b];
                    let rho = if product > 0.0 { g[(place[a], place[b])] / product } else { 0.0 };
                    parameters[at] = rho.clamp(-1.0, 1.0);
                    at += 1;
                }
            }
        }
        if let Some((which, value)) = self.fixed {
            parameters[which] = value;
        }
        parameters
    }

    /// The derivatives of the log-likelihood by x. With W = ½(pp′ − P), where p = M⁻¹(y − Xb), those by G are the
    /// sums S of W over the rows of each pair of levels in a group, and those by L are 2SL.
    fn slope(&self, x: &[f64], state: &State) -> Vec<f64> {
        let (weights, parameters) = (self.likelihood.pulls(state), self.parameters(x));
        let mut slope = vec![0.0; x.len()];
        for (at, component) in self.likelihood.components.iter().enumerate() {
            let offset = self.likelihood.offsets[at];
            if let Some(of) = self.unstructured.iter().find(|of| of.offset == offset) {
                let lower = Self::lower(of, x);
                let by_lower = self.by_covariance(component, of, &weights).times(&lower).scaled(2.0);
                for row in 0..lower.rows() {
                    (0..=row).for_each(|column| slope[offset + entry(row, column)] = by_lower[(row, column)]);
                }
                if let Held::Correlation(rho) = of.held {
                    let sign = if lower[(0, 0)] < 0.0 { -1.0 } else { 1.0 };
                    let rest = (1.0 - rho * rho).max(0.0).sqrt();
                    slope[offset + entry(1, 0)] = sign * rho * by_lower[(1, 0)] + rest * by_lower[(1, 1)];
                }
                continue;
            }
            let own = self.likelihood.own(at, &parameters);
            for which in 0..own.len() {
                let derivative = |i: usize, j: usize| component.derivative(own, which, i, j);
                slope[offset + which] =
                    self.likelihood.contracted(&weights, derivative) * self.plain(offset + which, x[offset + which]).1;
            }
        }
        slope
    }

    /// S, the derivatives by the entries of G, with the levels in the order of L.
    fn by_covariance(&self, component: &Component, of: &Unstructured, weights: &[Matrix]) -> Matrix {
        let size = of.order.len();
        let mut place = vec![0; size];
        of.order.iter().enumerate().for_each(|(row, level)| place[*level] = row);
        let mut sums = Matrix::zeros(size, size);
        let Some(inner) = &component.inner else { return sums };
        for (block, weight) in self.likelihood.blocks.iter().zip(weights) {
            let rows = &block.rows;
            for (a, &i) in rows.iter().enumerate() {
                for (b, &j) in rows.iter().enumerate() {
                    if component.groups[i] == component.groups[j] {
                        sums[(place[inner.values[i]], place[inner.values[j]])] += weight[(a, b)];
                    }
                }
            }
        }
        sums
    }

    /// x with a new direction in a singular G along which the likelihood rises; none where there is no such
    /// direction: a column of L that is 0 stays so by itself.
    fn lifted(&self, x: &[f64]) -> Option<Vec<f64>> {
        let state = self.likelihood.at(&self.parameters(x))?;
        let weights = self.likelihood.pulls(&state);
        for (at, component) in self.likelihood.components.iter().enumerate() {
            let found = self.unstructured.iter().find(|of| of.offset == self.likelihood.offsets[at]);
            let Some(of) = found.filter(|of| of.held == Held::Nothing) else { continue };
            let lower = Self::lower(of, x);
            let g = lower.times(&lower.transposed());
            let slopes = self.by_covariance(component, of, &weights);
            let typical = (0..g.rows()).map(|row| self.ranges[of.offset + row].start.powi(2)).fold(0.0, f64::max);
            let (values, vectors) = g.symmetric_eigen();
            let null: Vec<usize> = (0..g.rows()).filter(|&at| values[at] <= 1e-7 * typical.max(g.trace())).collect();
            if null.is_empty() {
                continue;
            }
            let basis = Matrix::from_fn(g.rows(), null.len(), |row, column| vectors[(row, null[column])]);
            let (rises, along) = basis.transposed().times(&slopes).times(&basis).symmetric_eigen();
            let steepest = *rises.last()?;
            if steepest * typical > STATIONARY {
                let direction =
                    basis.times_vector(&(0..null.len()).map(|row| along[(row, null.len() - 1)]).collect::<Vec<f64>>());
                let step = 0.01 * typical;
                let risen = Matrix::from_fn(g.rows(), g.rows(), |a, b| g[(a, b)] + step * direction[a] * direction[b]);
                let mut lifted = x.to_vec();
                self.enter(of, &triangle(&risen), &mut lifted);
                return Some(lifted);
            }
        }
        None
    }
}

/// The levels of a correlation, by its place.
fn pair_at(levels: usize, place: usize) -> Vec<usize> {
    let mut all = (0..levels).flat_map(|a| (a + 1..levels).map(move |b| vec![a, b]));
    all.nth(place).unwrap_or_default()
}
