//! The minimum of the criterion over θ.
//!
//! θ is free, without bounds: λ and λ with a column turned round give the same covariance. A variance
//! of 0 is then a stationary point, approached as the square root, and whether it is a minimum is read
//! off the second derivative there.

use super::kernel::Kernel;
use super::pieces::Profiled;
use super::problem::Problem;
use super::starts::{MOST_FOR_GRID, best_of_several};
use crate::mixed::result::Step;
use crate::numeric::matrix::{Cholesky, Matrix, dot};
use crate::numeric::minimum::{curvature_along, update_inverse};

/// Where the search ended.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub theta: Vec<f64>,
    pub criterion: f64,
    /// The entries of θ that belong to a column of λ that is 0.
    pub fixed: Vec<bool>,
    /// Second derivatives there.
    pub curvature: Curvature,
    pub converged: bool,
    /// Whether there is a direction in which the criterion does not change: the data do not determine θ.
    pub flat: bool,
    pub history: Vec<Step>,
}

const MOST_STEPS: usize = 300;
/// A criterion of logarithms of determinants that changes no more than this in a direction says nothing of it.
const FLAT: f64 = 1e-6;
/// The same where θ is large, whose derivatives by its logarithm have lost digits.
const MOST_UNSEEN: f64 = 1e-2;
/// A diagonal of λ below this is 0 where the criterion does not notice, and at the end one below the other where it is
/// flat there.
const AT_ZERO: f64 = 1e-5;
const BESIDE_ZERO: f64 = 1e-2;
/// The same where it is not flat: what a criterion loses by the fourth power of this is nothing.
const NEARER: f64 = 3e-3;
/// What another step may promise at the end of a search, where Newton's steps cost little beside the rest, and
/// where they are dear.
const NEAR: f64 = 1e-10;
const THERE: f64 = 1e-13;

/// Searches from the start that the standardisation suggests, or from a given θ; `fine` asks for second
/// derivatives that are good for more than the last steps.
pub(super) fn search(kernel: &mut Kernel, problem: &Problem, start: Option<&[f64]>, fine: bool) -> Found {
    let is_first = start.is_none();
    let diagonal = |place: &super::problem::Place| if place.row == place.column { 1.0 } else { 0.0 };
    let identity: Vec<f64> = problem.places.iter().map(diagonal).collect();
    let mut start = start.map_or_else(|| approach(kernel, problem, identity.clone()), <[f64]>::to_vec);
    // What the criterion says nothing of stays at the size of the residuals.
    (0..start.len()).filter(|&at| kernel.lost[at]).for_each(|at| start[at] = identity[at]);
    let enough = if kernel.is_dear() { THERE } else { NEAR };
    let mut history = Vec::new();
    let mut fixed = vec![false; problem.places.len()];
    let mut theta = descend(kernel, problem, start, &fixed, enough, &mut history);
    settle(kernel, problem, &mut theta, &mut fixed);
    let mut curvature = newton(kernel, problem, &mut theta, &fixed, fine);
    // A column of λ that nearly vanishes is tried at 0; a saddle is left.
    for _ in 0..6 {
        if !settle(kernel, problem, &mut theta, &mut fixed) {
            let Some(better) = downhill(kernel, problem, &theta, &fixed) else { break };
            fixed.fill(false);
            theta = descend(kernel, problem, better, &fixed, enough, &mut history);
        }
        curvature = newton(kernel, problem, &mut theta, &fixed, fine);
    }
    upright(problem, &mut theta, &mut curvature);
    let found = finish(kernel, problem, theta, fixed, curvature, history);
    let found = levelled(kernel, problem, found);
    if is_first && problem.n <= MOST_FOR_GRID { best_of_several(kernel, problem, found, fine) } else { found }
}

/// The same minimum with small columns of λ at 0, where the criterion does not notice: one that rises by the fourth
/// power there, as where all groups begin at one value, lets a search stop beside 0, more or less far from it by its
/// units.
fn levelled(kernel: &mut Kernel, problem: &Problem, found: Found) -> Found {
    let (theta, zero) = canonical(problem, &found.theta, if found.flat { BESIDE_ZERO } else { NEARER });
    let at_zero = kernel.criterion(problem, &theta);
    let more = zero.iter().zip(&found.fixed).any(|(zero, fixed)| *zero && !fixed);
    if more && at_zero <= found.criterion + 1e-9 * (1.0 + found.criterion.abs()) {
        let curvature = Curvature::at(kernel, problem, &theta, &zero, false);
        let level = finish(kernel, problem, theta, zero, curvature, found.history.clone());
        if level.converged {
            return level;
        }
    }
    kernel.criterion(problem, &found.theta);
    found
}

