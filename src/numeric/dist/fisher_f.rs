//! Fisher's F distribution.

use super::LARGE_DF;
use super::beta::{beta_quantile, beta_quantile_and_rest, incomplete_beta};
use super::chi_squared::{chi_squared_cdf, chi_squared_quantile, chi_squared_sf};
use super::normal::{normal_quantile, normal_sf};

/// The probability of more than `f` with `d1` and `d2` degrees of freedom, each of which may be infinite.
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
    if f.is_infinite() {
        return 0.0;
    }
    if d1 >= LARGE_DF && d2 >= LARGE_DF {
        let spread = spread_of_log(d1, d2);
        return if spread > 0.0 { normal_sf(f.ln() / spread) } else { f64::from(u8::from(f < 1.0)) };
    }
    if d2 >= LARGE_DF {
        return chi_squared_sf(f * d1, d1);
    }
    if d1 >= LARGE_DF {
        return chi_squared_cdf(d2 / f, d2);
    }
    let ratio = d1 / d2 * f;
    let (x, y) = (1.0 / (1.0 + ratio), ratio / (1.0 + ratio));
    incomplete_beta(x, y, 0.5 * d2, 0.5 * d1)
}

/// The probability of at most `f`.
pub fn f_cdf(f: f64, d1: f64, d2: f64) -> f64 {
    if d2.is_infinite() {
        return if d1.is_infinite() { 1.0 - f_sf(f, d1, d2) } else { chi_squared_cdf(f * d1, d1) };
    }
    if f > 0.0 { f_sf(1.0 / f, d2, d1) } else { 1.0 - f_sf(f, d1, d2) }
}

/// The standard deviation of ln F where both degrees of freedom are so many that it is normal.
fn spread_of_log(d1: f64, d2: f64) -> f64 {
    (2.0 / d1 + 2.0 / d2).sqrt()
}

/// The `f` that is exceeded with probability `p`; no number where `p` is none between 0 and 1. Degrees of freedom may
/// be infinite, as for [`f_sf`].
///
/// ```
/// use reffect::numeric::dist::{f_quantile_upper, f_sf};
/// assert!((f_sf(f_quantile_upper(0.003, 4.0, 11.0), 4.0, 11.0) / 0.003 - 1.0).abs() < 1e-13);
/// ```
pub fn f_quantile_upper(p: f64, d1: f64, d2: f64) -> f64 {
    if !((0.0..=1.0).contains(&p) && d1 > 0.0 && d2 > 0.0) {
        return f64::NAN;
    }
    if d1 >= LARGE_DF && d2 >= LARGE_DF {
        let spread = spread_of_log(d1, d2);
        return if spread > 0.0 { (-spread * normal_quantile(p)).exp() } else { 1.0 };
    }
    if d2 >= LARGE_DF {
        return chi_squared_quantile(1.0 - p, d1) / d1;
    }
    if d1 >= LARGE_DF {
        return d2 / chi_squared_quantile(p, d2);
    }
    // With many degrees of freedom the share is next to 1, and its distance from there has the digits.
    if p <= 0.5 && d2 > 1e6 {
        let (share, rest) = beta_quantile_and_rest(p, 0.5 * d2, 0.5 * d1);
        return d2 / d1 * rest / share;
    }
    // On the side where the share is the smaller part, which keeps its digits.
    if p <= 0.5 {
        let share = beta_quantile(p, 0.5 * d2, 0.5 * d1);
        return d2 / d1 * (1.0 - share) / share;
    }
    let share = beta_quantile(1.0 - p, 0.5 * d1, 0.5 * d2);
    d2 / d1 * share / (1.0 - share)
}
