//! The bivariate standard normal distribution.

use super::normal::normal_cdf;
use crate::numeric::quadrature::over_panels;
use std::f64::consts::{FRAC_PI_2, PI};

/// The density at (`h`, `k`) with correlation `r`.
pub fn bivariate_normal_density(h: f64, k: f64, r: f64) -> f64 {
    let rest = (1.0 - r) * (1.0 + r);
    (-0.5 * (h * h - 2.0 * r * h * k + k * k) / rest).exp() / (2.0 * PI * rest.sqrt())
}

/// The probability that the first is at most `h` and the second at most `k`, with correlation `r`.
///
/// The derivative in r is the density, so the integral over r from independence gives the rest;
/// with r = sin θ it is smooth, but for a bend at ±π/2, towards which the panels shrink.
///
/// Source: Plackett (1954), Biometrika 41:351; Drezner & Wesolowsky (1990), J Stat Comput Simul
/// 35:101.
///
/// ```
/// use reffect::numeric::dist::bivariate_normal_cdf;
/// // Sheppard (1899): ¼ + arcsin(r)/(2π) at the origin.
/// assert!((bivariate_normal_cdf(0.0, 0.0, 0.5) - 1.0 / 3.0).abs() < 1e-15);
/// ```
pub fn bivariate_normal_cdf(h: f64, k: f64, r: f64) -> f64 {
    if h.is_nan() || k.is_nan() || r.is_nan() || r.abs() > 1.0 {
        return f64::NAN;
    }
    if r >= 1.0 {
        return normal_cdf(h.min(k));
    }
    if r <= -1.0 {
        return (normal_cdf(h) - normal_cdf(-k)).max(0.0);
    }
    let end = r.asin();
    let integrand = |theta: f64| {
        let (sin, cos) = theta.sin_cos();
        // (h² − 2hk sin θ + k²)/cos² θ without a difference of near numbers.
        let form = (h - k * sin).powi(2) / (cos * cos) + k * k;
        [(-0.5 * form).exp()]
    };
    let reach = end.abs();
    let mut breaks = vec![0.0, reach];
    breaks.extend((1..40).map(|step| FRAC_PI_2 * (1.0 - 0.5f64.powi(step))).filter(|theta| *theta < reach));
    breaks.sort_by(f64::total_cmp);
    let signed = |theta: f64| integrand(theta.copysign(end));
    let [integral] = over_panels(signed, &breaks);
    let tail = normal_cdf(h) * normal_cdf(k);
    (tail + integral.copysign(end) / (2.0 * PI)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_symmetries_hold() {
        for (h, k) in [(0.3, -1.2), (-0.5, -0.5), (1.0, 2.0), (0.0, 0.7)] {
            for r in [-0.999_999, -0.9, -0.3, 0.0, 0.4, 0.95, 0.999_999] {
                let p = bivariate_normal_cdf(h, k, r);
                assert!((p - bivariate_normal_cdf(k, h, r)).abs() < 1e-15);
                // Turning the second variable round.
                let turned = normal_cdf(h) - bivariate_normal_cdf(h, -k, -r);
                assert!((p - turned).abs() < 1e-14, "{h} {k} {r}: {p} {turned}");
            }
            assert_eq!(bivariate_normal_cdf(h, k, 1.0), normal_cdf(h.min(k)));
        }
    }
}