/// The size of the largest number.
fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0f64, |most, value| most.max(value.abs()))
}

/// θ with no diagonal below a size, since every slope vanishes at 0: where a search may begin.
pub(super) fn awake(problem: &Problem, theta: &[f64], least: f64) -> Vec<f64> {
    let lift = |(place, value): (&super::problem::Place, &f64)| {
        if place.row == place.column && value.abs() < least { least } else { *value }
    };
    problem.places.iter().zip(theta).map(lift).collect()
}

/// Some steps towards the maximum for terms of one effect, each variance by what its effects' squares and
/// their degrees of freedom make of it; only where an evaluation is dear.
///
/// Source: Schall (1991), Biometrika 78:719, equation 4.
fn approach(kernel: &mut Kernel, problem: &Problem, mut theta: Vec<f64>) -> Vec<f64> {
    if !kernel.is_dear() {
        return theta;
    }
    let alone = |place: &super::problem::Place| {
        place.row == place.column && !problem.places.iter().any(|of| of.factor == place.factor && of.row != of.column)
    };
    let degrees = Profiled::degrees(problem, kernel.likelihood);
    for _ in 0..6 {
        if !kernel.criterion(problem, &theta).is_finite() {
            break;
        }
        let mut furthest = 0.0f64;
        for at in (0..theta.len()).filter(|&at| alone(&problem.places[at])) {
            let (log, r2) = kernel.slopes(at);
            let ratio = -degrees * r2 / (kernel.profiled.r2 * log);
            if ratio.is_finite() && ratio > 0.0 {
                let by = ratio.sqrt().clamp(0.1, 10.0);
                furthest = furthest.max(by.ln().abs());
                theta[at] *= by;
            }
        }
        if furthest < 0.2 {
            break;
        }
    }
    theta
}

fn finish(
    kernel: &mut Kernel,
    problem: &Problem,
    theta: Vec<f64>,
    fixed: Vec<bool>,
    curvature: Curvature,
    mut history: Vec<Step>,
) -> Found {
    let criterion = kernel.criterion(problem, &theta);
    let hessian = curvature.profiled(kernel.profiled.r2, Profiled::degrees(problem, kernel.likelihood));
    let slope = largest(&free(&kernel.profiled.gradient, &fixed));
    let positions: Vec<usize> = (0..theta.len()).filter(|&at| !fixed[at]).collect();
    let curved = positions.is_empty() || hessian.part(&positions).cholesky().is_some();
    let is_level = slope <= 1e-5 * (1.0 + criterion.abs().sqrt());
    // Differences of first derivatives lose digits as θ grows, and keep enough of them to tell a level from a slope.
    let unseen = (FLAT * largest(&theta).powi(2)).clamp(FLAT, MOST_UNSEEN);
    let is_loose = problem.has_loose_term(&fixed);
    let flat = is_level && (is_loose || least_curvature(&hessian, &theta, &positions) <= unseen);
    let converged = criterion.is_finite() && curved && !flat && is_level;
    history.push(Step { evaluations: kernel.evaluations, criterion, gradient: slope });
    Found { theta, criterion, fixed, curvature, converged, flat, history }
}

/// The smallest second derivative of the criterion in any direction, by entries of θ or, where these are above 1, by
/// their logarithms.
fn least_curvature(hessian: &Matrix, theta: &[f64], positions: &[usize]) -> f64 {
    if positions.is_empty() {
        return f64::INFINITY;
    }
    let size = |at: usize| theta[positions[at]].abs().max(1.0);
    let of = |i: usize, j: usize| hessian[(positions[i], positions[j])] * size(i) * size(j);
    let (values, _) = Matrix::from_fn(positions.len(), positions.len(), of).symmetric_eigen();
    values.first().map_or(f64::INFINITY, |least| least.abs())
}

