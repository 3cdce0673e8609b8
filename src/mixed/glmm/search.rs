//! The search over θ, β and the dispersion together: quasi-Newton steps, then Newton's.

use super::super::result::Step;
use super::laplace::Evaluation;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::minimum::update_inverse;

/// f and its gradient as a function of the parameters; none outside of where it is defined.
pub(super) trait Objective {
    /// Evaluates f. Evaluations may start from where the last one ended.
    fn evaluate(&mut self, at: &[f64]) -> Option<Evaluation>;
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

/// More steps than these are not taken.
const MOST_STEPS: usize = 300;

/// A minimum near `start`, over the parameters that are free.
///
/// The first second derivatives are differences of gradients; BFGS keeps them up to date (Nocedal & Wright
/// 2006, Numerical Optimization, algorithm 6.1), and at the end Newton's steps use differences of the
/// exact gradient again.
pub(super) fn search(objective: &mut dyn Objective, start: &[f64], free: &[bool]) -> Option<Found> {
    let places: Vec<usize> = (0..start.len()).filter(|&at| free[at]).collect();
    let mut run = Run { objective, places, evaluations: 0, history: Vec::new() };
    let mut x = start.to_vec();
    let mut here = run.evaluate(&x)?;
    let mut inverse = run.first_inverse(&x, &here);
    for _ in 0..MOST_STEPS {
        run.note(&here);
        let slope = run.part(&here.gradient);
        let mut direction: Vec<f64> = inverse.times_vector(&slope).iter().map(|d| -d).collect();
        let mut fall = dot(&direction, &slope);
        if fall.is_nan() || fall >= 0.0 {
            inverse = run.first_inverse(&x, &here);
            direction = inverse.times_vector(&slope).iter().map(|d| -d).collect();
            fall = dot(&direction, &slope);
        }
        // Newton's steps do the rest.
        if -fall <= 1e-10 {
            break;
        }
        let Some((next, there)) = run.down(&x, &here, &direction, fall) else { break };
        let moved: Vec<f64> = run.places.iter().map(|&at| next[at] - x[at]).collect();
        let turned: Vec<f64> = run.places.iter().map(|&at| there.gradient[at] - here.gradient[at]).collect();
        update_inverse(&mut inverse, &moved, &turned);
        (x, here) = (next, there);
    }
    run.polished(x, here)
}

struct Run<'a> {
    objective: &'a mut dyn Objective,
    places: Vec<usize>,
    evaluations: usize,
    history: Vec<Step>,
}

impl Run<'_> {
    fn evaluate(&mut self, at: &[f64]) -> Option<Evaluation> {
        self.evaluations += 1;
        let here = self.objective.evaluate(at)?;
        (here.value.is_finite() && here.gradient.iter().all(|slope| slope.is_finite())).then_some(here)
    }

    fn part(&self, gradient: &[f64]) -> Vec<f64> {
        self.places.iter().map(|&at| gradient[at]).collect()
    }

    fn note(&mut self, here: &Evaluation) {
        let largest = self.part(&here.gradient).iter().fold(0.0f64, |most, slope| most.max(slope.abs()));
        self.history.push(Step { evaluations: self.evaluations, criterion: here.value, gradient: largest });
    }

    /// The inverse of second derivatives from differences to one side, made positive definite.
    fn first_inverse(&mut self, x: &[f64], here: &Evaluation) -> Matrix {
        let size = self.places.len();
        let mut hessian = Matrix::zeros(size, size);
        let slope = self.part(&here.gradient);
        for column in 0..size {
            let step = 1e-4 * x[self.places[column]].abs().max(0.1);
            let mut moved = x.to_vec();
            moved[self.places[column]] += step;
            let turned = self.evaluate(&moved).map(|there| self.part(&there.gradient));
            for row in 0..size {
                let second =
                    turned.as_ref().map_or(f64::from(u8::from(row == column)), |of| (of[row] - slope[row]) / step);
                hessian[(row, column)] += 0.5 * second;
                hessian[(column, row)] += 0.5 * second;
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
        // No parameter is of a size at which a step of more than 5 is to be trusted.
        let longest = direction.iter().fold(0.0f64, |most, d| most.max(d.abs()));
        let mut share = (5.0 / longest).min(1.0);
        for _ in 0..40 {
            let mut next = x.to_vec();
            self.places.iter().zip(direction).for_each(|(&at, d)| next[at] += share * d);
            let bound = here.value + 1e-4 * share * fall;
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
        for column in 0..size {
            let step = 2e-5 * x[self.places[column]].abs().max(0.5);
            let mut side = |by: f64| {
                let mut moved = x.to_vec();
                moved[self.places[column]] += by;
                let there = self.evaluate(&moved)?;
                Some(self.part(&there.gradient))
            };
            let (up, down) = (side(step)?, side(-step)?);
            for row in 0..size {
                let second = 0.25 * (up[row] - down[row]) / step;
                hessian[(row, column)] += second;
                hessian[(column, row)] += second;
            }
        }
        Some(hessian)
    }

    fn polished(mut self, mut x: Vec<f64>, mut here: Evaluation) -> Option<Found> {
        let mut converged = false;
        let mut hessian = self.hessian(&x)?;
        for round in 0..8 {
            let slope = self.part(&here.gradient);
            let Some(cholesky) = hessian.cholesky() else { break };
            let step: Vec<f64> = cholesky.solve(&slope).iter().map(|s| -s).collect();
            let fall = -dot(&step, &slope);
            converged = fall <= 1e-9;
            if fall <= 1e-18 {
                break;
            }
            let mut next = x.clone();
            self.places.iter().zip(&step).for_each(|(&at, by)| next[at] += by);
            // Rounding may hide the last falls.
            let bound = here.value + 1e-11 * here.value.abs().max(1.0);
            let Some(there) = self.evaluate(&next).filter(|there| there.value <= bound) else { break };
            (x, here) = (next, there);
            self.note(&here);
            // Second derivatives of where the search ends, unless the step was too small to change them.
            if fall > 2e-9 && round < 7 {
                hessian = self.hessian(&x)?;
            }
        }
        Some(Found { at: x, value: here.value, hessian, converged, history: self.history })
    }
}
