//! Numerical integration against a normal density.

use super::matrix::Matrix;

/// The nodes of the Gauss–Hermite rule with `points` points, ascending, with the logarithms of their
/// weights: ∫ f(x) exp(−x²) dx ≈ Σ wₖ f(xₖ), exact for polynomials up to degree 2 · points − 1; empty without points.
///
/// The nodes are the eigenvalues of the Jacobi matrix of the Hermite polynomials, improved by Newton's
/// steps; Golub & Welsch (1969), Math Comp 23:221.
///
/// ```
/// use reffect::numeric::gauss_hermite::gauss_hermite;
/// let second: f64 = gauss_hermite(5).iter().map(|(x, log_weight)| x * x * log_weight.exp()).sum();
/// assert!((second - std::f64::consts::PI.sqrt() / 2.0).abs() < 1e-14);
/// ```
pub fn gauss_hermite(points: usize) -> Vec<(f64, f64)> {
    let beside = |i: usize, j: usize| if i.abs_diff(j) == 1 { (0.5 * i.max(j) as f64).sqrt() } else { 0.0 };
    let (nodes, _) = Matrix::from_fn(points, points, beside).symmetric_eigen();
    let n = points as f64;
    let improved = |start: f64| {
        // Orthonormal polynomials times exp(−x²/2), which neither grow nor vanish.
        let at = |x: f64| {
            let (mut before, mut here) = (0.0, std::f64::consts::PI.powf(-0.25) * (-0.5 * x * x).exp());
            for k in 0..points {
                let k = k as f64;
                (before, here) = (here, x * (2.0 / (k + 1.0)).sqrt() * here - (k / (k + 1.0)).sqrt() * before);
            }
            (here, before)
        };
        let mut x = start;
        for _ in 0..4 {
            let (here, before) = at(x);
            // At a zero the slope of the polynomial is √(2n) times the one before it.
            x -= here / ((2.0 * n).sqrt() * before);
        }
        let (_, before) = at(x);
        (x, -x * x - (n * before * before).ln())
    };
    nodes.into_iter().map(improved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_without_points_is_empty() {
        assert!(gauss_hermite(0).is_empty());
    }

    #[test]
    fn hermite_rules_integrate_the_normal_moments() {
        for points in [1, 2, 3, 9, 25, 60] {
            let rule = gauss_hermite(points);
            let mut moment = std::f64::consts::PI.sqrt();
            for degree in (0..(2 * points as i32).min(24)).step_by(2) {
                let found: f64 = rule.iter().map(|(x, log)| x.powi(degree) * log.exp()).sum();
                assert!((found / moment - 1.0).abs() < 1e-12, "{points} {degree}: {found} {moment}");
                moment *= 0.5 * f64::from(degree + 1);
            }
        }
    }
}