/// Sets columns to 0 where the criterion does not notice; whether there are more of them now.
fn settle(kernel: &mut Kernel, problem: &Problem, theta: &mut Vec<f64>, fixed: &mut Vec<bool>) -> bool {
    let (canonical, zero) = canonical(problem, theta, AT_ZERO);
    if zero == *fixed {
        return false;
    }
    let before = kernel.criterion(problem, theta);
    let at_zero = kernel.criterion(problem, &canonical);
    let accepted = at_zero <= before + 1e-9 * (1.0 + before.abs());
    if accepted {
        (*theta, *fixed) = (canonical, zero);
    }
    accepted
}

fn free(values: &[f64], fixed: &[bool]) -> Vec<f64> {
    values.iter().zip(fixed).map(|(value, fixed)| if *fixed { 0.0 } else { *value }).collect()
}

/// Descends over θ with the entries that are fixed held at 0.
pub(super) fn descend(
    kernel: &mut Kernel,
    problem: &Problem,
    start: Vec<f64>,
    fixed: &[bool],
    enough: f64,
    history: &mut Vec<Step>,
) -> Vec<f64> {
    // The search finds this evaluation again, and counts it.
    let evaluated = kernel.evaluations;
    kernel.criterion(problem, &start);
    let first = kernel.rough_curvature(problem);
    let still: Vec<bool> = fixed.iter().zip(&kernel.lost).map(|(fixed, lost)| *fixed || *lost).collect();
    let first = first.and_then(|curvature| inverse_of_free(&curvature, &still));
    let mut objective = |x: &[f64], slope: &mut [f64]| {
        let value = kernel.criterion(problem, x);
        slope.copy_from_slice(&free(&kernel.profiled.gradient, fixed));
        value
    };
    bfgs(&mut objective, start, first, enough, &mut |evaluations, criterion, gradient| {
        history.push(Step { evaluations: evaluated + evaluations, criterion, gradient });
    })
    .0
}

/// A light search from a start that is near, for refits that need no second derivatives.
pub(super) fn search_lightly(kernel: &mut Kernel, problem: &Problem, start: &[f64]) -> Vec<f64> {
    let mut fixed = vec![false; start.len()];
    let mut theta = descend(kernel, problem, start.to_vec(), &fixed, NEAR, &mut Vec::new());
    if settle(kernel, problem, &mut theta, &mut fixed) {
        theta = descend(kernel, problem, theta, &fixed, NEAR, &mut Vec::new());
    }
    kernel.criterion(problem, &theta);
    theta
}

/// The inverse over the entries that are free, if it is positive definite.
fn inverse_of_free(curvature: &Matrix, fixed: &[bool]) -> Option<Matrix> {
    let positions: Vec<usize> = (0..fixed.len()).filter(|&at| !fixed[at]).collect();
    let inverse = curvature.part(&positions).cholesky()?.inverse();
    let mut whole = Matrix::identity(fixed.len());
    for (i, &row) in positions.iter().enumerate() {
        positions.iter().enumerate().for_each(|(j, &column)| whole[(row, column)] = inverse[(i, j)]);
    }
    Some(whole)
}

