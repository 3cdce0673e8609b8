//! The gamma distribution, and χ² with it.

use super::gamma::{log1p_deficit, stirling_error};
use super::normal::normal_quantile;
use crate::numeric::roots::{Probe, newton_in_bracket};
use std::f64::consts::PI;

/// The probability of at most `x` for a gamma variable of this shape and scale 1: the regularised
/// incomplete gamma function P(a, x).
///
/// ```
/// use reffect::numeric::dist::gamma_cdf;
/// assert!((gamma_cdf(2.0, 1.0) - (1.0 - (-2f64).exp())).abs() < 1e-15);
/// ```
pub fn gamma_cdf(x: f64, shape: f64) -> f64 {
    both_tails(x, shape).0
}

/// The probability of more than `x`.
pub fn gamma_sf(x: f64, shape: f64) -> f64 {
    both_tails(x, shape).1
}

/// The probability of at most `x` for a χ² variable with `df` degrees of freedom.
pub fn chi_squared_cdf(x: f64, df: f64) -> f64 {
    gamma_cdf(0.5 * x, 0.5 * df)
}

/// The probability of more than `x` for a χ² variable with `df` degrees of freedom.
///
/// ```
/// use reffect::numeric::dist::chi_squared_sf;
/// assert!((chi_squared_sf(3.841_458_820_694_124, 1.0) - 0.05).abs() < 1e-15);
/// ```
pub fn chi_squared_sf(x: f64, df: f64) -> f64 {
    gamma_sf(0.5 * x, 0.5 * df)
}

/// P(a, x) and 1 − P(a, x), each by the way that keeps its digits.
fn both_tails(x: f64, a: f64) -> (f64, f64) {
    if x.is_nan() || a.is_nan() || a <= 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() && a.is_infinite() {
        return (f64::NAN, f64::NAN);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    if a > LARGE_SHAPE {
        return large_shape_tails(x, a);
    }
    if x < a + 1.0 {
        let lower = front(x, a) * series(x, a);
        (lower, 1.0 - lower)
    } else {
        let upper = front(x, a) * a * continued_fraction(x, a);
        (1.0 - upper, upper)
    }
}

/// Beyond this shape the series and the continued fraction would take more terms than they are given, some 9√a.
const LARGE_SHAPE: f64 = 1e10;

/// Both tails for a large shape, by Temme's uniform expansion with its first coefficient: what follows is smaller by
/// 1/a.
///
/// With μ = x/a − 1 and η²/2 = μ − ln(1 + μ), Q(a, x) = erfc(η√(a/2))/2 + S with S = exp(−aη²/2)/√(2πa) (1/μ − 1/η).
///
/// Source: Temme (1979), SIAM J Math Anal 10:757; NIST Digital Library of Mathematical Functions, 8.12.
fn large_shape_tails(x: f64, a: f64) -> (f64, f64) {
    let mu = (x - a) / a;
    let exponent = a * log1p_deficit(mu);
    // Beyond, a tail is 0 in doubles; an infinite shape is beyond every number.
    if exponent.is_nan() || exponent > 750.0 {
        return if mu > 0.0 { (1.0, 0.0) } else { (0.0, 1.0) };
    }
    let eta = (2.0 * exponent / a).sqrt().copysign(mu);
    // 1/μ − 1/η by its series, since η is small here.
    let first = -1.0 / 3.0 + eta * (1.0 / 12.0 - eta * 2.0 / 135.0);
    let rest = (-exponent).exp() / (2.0 * PI * a).sqrt() * first;
    let z = exponent.sqrt().copysign(mu);
    (0.5 * libm::erfc(-z) - rest, 0.5 * libm::erfc(z) + rest)
}

/// x^a e^−x/Γ(a + 1), by the deviance of Loader (2000), so that nothing large cancels.
pub(super) fn front(x: f64, a: f64) -> f64 {
    let u = (x - a) / a;
    let deficit = if u.abs() > 0.1 { u - (x / a).ln() } else { log1p_deficit(u) };
    (-a * deficit - stirling_error(a)).exp() / (2.0 * PI * a).sqrt()
}

/// 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …: Abramowitz & Stegun (1964), eq. 6.5.29.
fn series(x: f64, a: f64) -> f64 {
    const MAX_TERMS: u32 = 1_000_000;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..=MAX_TERMS {
        term *= x / (a + f64::from(k));
        sum += term;
        if term <= 0.1 * f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// Γ(a, x)/(x^a e^−x) by its continued fraction (eq. 6.5.31), by the modified Lentz method.
fn continued_fraction(x: f64, a: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const MAX_STEPS: u32 = 1_000_000;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / away_from_zero(b);
    let mut fraction = d;
    for k in 1..=MAX_STEPS {
        let k = f64::from(k);
        let term = -k * (k - a);
        b += 2.0;
        d = 1.0 / away_from_zero(term * d + b);
        c = away_from_zero(b + term / c);
        let change = c * d;
        fraction *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

/// The `x` with probability `p` of at most `x`; NaN unless `0 ≤ p ≤ 1` and the shape is positive.
///
/// ```
/// use reffect::numeric::dist::gamma_quantile;
/// // Garwood's upper limit of a Poisson mean after 3 events.
/// assert!((gamma_quantile(0.975, 4.0) - 8.767_273_069).abs() < 1e-9);
/// ```
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || shape.is_nan() || shape <= 0.0 {
        return f64::NAN;
    }
    if p == 0.0 {
        return 0.0;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    if shape > LARGE_SHAPE {
        return large_shape_quantile(p, shape);
    }
    // Wilson & Hilferty (1931), or for small shapes the first term of the series.
    let w = 1.0 / (9.0 * shape);
    let cube = 1.0 - w + normal_quantile(p) * w.sqrt();
    let small = ((p.ln() + libm::lgamma(shape + 1.0)) / shape).exp();
    let start = (if cube > 0.2 { shape * cube * cube * cube } else { small }).max(1e-300).ln();
    let upper_tail = p > 0.5;
    let tail = if upper_tail { 1.0 - p } else { p };
    // Solved for ln x, where the density is the front times the shape.
    let probe = |log: f64| {
        let x = f64::exp(log);
        let (below, above) = both_tails(x, shape);
        let (here, is_above) = if upper_tail { (above, above < tail) } else { (below, below > tail) };
        let slope = front(x, shape) * shape;
        // The logarithm of a tail is almost linear where the tail is small.
        let step = (here / tail).ln() * here / slope * if upper_tail { -1.0 } else { 1.0 };
        Probe { is_below_zero: !is_above, newton: log - step }
    };
    let is_close = |log: f64, next: f64, _: [f64; 2]| (next - log).abs() <= 1e-16 * log.abs().max(1.0);
    let log = newton_in_bracket(start, [-745.0, 710.0], |log| log, is_close, probe);
    log.exp()
}

/// The quantile for a large shape; infinite where that is.
///
/// Source: Cornish & Fisher (1938), Rev Inst Int Stat 5:307; Abramowitz & Stegun (1964), eq. 26.4.14 to 26.4.17 have
/// χ².
fn large_shape_quantile(p: f64, shape: f64) -> f64 {
    if shape.is_infinite() {
        return f64::INFINITY;
    }
    let (z, root) = (normal_quantile(p), shape.sqrt());
    shape + z * root + (z * z - 1.0) / 3.0 + z * (z * z - 7.0) / (36.0 * root)
}

/// The `x` with probability `p` of at most `x` for a χ² variable with `df` degrees of freedom.
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    2.0 * gamma_quantile(p, 0.5 * df)
}
