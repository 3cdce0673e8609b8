//! The criterion over the covariances of a term of which something is held: a correlation at a value, or a standard
//! deviation at 0.
//!
//! The term's factor λ, in the unit of its columns, is written with the entries that are left free.

use super::kernel::Kernel;
use super::problem::{Problem, lower_of};
use super::profile::{column_weights, own_places, smallest};
use super::search::bfgs;
use crate::numeric::matrix::{Matrix, dot};

/// What is held.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// The correlation of the first two columns of the order.
    Correlation(f64),
    /// The standard deviation of the last column of the order, at 0.
    Without,
}

/// A term whose factor is written otherwise.
pub(super) struct Written<'a> {
    problem: &'a Problem,
    term: usize,
    /// The term's places in θ.
    own: Vec<usize>,
    /// Its columns in the order in which their rows are written.
    order: Vec<usize>,
    form: Form,
}

impl<'a> Written<'a> {
    /// With the correlation of two columns as a constant.
    pub fn correlated(problem: &'a Problem, term: usize, [i, j]: [usize; 2], r: f64) -> Self {
        let others = (0..problem.terms[term].k).filter(|at| *at != i && *at != j);
        let order = [i, j].into_iter().chain(others).collect();
        Self { problem, term, own: own_places(problem, term), order, form: Form::Correlation(r) }
    }

    /// Without the variance of a column.
    pub fn without(problem: &'a Problem, term: usize, column: usize) -> Self {
        let others = (0..problem.terms[term].k).filter(|at| *at != column);
        let order = others.chain([column]).collect();
        Self { problem, term, own: own_places(problem, term), order, form: Form::Without }
    }

    /// How many entries are free.
    fn count(&self) -> usize {
        let k = self.order.len();
        match self.form {
            Form::Correlation(_) => k * (k + 1) / 2 - 1,
            Form::Without => k * (k - 1) / 2,
        }
    }

    /// The term's factor at θ, its rows in order.
    fn turned(&self, theta: &[f64]) -> Matrix {
        let (inside, order) = (self.problem.term_lambda(theta, self.term), &self.order);
        lower_of(&Matrix::from_fn(order.len(), order.len(), |i, j| inside[(order[i], j)]))
    }

    /// The free entries nearest to θ.
    fn entries(&self, theta: &[f64]) -> Vec<f64> {
        let lower = self.turned(theta);
        let Form::Correlation(_) = self.form else {
            return triangle(0..self.order.len() - 1).map(|at| lower[at]).collect();
        };
        // The first two rows are a and d(r, √(1 − r²)); a and d stand as their logarithms, since a sign would turn
        // the correlation round. Near 0 nothing moves on that scale.
        let logarithm = |at: usize, value: f64| {
            let weights = column_weights(self.problem, self.term, self.order[at]);
            value.abs().max(LEAST * dot(&weights, &weights).sqrt()).ln()
        };
        let second = dot(lower.row(1), lower.row(1)).sqrt();
        let rest = triangle(2..self.order.len()).map(|at| lower[at]);
        [logarithm(0, lower[(0, 0)]), logarithm(1, second)].into_iter().chain(rest).collect()
    }

    /// The term's factor, its rows in order.
    fn factor(&self, entries: &[f64]) -> Matrix {
        let k = self.order.len();
        let mut lower = Matrix::zeros(k, k);
        let (places, entries) = match self.form {
            Form::Correlation(r) => {
                lower[(0, 0)] = entries[0].exp();
                lower[(1, 0)] = entries[1].exp() * r;
                lower[(1, 1)] = entries[1].exp() * (1.0 - r * r).max(0.0).sqrt();
                (triangle(2..k), &entries[2..])
            }
            Form::Without => (triangle(0..k - 1), entries),
        };
        places.zip(entries).for_each(|(at, value)| lower[at] = *value);
        lower
    }

    /// θ with the term's entries replaced by those of a factor.
    fn theta_of(&self, theta: &[f64], turned: &Matrix) -> Vec<f64> {
        let k = self.order.len();
        let mut lambda = Matrix::zeros(k, k);
        for (row, &at) in self.order.iter().enumerate() {
            (0..k).for_each(|column| lambda[(at, column)] = turned[(row, column)]);
        }
        let standard = lower_of(&self.problem.terms[self.term].r.times(&lambda));
        let mut theta = theta.to_vec();
        let entries = (0..k).flat_map(|column| (column..k).map(move |row| (row, column)));
        self.own.iter().zip(entries).for_each(|(&at, place)| theta[at] = standard[place]);
        theta
    }

    /// θ where the column that has no variance is given one again, independent of the others.
    pub fn theta_with(&self, theta: &[f64], deviation: f64) -> Vec<f64> {
        let last = self.order.len() - 1;
        let mut turned = self.turned(theta);
        (0..last).for_each(|column| turned[(last, column)] = 0.0);
        turned[(last, last)] = deviation;
        self.theta_of(theta, &turned)
    }

    /// The lowest criterion from a start, and θ there.
    pub fn lowest(&self, kernel: &mut Kernel, from: &[f64]) -> (Vec<f64>, f64) {
        let (problem, count) = (self.problem, self.count());
        let mut phi = from.to_vec();
        // Entries of θ that are spare stay at 0 and have no slope.
        let entries = self.entries(from).into_iter().chain(std::iter::repeat(0.0));
        self.own.iter().zip(entries).for_each(|(&at, value)| phi[at] = value);
        let theta_of = |phi: &[f64]| {
            let values: Vec<f64> = self.own[..count].iter().map(|&at| phi[at]).collect();
            self.theta_of(phi, &self.factor(&values))
        };
        let mut objective = |phi: &[f64], slope: &mut [f64]| {
            let theta = theta_of(phi);
            let value = kernel.criterion(problem, &theta);
            slope.copy_from_slice(&kernel.profiled.gradient);
            let by_theta = slope.to_vec();
            self.own.iter().for_each(|&at| slope[at] = 0.0);
            for &at in &self.own[..count] {
                let step = 1e-6 * phi[at].abs().max(1e-2 * smallest(problem, self.term));
                let mut moved = phi.to_vec();
                moved[at] += step;
                let up = theta_of(&moved);
                moved[at] -= 2.0 * step;
                let down = theta_of(&moved);
                slope[at] = self.own.iter().map(|&i| by_theta[i] * (up[i] - down[i]) / (2.0 * step)).sum();
            }
            value
        };
        let (at, value) = bfgs(&mut objective, phi, None, 1e-11, &mut |_, _, _| {});
        (theta_of(&at), value)
    }
}

/// The smallest standard deviation, in units of σ and of its column, from which a search with a correlation starts.
const LEAST: f64 = 0.02;

/// The places of some rows of a lower triangle.
fn triangle(rows: std::ops::Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    rows.flat_map(|row| (0..=row).map(move |column| (row, column)))
}
