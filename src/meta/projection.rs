//! Weighted least squares, without a matrix of studies by studies.
//!
//! With weights w, the columns of √w X are made orthonormal: √w X = Q R. Everything that a fit needs
//! of P = W − W X(X′W X)⁻¹X′W follows from Q: the residuals √w e = (I − QQ′)√w y, tr P = Σ w(1 − h)
//! with the leverages h = Σ q², and tr PP. Nothing of size k × k is made, and a moderator such as a
//! year does not lose digits as it would in X′W X.

use super::problem::{MetaError, Problem};
use crate::numeric::matrix::{Matrix, dot};

/// The fit at one set of weights; it is filled again for the next one.
pub(super) struct Projection<'a> {
    problem: &'a Problem,
    /// Whether no two columns are different from 0 in the same row, as those of the levels of a factor alone.
    is_disjoint: bool,
    /// The weights.
    pub w: Vec<f64>,
    root: Vec<f64>,
    /// The orthonormal columns Q.
    pub q: Vec<Vec<f64>>,
    /// The triangle R by columns: `r[j][i]` for i ≤ j.
    r: Vec<Vec<f64>>,
    /// Q′√w y.
    along: Vec<f64>,
    /// √w times the residuals.
    pub rest: Vec<f64>,
}

impl<'a> Projection<'a> {
    pub fn new(problem: &'a Problem) -> Self {
        let (k, p) = (problem.k(), problem.p());
        let is_single = |row: usize| problem.columns.iter().filter(|column| column[row] != 0.0).nth(1).is_none();
        Self {
            problem,
            is_disjoint: (0..k).all(is_single),
            w: vec![0.0; k],
            root: vec![0.0; k],
            q: vec![vec![0.0; k]; p],
            r: (0..p).map(|j| vec![0.0; j + 1]).collect(),
            along: vec![0.0; p],
            rest: vec![0.0; k],
        }
    }

    /// Weights 1/(v + τ²).
    pub fn at_tau2(&mut self, tau2: f64) {
        for (w, v) in self.w.iter_mut().zip(&self.problem.vi) {
            *w = 1.0 / (v + tau2);
        }
        self.solve();
    }

    /// Any other weights.
    pub fn at_weights(&mut self, weights: &[f64]) {
        self.w.copy_from_slice(weights);
        self.solve();
    }

    fn solve(&mut self) {
        for (root, w) in self.root.iter_mut().zip(&self.w) {
            *root = w.sqrt();
        }
        for (j, column) in self.problem.columns.iter().enumerate() {
            let (done, todo) = self.q.split_at_mut(j);
            let Some(current) = todo.first_mut() else { break };
            for ((value, root), x) in current.iter_mut().zip(&self.root).zip(column) {
                *value = root * x;
            }
            self.r[j].fill(0.0);
            // Twice is enough: Giraud, Langou & Rozložník (2005).
            for _ in 0..if j == 0 || self.is_disjoint { 0 } else { 2 } {
                for (i, direction) in done.iter().enumerate() {
                    let share = dot(direction, current);
                    self.r[j][i] += share;
                    current.iter_mut().zip(direction).for_each(|(value, along)| *value -= share * along);
                }
            }
            let length = dot(current, current).sqrt();
            self.r[j][j] = length;
            let inverse = 1.0 / length;
            current.iter_mut().for_each(|value| *value *= inverse);
        }
        for ((rest, root), y) in self.rest.iter_mut().zip(&self.root).zip(&self.problem.yi) {
            *rest = root * y;
        }
        self.along.fill(0.0);
        for _ in 0..2 {
            for (along, direction) in self.along.iter_mut().zip(&self.q) {
                let share = dot(direction, &self.rest);
                *along += share;
                self.rest.iter_mut().zip(direction).for_each(|(value, d)| *value -= share * d);
            }
        }
    }

    /// Refuses columns that depend on each other at these weights, or that are too large for a double.
    pub fn check(&self) -> Result<(), MetaError> {
        if self.problem.k() == 0 {
            return Err(MetaError::NoStudies);
        }
        let length = |column: &Vec<f64>| dot(column, column).sqrt();
        let is_dependent =
            |(j, column): &(usize, &Vec<f64>)| !(column[*j].is_finite() && column[*j] > 1e-10 * length(column));
        // Those behind the first one hold no numbers either.
        let Some((j, column)) = self.r.iter().enumerate().find(is_dependent) else { return Ok(()) };
        let name = self.problem.names[j].clone();
        if length(column).is_finite() {
            return Err(MetaError::Dependent { column: name });
        }
        Err(MetaError::Data(format!("the numbers of the column of {name} are too large to compute with")))
    }