/// Steps of BFGS with halving, until a step promises less than `enough`; where it ended, and the value.
/// It begins with the inverse of second derivatives where some are known. The objective writes its gradient into
/// room that is there already: [`crate::numeric::minimum::descend`] is for functions whose evaluation costs more
/// than that.
///
/// Source: Nocedal & Wright (2006), Numerical Optimization, algorithm 6.1.
pub(super) fn bfgs(
    objective: &mut dyn FnMut(&[f64], &mut [f64]) -> f64,
    start: Vec<f64>,
    inverse: Option<Matrix>,
    enough: f64,
    report: &mut dyn FnMut(usize, f64, f64),
) -> (Vec<f64>, f64) {
    let m = start.len();
    let mut x = start;
    let mut slope = vec![0.0; m];
    let mut next_slope = vec![0.0; m];
    let mut value = objective(&x, &mut slope);
    let mut evaluations = 1;
    let mut is_first = inverse.is_none();
    let mut inverse = inverse.unwrap_or_else(|| Matrix::identity(m));
    for _ in 0..MOST_STEPS {
        let steepest = largest(&slope);
        report(evaluations, value, steepest);
        let mut direction: Vec<f64> = (0..m).map(|row| -dot(inverse.row(row), &slope)).collect();
        let mut fall = dot(&direction, &slope);
        if fall.is_nan() || fall >= 0.0 {
            inverse = Matrix::identity(m);
            direction = slope.iter().map(|g| -g).collect();
            fall = dot(&direction, &slope);
            is_first = true;
        }
        if -fall <= enough || !value.is_finite() {
            break;
        }
        let longest = largest(&direction);
        // Where θ is large already, a step may double it.
        let furthest = largest(&x).max(4.0);
        let mut step = if is_first { (0.5 / longest).min(1.0) } else { (furthest / longest).min(1.0) };
        // Falls that rounding may hide.
        let hidden = 1e-14 * (1.0 + value.abs());
        let mut taken = None;
        for _ in 0..40 {
            let next: Vec<f64> = x.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
            let lower = objective(&next, &mut next_slope);
            evaluations += 1;
            if lower <= value + 1e-4 * step * fall + hidden {
                let flatter = || largest(&next_slope) < steepest;
                if -fall > hidden || flatter() {
                    taken = Some((next, lower));
                }
                break;
            }
            // The minimum of the parabola through both values, kept within reason.
            let parabola = -0.5 * fall * step * step / (lower - value - fall * step);
            step = if parabola.is_finite() { parabola.clamp(0.1 * step, 0.5 * step) } else { 0.1 * step };
        }
        let Some((next, lower)) = taken else { break };
        let s: Vec<f64> = next.iter().zip(&x).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = next_slope.iter().zip(&slope).map(|(a, b)| a - b).collect();
        if let Some(sy) = curvature_along(&s, &y).filter(|_| is_first) {
            inverse = Matrix::identity(m).scaled(sy / dot(&y, &y));
        }
        update_inverse(&mut inverse, &s, &y);
        is_first = false;
        (x, value) = (next, lower);
        slope.copy_from_slice(&next_slope);
    }
    (x, value)
}

/// Newton's steps with exact gradients until they no longer help; second derivatives at the end.
fn newton(kernel: &mut Kernel, problem: &Problem, x: &mut Vec<f64>, fixed: &[bool], fine: bool) -> Curvature {
    let positions: Vec<usize> = (0..x.len()).filter(|&at| !fixed[at] && !kernel.lost[at]).collect();
    let degrees = Profiled::degrees(problem, kernel.likelihood);
    let mut curvature = Curvature::at(kernel, problem, x, fixed, !fine);
    for _ in 0..6 {
        let hessian = curvature.profiled(kernel.profiled.r2, degrees).part(&positions);
        let moved = hessian.cholesky().map_or(0.0, |factor| steps(kernel, problem, x, &positions, &factor));
        // Degrees of freedom are made of these derivatives, and need them at the minimum itself.
        if moved <= if fine { 1e-8 } else { 1e-5 } {
            break;
        }
        curvature = Curvature::at(kernel, problem, x, fixed, !fine);
    }
    curvature
}

/// Steps with the same second derivatives; how far they went. The kernel is left at the end of them.
fn steps(kernel: &mut Kernel, problem: &Problem, x: &mut Vec<f64>, positions: &[usize], factor: &Cholesky) -> f64 {
    let mut value = kernel.profiled.criterion;
    let mut slope: Vec<f64> = positions.iter().map(|&at| kernel.profiled.gradient[at]).collect();
    let mut moved = 0.0;
    for _ in 0..6 {
        if largest(&slope) <= 1e-11 * (1.0 + value.abs()) {
            break;
        }
        let mut step = factor.solve(&slope);
        if dot(&step, &slope) <= 0.1 * THERE {
            break;
        }
        let longest = largest(&step);
        let furthest = (0.1 * largest(x)).max(0.5);
        if longest > furthest {
            step.iter_mut().for_each(|d| *d *= furthest / longest);
        }
        let mut next = x.clone();
        positions.iter().zip(&step).for_each(|(&at, d)| next[at] -= d);
        let lower = kernel.criterion(problem, &next);
        let next_slope: Vec<f64> = positions.iter().map(|&at| kernel.profiled.gradient[at]).collect();
        // Rounding may hide the last falls.
        let rises = lower.is_nan() || lower > value + 1e-12 * (1.0 + value.abs());
        if rises || (largest(&next_slope) >= largest(&slope) && lower >= value) {
            kernel.criterion(problem, x);
            break;
        }
        moved += longest.min(furthest);
        *x = next;
        (value, slope) = (lower, next_slope);
    }
    moved
}

