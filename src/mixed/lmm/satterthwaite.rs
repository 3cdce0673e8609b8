//! Satterthwaite's degrees of freedom.
//!
//! df = 2 v² / (g'Ag) for v = L'V(β)L, g its derivatives by (θ, log σ²) and A = 2H⁻¹ with H the second
//! derivatives of −2 log-likelihood. An entry of θ in a column that is 0 has no derivative there and
//! does not count. Source: Giesbrecht & Burns (1985), Biometrics 41:477; Fai & Cornelius (1996), J Stat
//! Comput Simul 54:363; Kuznetsova, Brockhoff & Christensen (2017), J Stat Softw 82(13).

use super::kernel::Kernel;
use super::pieces::Profiled;
use super::problem::Problem;
use super::search::Found;
use crate::numeric::matrix::{Matrix, dot};

/// What every linear function needs.
#[derive(Clone, Debug)]
pub(super) struct Satterthwaite {
    /// (X'V⁻¹X)⁻¹ of the columns Q, in units of σ².
    covariance: Matrix,
    /// Its derivatives by the free entries of θ.
    derivatives: Vec<Matrix>,
    /// The covariance of the free entries of θ and log σ².
    spread: Matrix,
}

impl Satterthwaite {
    /// From second derivatives at the estimate, which the kernel was asked for last.
    pub fn new(problem: &Problem, kernel: &Kernel, found: &Found) -> Self {
        let Found { curvature, fixed, flat, .. } = found;
        let free: Vec<usize> = (0..fixed.len()).filter(|&at| !fixed[at]).collect();
        let (pieces, profiled) = (&kernel.pieces, &kernel.profiled);
        let covariance = profiled.covariance.clone();
        let (p, q) = (pieces.q - 1, pieces.q);
        let derivative = |&theta: &usize| {
            let d_s = pieces.d_s(theta);
            let inner = Matrix::from_fn(p, p, |i, j| -d_s[i * q + j]);
            covariance.times(&inner).times(&covariance)
        };
        let derivatives = free.iter().map(derivative).collect();
        let degrees = Profiled::degrees(problem, kernel.likelihood);
        let sigma2 = profiled.r2 / degrees;
        let m = free.len();
        let hessian = Matrix::from_fn(m + 1, m + 1, |i, j| match (i == m, j == m) {
            (false, false) => curvature.log_det[(free[i], free[j])] + curvature.r2[(free[i], free[j])] / sigma2,
            (true, true) => degrees,
            (true, false) => -curvature.slope[free[j]] / sigma2,
            (false, true) => -curvature.slope[free[i]] / sigma2,
        });
        let spread = inverse(&hessian, *flat).scaled(2.0);
        Self { covariance, derivatives, spread }
    }

    /// The degrees of freedom of a linear function over the columns Q.
    pub fn df(&self, of: &[f64]) -> f64 {
        let variance = self.covariance.quadratic(of);
        let mut slope: Vec<f64> = self.derivatives.iter().map(|derivative| derivative.quadratic(of)).collect();
        slope.push(variance);
        2.0 * variance * variance / dot(&self.spread.times_vector(&slope), &slope)
    }
}

/// The inverse; where second derivatives are not those of a minimum, or vanish in some direction, over the directions
/// in which they are.
pub(in crate::mixed) fn inverse(matrix: &Matrix, flat: bool) -> Matrix {
    if let Some(cholesky) = matrix.cholesky().filter(|_| !flat) {
        return cholesky.inverse();
    }
    let (values, vectors) = matrix.symmetric_eigen();
    let largest = values.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    let n = values.len();
    Matrix::from_fn(n, n, |i, j| {
        let used = (0..n).filter(|&at| values[at] > 1e-6 * largest);
        used.map(|at| vectors[(i, at)] * vectors[(j, at)] / values[at]).sum()
    })
}
