//! Fisher's F distribution.

use super::beta::{beta_quantile, incomplete_beta};
use super::chi_squared::{chi_squared_cdf, chi_squared_quantile, chi_squared_sf};

/// The probability of more than `f` with `d1` and `d2` degrees of freedom; `d2` may be infinite.
///
/// Source: Abramowitz & Stegun (1964), eq. 26.6.2.
///
/// ```
/// use reffect::numeric::dist::f_sf;
/// // F with 1 and ν degrees of freedom is the square of t with ν.
/// assert!((f_sf(2.446_911_851_144_969_f64.powi(2), 1.0, 6.0) - 0.05).abs() < 1e-15);
/// ```
pub fn f_sf(f: f64, d1: f64, d2: f64) -> f64 {
    if f.is_nan() || d1.is_nan() || d2.is_nan() || d1 <= 0.0 || d2 <= 0.0 {
        return f64::NAN;
    }
    if f <= 0.0 {
        return 1.0;
    }
    if d2.is_infinite() {
        return chi_squared_sf(f * d1, d1);
    }
    if f.is_infinite() {
        return 0.0;
    }
    let ratio = d1 / d2 * f;
    let (x, y) = (1.0 / (1.0 + ratio), ratio / (1.0 + ratio));
    incomplete_beta(x, y, 0.5 * d2, 0.5 * d1)
}

/// The probability of at most `f`.
pub fn f_cdf(f: f64, d1: f64, d2: f64) -> f64 {
    if d2.is_infinite() {
        return chi_squared_cdf(f * d1, d1);
    }
    if f > 0.0 { f_sf(1.0 / f, d2, d1) } else { 1.0 - f_sf(f, d1, d2) }
}

/// The `f` that is exceeded with probability `p`; no number where `p` is none between 0 and 1. `d2` may be infinite, as
/// for [`f_sf`].
///
/// ```
/// use reffect::numeric::dist::{f_quantile_upper, f_sf};
/// assert!((f_sf(f_quantile_upper(0.003, 4.0, 11.0), 4.0, 11.0) / 0.003 - 1.0).abs() < 1e-13);
/// ```
pub fn f_quantile_upper(p: f64, d1: f64, d2: f64) -> f64 {
    if d2.is_infinite() {
        return chi_squared_quantile(1.0 - p, d1) / d1;
    }
    // On the side where the share is the smaller part, which keeps its digits.
    if p <= 0.5 {
        let share = beta_quantile(p, 0.5 * d2, 0.5 * d1);
        return d2 / d1 * (1.0 - share) / share;
    }
    let share = beta_quantile(1.0 - p, 0.5 * d1, 0.5 * d2);
    d2 / d1 * share / (1.0 - share)
}
