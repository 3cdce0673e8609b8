//! The search over θ, β and the dispersion together: quasi-Newton steps, then Newton's.

use super::super::result::Step;
use super::gradient::Evaluation;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::minimum::update_inverse;
use crate::numeric::parallel::in_parallel;

/// f and its gradient as a function of the parameters; none outside of where it is defined.
pub(super) trait Objective: Clone + Sync {
    /// Evaluates f. Evaluations may start from where the last one ended.
    fn evaluate(&mut self, at: &[f64]) -> Option<Evaluation>;

    /// How far rounding moves f.
    fn rounding(&self) -> f64;

    /// Whether an evaluation takes so long that threads pay.
    fn is_large(&self) -> bool;
}

/// Where the search ended.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub at: Vec<f64>,
    pub value: f64,
    pub hessian: Matrix,
    pub converged: bool,
    pub history: Vec<Step>,
}

/// Where a search for the value alone ended.
#[derive(Clone, Debug)]
pub(super) struct Lowest {
    pub at: Vec<f64>,
    pub value: f64,
    /// About the inverse of the second derivatives among the free parameters.
    pub inverse: Matrix,
}

/// A fall that is worth second derivatives of where a search stands.
const WORTH_ANOTHER: f64 = 1e-6;

/// A step may go so far, and where a parameter is large already, by so large a share of it.
const LONGEST: f64 = 5.0;
const LARGEST_SHARE: f64 = 0.5;

/// More steps than these are not taken.
const MOST_STEPS: usize = 300;

/// A minimum near `start`, over the parameters that are free.
///
/// The first second derivatives are differences of gradients; BFGS keeps them up to date (Nocedal & Wright
/// 2006, Numerical Optimization, algorithm 6.1), and at the end Newton's steps use differences of the
/// exact gradient again.
pub(super) fn search<O: Objective>(objective: &mut O, start: &[f64], free: &[bool]) -> Option<Found> {
    let mut run = Run::new(objective, free);
    let here = run.evaluate(start)?;
    let (x, here, _) = run.descend(start.to_vec(), here, None);
    run.polished(x, here)
}

/// The same without what only a fit needs: no second derivatives at the end. `inverse` is about the inverse of
/// the second derivatives, where it is known.
pub(super) fn search_lightly<O: Objective>(
    objective: &mut O,
    start: &[f64],
    free: &[bool],
    inverse: Option<&Matrix>,
) -> Option<Lowest> {
    let mut run = Run::new(objective, free);
    let here = run.evaluate(start)?;
    let (at, here, inverse) = run.descend(start.to_vec(), here, inverse.cloned());
    Some(Lowest { at, value: here.value, inverse })
}

struct Run<'a, O> {
    objective: &'a mut O,
    /// A search that will end above this is not worth going on with.
    known: f64,
    places: Vec<usize>,
    evaluations: usize,
    history: Vec<Step>,
}

fn is_finite(of: &Evaluation) -> bool {
    of.value.is_finite() && of.gradient.iter().all(|slope| slope.is_finite())
}

impl<'a, O: Objective> Run<'a, O> {
    fn new(objective: &'a mut O, free: &[bool]) -> Self {
        let places = (0..free.len()).filter(|&at| free[at]).collect();
        Self { objective, known: f64::INFINITY, places, evaluations: 0, history: Vec::new() }
    }

    fn evaluate(&mut self, at: &[f64]) -> Option<Evaluation> {
        self.evaluations += 1;
        self.objective.evaluate(at).filter(is_finite)
    }

    fn part(&self, gradient: &[f64]) -> Vec<f64> {
        self.places.iter().map(|&at| gradient[at]).collect()
    }

    fn note(&mut self, here: &Evaluation) {
        let largest = self.part(&here.gradient).iter().fold(0.0f64, |most, slope| most.max(slope.abs()));
        self.history.push(Step { evaluations: self.evaluations, criterion: here.value, gradient: largest });
    }

