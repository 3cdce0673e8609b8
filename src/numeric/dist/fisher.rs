//! The F distribution.

use super::beta::incomplete_beta;
use super::chi_squared::chi_squared_sf;

/// The probability of more than `x` with `df1` and `df2` degrees of freedom; `df2` may be infinite.
///
/// Source: Abramowitz & Stegun (1964), eq. 26.6.2.
///
/// ```
/// use reffect::numeric::dist::{f_sf, t_two_sided_p};
/// assert!((f_sf(4.0, 1.0, 6.0) - t_two_sided_p(2.0, 6.0)).abs() < 1e-15);
/// ```
pub fn f_sf(x: f64, df1: f64, df2: f64) -> f64 {
    if x.is_nan() || df1.is_nan() || df2.is_nan() || df1 <= 0.0 || df2 <= 0.0 {
        return f64::NAN;
    }
    if df2.is_infinite() {
        return chi_squared_sf(x * df1, df1);
    }
    if x <= 0.0 || x.is_infinite() {
        return if x <= 0.0 { 1.0 } else { 0.0 };
    }
    let share = df1 * x / df2;
    incomplete_beta(1.0 / (1.0 + share), share / (1.0 + share), 0.5 * df2, 0.5 * df1)
}

/// The probability of at most `x`.
pub fn f_cdf(x: f64, df1: f64, df2: f64) -> f64 {
    if x > 0.0 && df2.is_finite() { f_sf(1.0 / x, df2, df1) } else { 1.0 - f_sf(x, df1, df2) }
}