/// Second derivatives of the parts of the criterion by the entries of θ that are not fixed; the others
/// have 0.
#[derive(Clone, Debug)]
pub(super) struct Curvature {
    /// Of the logarithms of determinants.
    pub log_det: Matrix,
    /// Of the penalised residual sum of squares.
    pub r2: Matrix,
    /// Its first derivatives.
    pub slope: Vec<f64>,
}

impl Curvature {
    /// As differences of exact first derivatives: over short steps where evaluations are dear, and otherwise of
    /// the fourth order over longer ones. Where they only guide a step, coarser ones do.
    pub fn at(kernel: &mut Kernel, problem: &Problem, x: &[f64], fixed: &[bool], guide: bool) -> Self {
        let m = x.len();
        let positions: Vec<usize> = (0..m).filter(|&at| !fixed[at]).collect();
        let mut all = Self { log_det: Matrix::zeros(m, m), r2: Matrix::zeros(m, m), slope: vec![0.0; m] };
        kernel.criterion(problem, x);
        let kept = kernel.keep();
        let here: Vec<(f64, f64)> = (0..m).map(|j| kernel.slopes(j)).collect();
        positions.iter().for_each(|&j| all.slope[j] = here[j].1);
        let (length, stencil): (f64, &[(f64, f64)]) = match (guide, kernel.is_dear()) {
            (true, true) => (1e-3, &[(1.0, 12.0)]),
            (true, false) => (1e-3, &[(1.0, 6.0), (-1.0, -6.0)]),
            // What is left out is of the order of the squared length; rounding adds less.
            (false, true) => (1e-4, &[(1.0, 6.0), (-1.0, -6.0)]),
            (false, false) => (1e-3, &[(1.0, 8.0), (-1.0, -8.0), (2.0, -1.0), (-2.0, 1.0)]),
        };
        let total: f64 = stencil.iter().map(|(_, weight)| weight).sum();
        let mut at = x.to_vec();
        for &i in &positions {
            let step = length * x[i].abs().max(0.03);
            for &j in &positions {
                all.add(i, j, -total / (24.0 * step), here[j]);
            }
            for (by, weight) in stencil {
                at[i] = x[i] + by * step;
                kernel.criterion(problem, &at);
                for &j in &positions {
                    all.add(i, j, weight / (24.0 * step), kernel.slopes(j));
                }
            }
            at[i] = x[i];
        }
        kernel.put_back(kept);
        all
    }

    fn add(&mut self, i: usize, j: usize, weight: f64, (log, r2): (f64, f64)) {
        for (matrix, slope) in [(&mut self.log_det, log), (&mut self.r2, r2)] {
            matrix[(i, j)] += weight * slope;
            matrix[(j, i)] += weight * slope;
        }
    }

    /// Second derivatives of the criterion with σ profiled out.
    pub fn profiled(&self, r2: f64, degrees: f64) -> Matrix {
        let m = self.slope.len();
        let of = |i: usize, j: usize| {
            let crossed = self.slope[i] * self.slope[j] / r2;
            self.log_det[(i, j)] + degrees * (self.r2[(i, j)] - crossed) / r2
        };
        Matrix::from_fn(m, m, of)
    }
}

/// λ of every factor as the lower triangle that represents it, with columns that nearly vanish at 0,
/// and which entries of θ they hold.
fn canonical(problem: &Problem, theta: &[f64], least: f64) -> (Vec<f64>, Vec<bool>) {
    let mut theta = theta.to_vec();
    let mut zero = vec![false; theta.len()];
    for term in &problem.terms {
        let own = |at: &super::problem::Place| {
            at.factor == term.factor && at.row >= term.start && at.row < term.start + term.k
        };
        let mut lambda = Matrix::zeros(term.k, term.k);
        for (place, value) in problem.places.iter().zip(&theta).filter(|(place, _)| own(place)) {
            lambda[(place.row - term.start, place.column - term.start)] = *value;
        }
        let dead = vanishing(&mut lambda, least);
        for (at, place) in problem.places.iter().enumerate().filter(|(_, place)| own(place)) {
            theta[at] = lambda[(place.row - term.start, place.column - term.start)];
            zero[at] = dead[place.column - term.start];
        }
    }
    (theta, zero)
}

