//! The likelihood with a correlation of a random term held.

use super::fit::Approximation;
use super::gradient::Evaluation;
use super::laplace::{entries_of, triangle_of};
use super::profile::Held;
use super::search::Objective;
use crate::numeric::matrix::Matrix;

/// The likelihood where the factor of a term is written with the correlation r of its first two effects:
/// Λ = MN, N a lower triangle whose first rows are (a, 0) and (dr, d√(1 − r²)). a and d stand as their
/// logarithms, since a sign would turn the correlation round; the second diagonal has no use.
#[derive(Clone)]
pub(super) struct Correlated<'a> {
    inner: Approximation<'a>,
    /// M, from effects in the unit of their standard deviations to the columns of the search.
    change: Matrix,
    /// Where the term's parameters start.
    from: usize,
    r: f64,
}

impl<'a> Correlated<'a> {
    /// `number` is the term, whose first two effects are the pair.
    pub fn new(held: &'a Held, number: usize, inner: Approximation<'a>) -> Self {
        let term = &held.problem.terms[number];
        let size = |at: usize| term.inverse[(at, at)];
        let change = Matrix::from_fn(term.width, term.width, |i, j| term.lower[(i, j)] * size(j));
        Self { inner, change, from: held.place, r: 0.0 }
    }

    fn width(&self) -> usize {
        self.change.rows()
    }

    /// The parameter that has no use.
    pub fn spare(&self) -> usize {
        self.from + self.width()
    }

    /// The parameters that are the logarithms of the pair's standard deviations.
    pub fn deviations(&self) -> [usize; 2] {
        [self.from, self.from + 1]
    }

    /// Holds the correlation here.
    pub fn set(&mut self, r: f64) {
        self.r = r;
    }

    /// The parameters at the maximum.
    pub fn start(&self, held: &Held) -> Vec<f64> {
        let k = self.width();
        let count = k * (k + 1) / 2;
        let theta = triangle_of(&held.start[self.from..self.from + count], k);
        // M is a lower triangle: N = M⁻¹Λ row by row.
        let mut own = Matrix::zeros(k, k);
        for row in 0..k {
            for column in 0..=row {
                let known: f64 = (0..row).map(|at| self.change[(row, at)] * own[(at, column)]).sum();
                own[(row, column)] = (theta[(row, column)] - known) / self.change[(row, row)];
            }
        }
        let (a, d) = (own[(0, 0)].abs(), own[(1, 0)].hypot(own[(1, 1)]));
        own[(0, 0)] = a.max(1e-2).ln();
        own[(1, 0)] = d.max(1e-2).ln();
        own[(1, 1)] = 0.0;
        let mut start = held.start.clone();
        start[self.from..self.from + count].copy_from_slice(&entries_of(&own));
        start
    }
}

impl Objective for Correlated<'_> {
    fn evaluate(&mut self, at: &[f64]) -> Option<Evaluation> {
        let k = self.width();
        let places = self.from..self.from + k * (k + 1) / 2;
        let mut own = triangle_of(&at[places.clone()], k);
        let (a, d) = (own[(0, 0)].exp(), own[(1, 0)].exp());
        let rest = (1.0 - self.r * self.r).max(0.0).sqrt();
        (own[(0, 0)], own[(1, 0)], own[(1, 1)]) = (a, d * self.r, d * rest);
        let mut theta = at.to_vec();
        theta[places.clone()].copy_from_slice(&entries_of(&self.change.times(&own)));
        let mut found = self.inner.evaluate(&theta)?;
        let slopes = triangle_of(&found.gradient[places.clone()], k);
        let mut by = self.change.transposed().times(&slopes);
        by[(1, 0)] = d * (self.r * by[(1, 0)] + rest * by[(1, 1)]);
        by[(0, 0)] *= a;
        by[(1, 1)] = 0.0;
        found.gradient[places].copy_from_slice(&entries_of(&by));
        Some(found)
    }

    fn rounding(&self) -> f64 {
        self.inner.rounding()
    }

    fn is_large(&self) -> bool {
        self.inner.is_large()
    }
}