    /// Σ w e².
    pub fn rss(&self) -> f64 {
        dot(&self.rest, &self.rest)
    }

    /// y′PPy = Σ w² e².
    pub fn y_pp_y(&self) -> f64 {
        self.rest.iter().zip(&self.w).map(|(rest, w)| w * rest * rest).sum()
    }

    /// The leverage of one study.
    pub fn leverage(&self, study: usize) -> f64 {
        self.q.iter().map(|column| column[study] * column[study]).sum()
    }

    /// tr P = Σ w(1 − h).
    pub fn trace_p(&self) -> f64 {
        let all: f64 = self.w.iter().sum();
        let explained = |column: &Vec<f64>| column.iter().zip(&self.w).map(|(q, w)| w * q * q).sum::<f64>();
        all - self.q.iter().map(explained).sum::<f64>()
    }

    /// tr PD for a diagonal D: Σ d w(1 − h).
    pub fn trace_p_times(&self, d: &[f64]) -> f64 {
        (0..self.w.len()).map(|i| d[i] * self.w[i] * (1.0 - self.leverage(i))).sum()
    }

    /// tr PDPE for diagonals D and E: Σ d e w²(1 − 2h) + Σ (Q′dwQ)∘(Q′ewQ).
    pub fn trace_pdpe(&self, d: impl Fn(usize) -> f64, e: impl Fn(usize) -> f64) -> f64 {
        let k = self.w.len();
        let direct: f64 = (0..k).map(|i| d(i) * e(i) * self.w[i] * self.w[i] * (1.0 - 2.0 * self.leverage(i))).sum();
        let mut crossed = 0.0;
        for a in &self.q {
            // Columns without a common row have no product.
            for b in self.q.iter().filter(|b| !self.is_disjoint || std::ptr::eq(a, *b)) {
                let with = |f: &dyn Fn(usize) -> f64| (0..k).map(|i| f(i) * self.w[i] * a[i] * b[i]).sum::<f64>();
                crossed += with(&d) * with(&e);
            }
        }
        direct + crossed
    }

    /// ln |X′W X|.
    pub fn log_determinant(&self) -> f64 {
        2.0 * self.r.iter().enumerate().map(|(j, column)| column[j].ln()).sum::<f64>()
    }

    /// The coefficients R⁻¹Q′√w y.
    pub fn beta(&self) -> Vec<f64> {
        self.back(&self.along)
    }

    /// R⁻¹b.
    fn back(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for j in (0..x.len()).rev() {
            x[j] /= self.r[j][j];
            for i in 0..j {
                x[i] -= self.r[j][i] * x[j];
            }
        }
        x
    }

    /// R⁻¹ M R⁻′ for a symmetric M.
    fn sandwiched(&self, middle: &Matrix) -> Matrix {
        let p = middle.rows();
        let column = |m: &Matrix, j: usize| (0..p).map(|i| m[(i, j)]).collect::<Vec<f64>>();
        let mut half = Matrix::zeros(p, p);
        for j in 0..p {
            for (i, value) in self.back(&column(middle, j)).into_iter().enumerate() {
                half[(j, i)] = value;
            }
        }
        let mut whole = Matrix::zeros(p, p);
        for j in 0..p {
            for (i, value) in self.back(&column(&half, j)).into_iter().enumerate() {
                whole[(i, j)] = value;
            }
        }
        whole
    }

    /// (X′W X)⁻¹.
    pub fn inverse_information(&self) -> Matrix {
        self.sandwiched(&Matrix::identity(self.q.len()))
    }

    /// (X′W X)⁻¹X′W D W X(X′W X)⁻¹ for a diagonal D.
    pub fn sandwich(&self, d: &[f64]) -> Matrix {
        let entry =
            |a: usize, b: usize| (0..d.len()).map(|i| self.q[a][i] * self.q[b][i] * self.w[i] * d[i]).sum::<f64>();
        self.sandwiched(&Matrix::from_fn(self.q.len(), self.q.len(), entry))
    }
}