    /// Quasi-Newton steps as far as they lead down.
    fn descend(
        &mut self,
        mut x: Vec<f64>,
        mut here: Evaluation,
        inverse: Option<Matrix>,
    ) -> (Vec<f64>, Evaluation, Matrix) {
        if self.places.is_empty() {
            self.note(&here);
            return (x, here, Matrix::zeros(0, 0));
        }
        // Second derivatives of elsewhere may lead astray.
        let mut is_old = inverse.is_some();
        let mut inverse = inverse.unwrap_or_else(|| self.first_inverse(&x, &here));
        for _ in 0..MOST_STEPS {
            self.note(&here);
            let slope = self.part(&here.gradient);
            let mut direction: Vec<f64> = inverse.times_vector(&slope).iter().map(|d| -d).collect();
            let mut fall = dot(&direction, &slope);
            if fall.is_nan() || fall >= 0.0 {
                (inverse, is_old) = (self.first_inverse(&x, &here), false);
                direction = inverse.times_vector(&slope).iter().map(|d| -d).collect();
                fall = dot(&direction, &slope);
            }
            // Newton's steps do the rest.
            if -fall <= 1e-10 || here.value - self.known > -MOST_LEFT * fall {
                break;
            }
            let Some((next, there)) = self.down(&x, &here, &direction, fall) else {
                if !is_old || -fall <= WORTH_ANOTHER {
                    break;
                }
                (inverse, is_old) = (self.first_inverse(&x, &here), false);
                continue;
            };
            is_old = true;
            let moved: Vec<f64> = self.places.iter().map(|&at| next[at] - x[at]).collect();
            let turned: Vec<f64> = self.places.iter().map(|&at| there.gradient[at] - here.gradient[at]).collect();
            update_inverse(&mut inverse, &moved, &turned);
            (x, here) = (next, there);
        }
        (x, here, inverse)
    }

    /// The gradients at points that differ from x by a step in one parameter each, in threads where these pay.
    fn gradients(&mut self, x: &[f64], moves: &[(usize, f64)]) -> Vec<Option<Vec<f64>>> {
        self.evaluations += moves.len();
        let moved = |(column, by): (usize, f64)| {
            let mut moved = x.to_vec();
            moved[self.places[column]] += by;
            moved
        };
        let places = &self.places;
        let part = |of: Evaluation| places.iter().map(|&at| of.gradient[at]).collect::<Vec<f64>>();
        if self.objective.is_large() {
            let objective: &O = self.objective;
            let work = |own: &mut O, at: usize| own.evaluate(&moved(moves[at])).filter(is_finite).map(part);
            if let Some(all) = in_parallel(moves.len(), || objective.clone(), work, &mut |_| true) {
                return all;
            }
        }
        moves.iter().map(|&own| self.objective.evaluate(&moved(own)).filter(is_finite).map(part)).collect()
    }

    /// The inverse of second derivatives from differences to one side, made positive definite.
    fn first_inverse(&mut self, x: &[f64], here: &Evaluation) -> Matrix {
        let size = self.places.len();
        let mut hessian = Matrix::zeros(size, size);
        let slope = self.part(&here.gradient);
        let moves: Vec<(usize, f64)> =
            (0..size).map(|column| (column, 1e-4 * x[self.places[column]].abs().max(0.1))).collect();
        for ((column, step), turned) in moves.iter().zip(self.gradients(x, &moves)) {
            for row in 0..size {
                let second =
                    turned.as_ref().map_or(f64::from(u8::from(row == *column)), |of| (of[row] - slope[row]) / step);
                hessian[(row, *column)] += 0.5 * second;
                hessian[(*column, row)] += 0.5 * second;
            }
        }
        let (values, vectors) = hessian.symmetric_eigen();
        let largest = values.iter().fold(0.0f64, |most, value| most.max(value.abs())).max(1e-8);
        let scaled = |value: f64| 1.0 / value.abs().max(1e-6 * largest);
        Matrix::from_fn(size, size, |i, j| {
            (0..size).map(|k| vectors[(i, k)] * vectors[(j, k)] * scaled(values[k])).sum()
        })
    }