/// Sets columns to 0 whose diagonal is small beside its row or beside 1; what stood below the diagonal
/// moves into the columns after it, so that λλ' hardly changes. Which columns they are.
fn vanishing(lambda: &mut Matrix, least: f64) -> Vec<bool> {
    let k = lambda.rows();
    let mut dead = vec![false; k];
    for column in 0..k {
        let row_size = (0..=column).map(|at| lambda[(column, at)].powi(2)).sum::<f64>().sqrt();
        let diagonal = lambda[(column, column)].abs();
        if diagonal > 1e-3 * row_size.max(1e-3) && diagonal > least || (diagonal > least.max(2e-3) && column == 0) {
            continue;
        }
        dead[column] = true;
        lambda[(column, column)] = 0.0;
        // The rest of this column is turned into the next one, row by row of its triangle.
        let mut rest = Matrix::zeros(k, k + 1);
        for row in column + 1..k {
            for at in column + 1..k {
                rest[(row, at)] = lambda[(row, at)];
            }
            rest[(row, k)] = lambda[(row, column)];
            lambda[(row, column)] = 0.0;
        }
        for row in column + 1..k {
            let (x, y) = (rest[(row, row)], rest[(row, k)]);
            let length = x.hypot(y);
            if length == 0.0 {
                continue;
            }
            let (c, s) = (x / length, y / length);
            for at in row..k {
                let (u, v) = (rest[(at, row)], rest[(at, k)]);
                (rest[(at, row)], rest[(at, k)]) = (c * u + s * v, c * v - s * u);
            }
        }
        for row in column + 1..k {
            for at in column + 1..=row {
                lambda[(row, at)] = rest[(row, at)];
            }
        }
    }
    dead
}

/// A point below, where a column at 0 is no minimum: its second derivative there is negative.
fn downhill(kernel: &mut Kernel, problem: &Problem, theta: &[f64], fixed: &[bool]) -> Option<Vec<f64>> {
    let value = kernel.criterion(problem, theta);
    for (at, place) in problem.places.iter().enumerate() {
        if !fixed[at] || place.row != place.column {
            continue;
        }
        // All directions of the column: its entries from the diagonal down.
        let column: Vec<usize> = (0..theta.len())
            .filter(|&other| {
                fixed[other]
                    && problem.places[other].factor == place.factor
                    && problem.places[other].column == place.column
            })
            .collect();
        let step = 1e-3;
        let mut curvature = Matrix::zeros(column.len(), column.len());
        for (i, &moved) in column.iter().enumerate() {
            let mut x = theta.to_vec();
            x[moved] = step;
            kernel.criterion(problem, &x);
            for (j, &other) in column.iter().enumerate() {
                curvature[(i, j)] += 0.5 * kernel.profiled.gradient[other] / step;
                curvature[(j, i)] += 0.5 * kernel.profiled.gradient[other] / step;
            }
        }
        let (values, vectors) = curvature.symmetric_eigen();
        if values.first().is_some_and(|lowest| *lowest < -1e-6) {
            for length in [0.3, 0.1, 0.03, 0.01] {
                let mut x = theta.to_vec();
                column.iter().enumerate().for_each(|(i, &moved)| x[moved] = length * vectors[(i, 0)]);
                if kernel.criterion(problem, &x) < value - 1e-9 * (1.0 + value.abs()) {
                    return Some(x);
                }
            }
        }
    }
    None
}

/// Turns columns of λ round so that diagonals are not negative, and derivatives with them.
fn upright(problem: &Problem, theta: &mut [f64], curvature: &mut Curvature) {
    let m = theta.len();
    let turned: Vec<f64> = (0..m)
        .map(|at| {
            let place = problem.places[at];
            let diagonal = (0..m).find(|&other| {
                let of = problem.places[other];
                of.factor == place.factor && of.row == place.column && of.column == place.column
            });
            if diagonal.is_some_and(|diagonal| theta[diagonal] < 0.0) { -1.0 } else { 1.0 }
        })
        .collect();
    theta.iter_mut().zip(&turned).for_each(|(value, sign)| *value *= sign);
    curvature.slope.iter_mut().zip(&turned).for_each(|(value, sign)| *value *= sign);
    for i in 0..m {
        for j in 0..m {
            curvature.log_det[(i, j)] *= turned[i] * turned[j];
            curvature.r2[(i, j)] *= turned[i] * turned[j];
        }
    }
}
