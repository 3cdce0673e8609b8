//! The adjustment of residuals by which a cluster-robust variance is unbiased if the model holds: CR2.
//!
//! A = D′B^(−½)D with M = D′D and B = D(M − QCQ′)D′, whatever the root D of M. Directions without variance are left out.
//!
//! Source: Pustejovsky & Tipton (2018), J Bus Econ Stat 36:672, eq. 10 and 11.

use super::robust::Cluster;
use crate::meta::problem::MetaError;
use crate::numeric::matrix::Matrix;
use std::f64::consts::FRAC_2_PI;

/// With fewer rows the eigenvalues of B cost no more than the sum that does without them.
const LARGE: usize = 60;

/// A′M⁻¹Q of a cluster.
///
/// # Errors
/// If M is singular.
pub(super) fn adjusted_scores(part: &Cluster, c: &Matrix) -> Result<Matrix, MetaError> {
    let is_large = part.is_diagonal && part.m.rows() > LARGE;
    match is_large.then(|| of_diagonal(part, c)).flatten() {
        Some(scores) => Ok(scores),
        None => Ok(adjustment(part, c)?.times(&part.weighted)),
    }
}

fn singular() -> MetaError {
    MetaError::Option("the covariance is singular".to_owned())
}

/// A, by the eigenvalues of B.
fn adjustment(part: &Cluster, c: &Matrix) -> Result<Matrix, MetaError> {
    let lower = part.m.cholesky().ok_or_else(singular)?.lower();
    let upper = lower.transposed();
    let rest = part.m.plus(&part.q.times(c).times(&part.q.transposed()).scaled(-1.0));
    let b = upper.times(&rest).times(&lower);
    let (values, vectors) = b.symmetric_eigen();
    let largest = values.last().copied().unwrap_or(0.0);
    let root = |value: f64| if value > 1e-12 * largest { 1.0 / value.sqrt() } else { 0.0 };
    let scaled =
        Matrix::from_fn(vectors.rows(), vectors.columns(), |row, column| vectors[(row, column)] * root(values[column]));
    Ok(lower.times(&scaled).times(&vectors.transposed()).times(&upper))
}

/// A cluster that leaves a direction of the coefficients less than this share of its variance nearly determines it, and
/// B is nearly singular.
const LEAST_LEFT: f64 = 1e-4;

/// The steps of the sum for the root of a matrix: its error is e^(−π²/h), 5e-17.
const STEP: f64 = 0.2632;

/// Beyond this, e^−u and e^u leave nothing of its ends.
const REACH: f64 = 37.0;