    fn down(&mut self, x: &[f64], here: &Evaluation, direction: &[f64], fall: f64) -> Option<(Vec<f64>, Evaluation)> {
        let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0f64, |most, value| most.max(value.abs()));
        let longest = largest(&mut direction.iter().copied());
        let furthest = (LARGEST_SHARE * largest(&mut self.places.iter().map(|&at| x[at]))).max(LONGEST);
        let mut share = (furthest / longest).min(1.0);
        let rounding = if -fall < 1e-6 { self.objective.rounding() } else { 0.0 };
        for _ in 0..40 {
            let mut next = x.to_vec();
            self.places.iter().zip(direction).for_each(|(&at, d)| next[at] += share * d);
            let bound = here.value + 1e-4 * share * fall + rounding;
            if let Some(there) = self.evaluate(&next).filter(|there| there.value <= bound) {
                return Some((next, there));
            }
            share *= 0.3;
        }
        None
    }

    fn hessian(&mut self, x: &[f64]) -> Option<Matrix> {
        let size = self.places.len();
        let mut hessian = Matrix::zeros(size, size);
        let step = |column: usize| 2e-5 * x[self.places[column]].abs().max(0.5);
        let moves: Vec<(usize, f64)> =
            (0..size).flat_map(|column| [(column, step(column)), (column, -step(column))]).collect();
        let found = self.gradients(x, &moves);
        for (moves, sides) in moves.chunks_exact(2).zip(found.chunks_exact(2)) {
            let ((column, step), [Some(up), Some(down)]) = (moves[0], sides) else { return None };
            for row in 0..size {
                let second = 0.25 * (up[row] - down[row]) / step;
                hessian[(row, column)] += second;
                hessian[(column, row)] += second;
            }
        }
        Some(hessian)
    }

    fn polished(mut self, mut x: Vec<f64>, mut here: Evaluation) -> Option<Found> {
        let mut converged = self.places.is_empty();
        let mut hessian = self.hessian(&x)?;
        let rounding = self.objective.rounding();
        for round in 0..8 {
            let slope = self.part(&here.gradient);
            let Some(cholesky) = hessian.cholesky() else { break };
            let step: Vec<f64> = cholesky.solve(&slope).iter().map(|s| -s).collect();
            let fall = -dot(&step, &slope);
            converged = fall <= 1e-9 + rounding;
            if fall <= 1e-18 {
                break;
            }
            let mut next = x.clone();
            self.places.iter().zip(&step).for_each(|(&at, by)| next[at] += by);
            // Rounding may hide the last falls.
            let bound = here.value + 1e-11 * here.value.abs().max(1.0) + rounding;
            let Some(there) = self.evaluate(&next).filter(|there| there.value <= bound) else { break };
            (x, here) = (next, there);
            self.note(&here);
            // Second derivatives of where the search ends, unless the step was too small to change them.
            if fall > 2e-9 && round < 7 {
                hessian = self.hessian(&x)?;
            } else if fall < 1e-12 {
                break;
            }
        }
        Some(Found { at: x, value: here.value, hessian, converged, history: self.history })
    }
}

/// What is known of a minimum elsewhere: its value, below which another one is looked for, and about the inverse of the
/// second derivatives.
pub(super) struct Known {
    pub value: f64,
    pub inverse: Option<Matrix>,
}

/// Where the promise of a step is so many times as large, what is left to fall is no more than that.
const MOST_LEFT: f64 = 100.0;

/// A search for a value below one that is known, which ends as soon as it shows that it leads to a higher one.
pub(super) fn search_below<O: Objective>(
    objective: &mut O,
    start: &[f64],
    free: &[bool],
    known: &Known,
) -> Option<Lowest> {
    let mut run = Run { known: known.value, ..Run::new(objective, free) };
    let here = run.evaluate(start)?;
    let (at, here, inverse) = run.descend(start.to_vec(), here, known.inverse.clone());
    Some(Lowest { at, value: here.value, inverse })
}
