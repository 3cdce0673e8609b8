//! Gauss' hypergeometric function.

use super::quadrature::over_panels;
use std::f64::consts::FRAC_PI_2;

/// ₂F₁(a, b; c; z) for 0 ≤ z ≤ 1, b > 0 and c > b, where it is finite. The caller gives `z` and
/// `rest` = 1 − z, since it often knows the smaller of them with more digits.
///
/// The series where its terms fall fast; Euler's integral with t = cos² φ elsewhere, on panels
/// that shrink towards φ = 0, where the integrand bends for z close to 1.
///
/// Source: Abramowitz & Stegun (1964), eq. 15.1.1 and 15.3.1.
///
/// ```
/// use reffect::numeric::hypergeometric::gauss_2f1;
/// // ₂F₁(1, 1; 2; z) = −ln(1 − z)/z
/// assert!((gauss_2f1(1.0, 1.0, 2.0, 0.5, 0.5) - 2.0 * 2f64.ln()).abs() < 1e-15);
/// ```
pub fn gauss_2f1(a: f64, b: f64, c: f64, z: f64, rest: f64) -> f64 {
    if z <= 0.5 || c - a - b >= 12.0 { series(a, b, c, z) } else { integral(a, b, c, rest) }
}

fn series(a: f64, b: f64, c: f64, z: f64) -> f64 {
    const MAX_TERMS: u32 = 100_000;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 0..MAX_TERMS {
        let k = f64::from(k);
        term *= (a + k) / (c + k) * (b + k) / (k + 1.0) * z;
        sum += term;
        if term <= 0.1 * f64::EPSILON * sum {
            break;
        }
    }
    sum
}

fn integral(a: f64, b: f64, c: f64, rest: f64) -> f64 {
    let front = (libm::lgamma(c) - libm::lgamma(b) - libm::lgamma(c - b)).exp();
    let integrand = |phi: f64| {
        let (sin, cos) = phi.sin_cos();
        let denominator = (sin * sin + rest * cos * cos).powf(a);
        [2.0 * cos.powf(2.0 * b - 1.0) * sin.powf(2.0 * (c - b) - 1.0) / denominator]
    };
    // A quarter each time: no panel is long against its distance from the bend.
    let mut breaks: Vec<f64> = (0..26).map(|step| FRAC_PI_2 * 0.25f64.powi(step)).collect();
    breaks.push(0.0);
    breaks.reverse();
    let [integral] = over_panels(integrand, &breaks);
    front * integral
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_closed_forms_on_both_ways() {
        for z in [1e-6, 0.1, 0.4999, 0.5001, 0.7, 0.9, 0.999, 0.999_999] {
            let rest = 1.0 - z;
            let log = -f64::ln_1p(-z) / z;
            assert!((gauss_2f1(1.0, 1.0, 2.0, z, rest) / log - 1.0).abs() < 1e-10 / (1.0 - z).sqrt().max(1e-3), "{z}");
            // ₂F₁(½, ½; 3/2; x²) = arcsin(x)/x
            let arcsine = z.sqrt().asin() / z.sqrt();
            assert!((gauss_2f1(0.5, 0.5, 1.5, z, rest) / arcsine - 1.0).abs() < 1e-12, "{z}");
            // Where both ways are good, they agree.
            assert!((series(0.5, 0.5, 20.0, z) / integral(0.5, 0.5, 20.0, rest) - 1.0).abs() < 1e-13, "{z}");
        }
    }
}
