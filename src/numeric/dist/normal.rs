//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// The probability of at most `x`.
///
/// Source: Abramowitz & Stegun (1964), eq. 26.2.29, Φ(x) = erfc(−x/√2)/2.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The probability of more than `x`, which keeps its digits where `1 − cdf` has none.
pub fn normal_sf(x: f64) -> f64 {
    normal_cdf(-x)
}

/// The density at `x`.
pub fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// The two-sided critical value at a confidence level: half of what the level leaves lies beyond it.
///
/// A level is between 0 and 1, here and in whatever takes one: 0.95 for an interval of 95 %. Others give NaN.
///
/// The tail is taken from the level without the detour by ½ + ½ level, which is 1 for levels next to 1.
///
/// ```
/// use reffect::numeric::dist::normal_critical;
/// assert!((normal_critical(0.95) - 1.959_963_984_540_054).abs() < 1e-14);
/// assert!(normal_critical(0.999_999_999_999_999_9).is_finite());
/// ```
pub fn normal_critical(level: f64) -> f64 {
    normal_of_two_sided_p(1.0 - level)
}

/// The size of the standard normal deviate that has a two-sided p; infinite at 0.
///
/// ```
/// use reffect::numeric::dist::{normal_of_two_sided_p, normal_two_sided_p};
/// assert!((normal_of_two_sided_p(0.05) - 1.959_963_984_540_054).abs() < 1e-14);
/// assert!((normal_two_sided_p(normal_of_two_sided_p(1e-200)) / 1e-200 - 1.0).abs() < 1e-9);
/// ```
pub fn normal_of_two_sided_p(p: f64) -> f64 {
    -normal_quantile(0.5 * p)
}

/// The two-sided p of a standard normal deviate.
pub fn normal_two_sided_p(z: f64) -> f64 {
    2.0 * normal_sf(z.abs())
}

/// α of a confidence level: 0.05 for 0.95, where 1 − 0.95 is 0.05000000000000004 and above a printed 0.05.
///
/// ```
/// use reffect::numeric::dist::alpha_of;
/// assert_eq!((alpha_of(0.95), alpha_of(0.999)), (0.05, 0.001));
/// ```
pub fn alpha_of(level: f64) -> f64 {
    ((1.0 - level) * 1e12).round() / 1e12
}

/// The `x` with probability `p` of at most `x`; infinite at 0 and 1, NaN outside.
///
/// ```
/// use reffect::numeric::dist::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    // The lower half is solved, where cdf and density keep their relative precision.
    let tail = p.min(1.0 - p);
    if tail == 0.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let mut x = -SQRT_2 * statrs::function::erf::erfc_inv(2.0 * tail);
    for _ in 0..3 {
        let error = (normal_cdf(x) - tail) / normal_density(x);
        if !error.is_finite() {
            break;
        }
        // Halley's step: the second derivative of the cdf is −x times the first.
        x -= error / (1.0 + 0.5 * x * error);
    }
    if p <= 0.5 { x } else { -x }
}
