//! What an evaluation computes, and the criterion that it makes.

use super::problem::Problem;
use crate::numeric::dense::{cholesky_in_place, inverse_of_cholesky};
use crate::numeric::matrix::{Matrix, dot};

/// log|Λ'Z'ZΛ + I| and S = [Q y]'V⁻¹[Q y] at some θ, with their derivatives by each entry of θ; V is the
/// covariance in units of σ².
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    /// Fixed columns and the response.
    pub q: usize,
    /// log|Λ'Z'ZΛ + I|.
    pub log_det: f64,
    /// S by rows.
    pub s: Vec<f64>,
    /// Derivatives of the logarithm.
    pub d_log_det: Vec<f64>,
    /// Derivatives of S, one after another.
    pub d_s: Vec<f64>,
}

impl Pieces {
    pub fn new(q: usize, thetas: usize) -> Self {
        Self { q, log_det: 0.0, s: vec![0.0; q * q], d_log_det: vec![0.0; thetas], d_s: vec![0.0; thetas * q * q] }
    }

    /// The derivative of S by one entry of θ.
    pub fn d_s(&self, theta: usize) -> &[f64] {
        let size = self.q * self.q;
        &self.d_s[theta * size..(theta + 1) * size]
    }

    /// The derivative of S by one entry of θ, to be set.
    pub fn d_s_mut(&mut self, theta: usize) -> &mut [f64] {
        let size = self.q * self.q;
        &mut self.d_s[theta * size..(theta + 1) * size]
    }

    /// X'V⁻¹X of the columns Q.
    pub fn information(&self) -> Matrix {
        let p = self.q - 1;
        Matrix::from_fn(p, p, |i, j| self.s[i * self.q + j])
    }
}

/// The logarithm of a product of many numbers, by few logarithms.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogProduct {
    sum: f64,
    product: f64,
}

impl Default for LogProduct {
    fn default() -> Self {
        Self { sum: 0.0, product: 1.0 }
    }
}

impl LogProduct {
    const LARGE: f64 = 1e100;

    /// Multiplies by a number; whether that is positive and finite.
    #[inline]
    pub fn times(&mut self, value: f64) -> bool {
        if !(1.0 / Self::LARGE..Self::LARGE).contains(&value) {
            self.sum += value.ln();
            return value > 0.0 && value.is_finite();
        }
        self.product *= value;
        if !(1.0 / Self::LARGE..Self::LARGE).contains(&self.product) {
            self.sum += self.product.ln();
            self.product = 1.0;
        }
        true
    }

    pub fn ln(&self) -> f64 {
        self.sum + self.product.ln()
    }
}

/// The lower triangle of S minus rr'.
#[inline]
pub(super) fn subtract_square(s: &mut [f64], row: &[f64]) {
    let q = row.len();
    for (i, &factor) in row.iter().enumerate() {
        s[i * q..i * q + i + 1].iter_mut().zip(row).for_each(|(place, value)| *place -= factor * value);
    }
}

/// Which likelihood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likelihood {
    Restricted,
    Full,
}

/// What remains when β and σ are profiled out.
#[derive(Clone, Debug)]
pub(super) struct Profiled {
    /// −2 log-likelihood in the user's units.
    pub criterion: f64,
    /// Its derivatives by θ.
    pub gradient: Vec<f64>,
    /// β of Q beyond the ordinary regression, standardised.
    pub beta: Vec<f64>,
    /// (X'V⁻¹X)⁻¹ of Q.
    pub covariance: Matrix,
    /// The penalised residual sum of squares.
    pub r2: f64,
    work: Vec<f64>,
}

impl Profiled {
    pub fn new(p: usize, thetas: usize) -> Self {
        Self {
            criterion: f64::INFINITY,
            gradient: vec![0.0; thetas],
            beta: vec![0.0; p],
            covariance: Matrix::zeros(p, p),
            r2: f64::NAN,
            work: vec![0.0; 2 * p * p],
        }
    }

    /// The residual degrees of freedom: n − p under REML, n under ML.
    pub fn degrees(problem: &Problem, likelihood: Likelihood) -> f64 {
        match likelihood {
            Likelihood::Restricted => (problem.n - problem.p()) as f64,
            Likelihood::Full => problem.n as f64,
        }
    }

    /// Profiles β and σ out.
    ///
    /// Source: Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), equations 36 and 42.
    pub fn set(&mut self, pieces: &Pieces, problem: &Problem, likelihood: Likelihood) {
        let (q, p) = (pieces.q, pieces.q - 1);
        let Some(log_x) = self.invert_information(pieces) else {
            self.criterion = f64::INFINITY;
            return;
        };
        let s_xy = |i: usize| pieces.s[i * q + p];
        let mut r2 = pieces.s[p * q + p];
        for i in 0..p {
            self.beta[i] = (0..p).map(|j| self.covariance[(i, j)] * s_xy(j)).sum();
            r2 -= self.beta[i] * s_xy(i);
        }
        if r2.is_nan() || r2 <= 0.0 {
            self.criterion = f64::INFINITY;
            return;
        }
        self.r2 = r2;
        let degrees = Self::degrees(problem, likelihood);
        let scale2 = problem.scale * problem.scale;
        let mut value = pieces.log_det + degrees * (1.0 + (std::f64::consts::TAU * scale2 * r2 / degrees).ln());
        if likelihood == Likelihood::Restricted {
            value += log_x + 2.0 * problem.x.log_determinant();
        }
        self.criterion = value - problem.log_weights;
        self.set_gradient(pieces, likelihood, degrees / r2);
    }

    fn set_gradient(&mut self, pieces: &Pieces, likelihood: Likelihood, factor: f64) {
        let (q, p) = (pieces.q, pieces.q - 1);
        for theta in 0..self.gradient.len() {
            let d_s = pieces.d_s(theta);
            let mut slope = pieces.d_log_det[theta] + factor * self.d_r2(d_s, q);
            if likelihood == Likelihood::Restricted {
                for i in 0..p {
                    slope += dot(self.covariance.row(i), &d_s[i * q..i * q + p]);
                }
            }
            self.gradient[theta] = slope;
        }
    }

    /// v'dSv with v = (−β, 1).
    pub fn d_r2(&self, d_s: &[f64], q: usize) -> f64 {
        let p = q - 1;
        let mut sum = d_s[p * q + p];
        for i in 0..p {
            sum -= 2.0 * self.beta[i] * d_s[i * q + p];
            sum += self.beta[i] * dot(&self.beta, &d_s[i * q..i * q + p]);
        }
        sum
    }

    /// (X'V⁻¹X)⁻¹ by Cholesky; the logarithm of the determinant before.
    fn invert_information(&mut self, pieces: &Pieces) -> Option<f64> {
        let (q, p) = (pieces.q, pieces.q - 1);
        let (l, inverse) = self.work.split_at_mut(p * p);
        for (row, s) in l.chunks_exact_mut(p.max(1)).zip(pieces.s.chunks_exact(q)) {
            row.copy_from_slice(&s[..p]);
        }
        if !cholesky_in_place(l, p) {
            return None;
        }
        inverse_of_cholesky(l, p, inverse);
        for i in 0..p {
            (0..p).for_each(|j| self.covariance[(i, j)] = inverse[i * p + j]);
        }
        Some(2.0 * (0..p).map(|at| l[at * p + at].ln()).sum::<f64>())
    }
}