/// A′M⁻¹Q where M is diagonal, without a matrix of the size of the cluster: with D = M^(½), B = M² − RR′ for R = DQC^(½)
/// of p columns, and B^(−½) = (2/π)∫ eᵘ(B + e²ᵘ)⁻¹du by the trapezoidal rule, which converges geometrically. Each of
/// its terms is a diagonal matrix less one of rank p. None where B is nearly singular.
///
/// Source: of the sum, Trefethen & Weideman (2014), SIAM Rev 56:385, section 5; Woodbury's formula.
fn of_diagonal(part: &Cluster, c: &Matrix) -> Option<Matrix> {
    let (m, p) = (part.m.diagonal(), c.rows());
    let root = c.cholesky()?.lower();
    let qc = part.q.times(&root);
    let left = Matrix::identity(p)
        .plus(&root.transposed().times(&part.q.transposed_times(&part.weighted)).times(&root).scaled(-1.0));
    let least = left.symmetric_eigen().0.first().copied().unwrap_or(1.0);
    if least.is_nan() || least < LEAST_LEFT {
        return None;
    }
    let scaled = |of: &Matrix, by: &dyn Fn(f64) -> f64| Matrix::from_fn(m.len(), p, |row, j| of[(row, j)] * by(m[row]));
    let r = scaled(&qc, &f64::sqrt);
    // D⁻¹Q, to which B^(−½) and then D are applied.
    let y = scaled(&part.q, &|m| 1.0 / m.sqrt());
    let (smallest, largest) = m.iter().fold((f64::INFINITY, 0.0f64), |(a, b), m| (a.min(*m), b.max(*m)));
    let (first, last) = ((smallest * least.sqrt()).ln() - REACH, largest.ln() + REACH);
    let mut sum = Matrix::zeros(m.len(), p);
    for at in 0..=((last - first) / STEP) as usize {
        let e = (first + STEP * at as f64).exp();
        let inverse = |m: f64| 1.0 / (m * m + e * e);
        let (dy, dr) = (scaled(&y, &inverse), scaled(&r, &inverse));
        let inner = Matrix::identity(p).plus(&r.transposed_times(&dr).scaled(-1.0)).cholesky()?;
        sum.add(&dy, e);
        sum.add(&dr.times(&inner.solve_matrix(&r.transposed_times(&dy))), e);
    }
    Some(scaled(&sum, &|m| m.sqrt() * FRAC_2_PI * STEP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Random;

    /// A cluster of independent rows with a slope, and (Q′M⁻¹Q)⁻¹ of it beside others.
    fn cluster(rows: usize, spread: f64, others: f64) -> (Cluster, Matrix) {
        let mut random = Random::seeded(5);
        let m: Vec<f64> = (0..rows).map(|_| 0.1 * (spread * random.normal()).exp()).collect();
        let x: Vec<f64> = (0..rows).map(|_| random.normal()).collect();
        let q = Matrix::from_fn(rows, 2, |row, j| if j == 0 { 1.0 } else { x[row] });
        let weighted = Matrix::from_fn(rows, 2, |row, j| q[(row, j)] / m[row]);
        let c = q.transposed_times(&weighted).scaled(1.0 + others).cholesky().unwrap().inverse();
        let m = Matrix::from_fn(rows, rows, |a, b| if a == b { m[a] } else { 0.0 });
        (Cluster::of_independent(q, weighted, m), c)
    }

    /// With U = A′M⁻¹Q the variance is unbiased if the model holds: U′(M − QCQ′)U = Q′M⁻¹Q.
    #[test]
    fn the_sum_is_the_root_that_the_eigenvalues_give() {
        // Where variances differ 10,000-fold, eigenvalues lose ten digits, and the sum none.
        for (spread, others, digits) in [(0.0, 1.0, 1e-10), (0.5, 4.0, 1e-10), (1.0, 100.0, 1e-10), (2.0, 0.2, 1e-6)] {
            let (part, c) = cluster(LARGE + 10, spread, others);
            let (sum, whole) = (of_diagonal(&part, &c).unwrap(), adjustment(&part, &c).unwrap().times(&part.weighted));
            let rest = part.m.plus(&part.q.times(&c).times(&part.q.transposed()).scaled(-1.0));
            let (found, expected) = (sum.transposed_times(&rest.times(&sum)), part.q.transposed_times(&part.weighted));
            let close = |a: f64, b: f64, by: f64, size: f64| assert!((a - b).abs() < by * size, "{spread}: {a} {b}");
            for i in 0..2 {
                let size = (expected[(i, i)] * expected[(1 - i, 1 - i)]).sqrt();
                close(found[(i, i)], expected[(i, i)], 1e-12, expected[(i, i)]);
                close(found[(i, 1 - i)], expected[(i, 1 - i)], 1e-12, size);
                for row in 0..part.m.rows() {
                    close(sum[(row, i)], whole[(row, i)], digits, whole[(row, i)].abs().max(1.0));
                }
            }
        }
    }

    /// Nothing but the cluster tells of the coefficients.
    #[test]
    fn a_cluster_that_determines_a_coefficient_is_left_to_the_eigenvalues() {
        let (part, c) = cluster(LARGE + 10, 0.5, 0.0);
        assert!(of_diagonal(&part, &c).is_none());
    }
}
