//! Noncentral χ² and F, as mixtures over a Poisson number.
//!
//! The mixtures have some 20 terms for each unit of the root of the noncentrality, so that there is none beyond a
//! limit.

use super::LARGE_DF;
use super::beta::incomplete_beta;
use super::chi_squared::{chi_squared_cdf, chi_squared_sf, front};
use super::fisher_f::{f_cdf, f_sf};

/// Σ w(j) f(j) with the Poisson weights of mean `half`, from the largest weight outwards, and as far as
/// a probability of up to 1 could still change a digit of the sum: far in a tail that is farther out
/// than where the weights alone would be negligible.
fn mixture(half: f64, f: impl Fn(f64) -> f64) -> f64 {
    let mode = half.floor();
    let weight = if mode == 0.0 { (-half).exp() } else { front(half, mode) };
    let mut sum = weight * f(mode);
    let counts = |w: f64, sum: f64| w > (1e-18 * sum).max(f64::MIN_POSITIVE);
    let (mut j, mut w) = (mode, weight);
    while counts(w, sum) {
        j += 1.0;
        w *= half / j;
        sum += w * f(j);
    }
    let (mut j, mut w) = (mode, weight);
    while j > 0.0 && counts(w, sum) {
        w *= j / half;
        j -= 1.0;
        sum += w * f(j);
    }
    sum.clamp(0.0, 1.0)
}

fn is_impossible(x: f64, df: f64, ncp: f64) -> bool {
    x.is_nan() || df.is_nan() || ncp.is_nan() || df <= 0.0 || !(0.0..=MOST_NONCENTRALITY).contains(&ncp)
}

/// The terms of the mixture for a larger noncentrality would take minutes.
const MOST_NONCENTRALITY: f64 = 1e7;

/// The probability of at most `x` for a noncentral χ² variable; NaN for a noncentrality above 10⁷.
///
/// Source: Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, eq. 29.2.
///
/// ```
/// use reffect::numeric::dist::{noncentral_chi_squared_cdf, normal_cdf};
/// // With one degree of freedom it is the square of a shifted normal variable.
/// let p = noncentral_chi_squared_cdf(4.0, 1.0, 2.25);
/// assert!((p - (normal_cdf(0.5) - normal_cdf(-3.5))).abs() < 1e-15);
/// ```
pub fn noncentral_chi_squared_cdf(x: f64, df: f64, ncp: f64) -> f64 {
    if is_impossible(x, df, ncp) {
        return f64::NAN;
    }
    mixture(0.5 * ncp, |j| chi_squared_cdf(x, df + 2.0 * j))
}

/// The probability of more than `x` for a noncentral χ² variable; NaN for a noncentrality above 10⁷.
pub fn noncentral_chi_squared_sf(x: f64, df: f64, ncp: f64) -> f64 {
    if is_impossible(x, df, ncp) {
        return f64::NAN;
    }
    mixture(0.5 * ncp, |j| chi_squared_sf(x, df + 2.0 * j))
}

/// The probability of at most `f` for a noncentral F variable; NaN for a noncentrality above 10⁷. Degrees of freedom
/// may be infinite, as for [`f_sf`].
///
/// Source: Johnson, Kotz & Balakrishnan (1995), eq. 30.10.
///
/// ```
/// use reffect::numeric::dist::{noncentral_f_cdf, noncentral_t_cdf};
/// // With one degree of freedom in the numerator it is the square of a noncentral t variable.
/// let p = noncentral_f_cdf(4.0, 1.0, 6.0, 2.25);
/// assert!((p - (noncentral_t_cdf(2.0, 6.0, 1.5) - noncentral_t_cdf(-2.0, 6.0, 1.5))).abs() < 1e-13);
/// ```
pub fn noncentral_f_cdf(f: f64, d1: f64, d2: f64, ncp: f64) -> f64 {
    noncentral_f(f, d1, d2, ncp, false)
}

/// The probability of more than `f` for a noncentral F variable; NaN as for [`noncentral_f_cdf`].
pub fn noncentral_f_sf(f: f64, d1: f64, d2: f64, ncp: f64) -> f64 {
    noncentral_f(f, d1, d2, ncp, true)
}

fn noncentral_f(f: f64, d1: f64, d2: f64, ncp: f64, above: bool) -> f64 {
    if is_impossible(f, d1, ncp) || d2.is_nan() || d2 <= 0.0 {
        return f64::NAN;
    }
    if f <= 0.0 || f.is_infinite() {
        return if (f <= 0.0) == above { 1.0 } else { 0.0 };
    }
    // Beside so many degrees of freedom the noncentrality is nothing.
    if d1 >= LARGE_DF {
        return if above { f_sf(f, d1, d2) } else { f_cdf(f, d1, d2) };
    }
    if d2 >= LARGE_DF {
        let x = f * d1;
        return if above { noncentral_chi_squared_sf(x, d1, ncp) } else { noncentral_chi_squared_cdf(x, d1, ncp) };
    }
    let ratio = d1 / d2 * f;
    let (x, y) = (ratio / (1.0 + ratio), 1.0 / (1.0 + ratio));
    let tail = |j: f64| {
        let (a, b) = (0.5 * d1 + j, 0.5 * d2);
        if above { incomplete_beta(y, x, b, a) } else { incomplete_beta(x, y, a, b) }
    };
    mixture(0.5 * ncp, tail)
}
