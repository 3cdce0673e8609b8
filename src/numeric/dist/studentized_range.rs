//! The studentized range: the largest minus the smallest of several means over a standard error with its own degrees of
//! freedom.

use super::gamma::stirling_error;
use super::normal::{normal_cdf, normal_density};
use super::{LARGE_DF, t_two_sided_p};
use crate::numeric::roots::brent;
use std::f64::consts::{PI, SQRT_2};

/// The probability that the range of `means` independent standard normal values, over √(χ²/df) with `df` degrees of
/// freedom, is more than `q`; infinite degrees of freedom are those of a known standard error. NaN for fewer than two
/// means, no degrees of freedom, or no number.
///
/// The range of normal values is more than w with probability k∫φ(z){Φ(z)ᵏ⁻¹ − [Φ(z) − Φ(z − w)]ᵏ⁻¹}dz, whose integrand
/// is positive, so that small probabilities keep their digits; over √(χ²/df) this is integrated along the logarithm of
/// the root. Both integrals by the trapezoidal rule, which for such integrands on the whole line errs by less than any
/// power of its step.
///
/// Source: Tukey (1953), The Problem of Multiple Comparisons; the integrals as in Copenhaver & Holland (1988), J Stat
/// Comput Simul 30:1.
///
/// ```
/// use reffect::numeric::dist::{studentized_range_sf, t_two_sided_p};
/// // R: ptukey(3.5, 3, 20, lower.tail = FALSE)
/// assert!((studentized_range_sf(3.5, 3, 20.0) - 0.055_891_849_1).abs() < 1e-8);
/// // Of two means it is the t test, whose statistic is q over √2.
/// let p = studentized_range_sf(3.0 * 2f64.sqrt(), 2, 7.5);
/// assert!((p / t_two_sided_p(3.0, 7.5) - 1.0).abs() < 1e-12);
/// ```
pub fn studentized_range_sf(q: f64, means: usize, df: f64) -> f64 {
    if q.is_nan() || df.is_nan() || df <= 0.0 || means < 2 {
        return f64::NAN;
    }
    if q <= 0.0 {
        return 1.0;
    }
    if means == 2 {
        return t_two_sided_p(q / SQRT_2, df);
    }
    if df >= LARGE_DF.sqrt() {
        return range_sf(q, means);
    }
    over_root(df, |root| range_sf(q * root, means)).clamp(0.0, 1.0)
}

/// The value that the studentized range exceeds with probability `p`; NaN where [`studentized_range_sf`] is, or `p` is
/// not between 0 and 1.
///
/// ```
/// use reffect::numeric::dist::studentized_range_quantile_upper;
/// // R: qtukey(0.95, 3, 20)
/// assert!((studentized_range_quantile_upper(0.05, 3, 20.0) - 3.577_934_6).abs() < 1e-6);
/// ```
pub fn studentized_range_quantile_upper(p: f64, means: usize, df: f64) -> f64 {
    if !(p > 0.0 && p < 1.0) || studentized_range_sf(1.0, means, df).is_nan() {
        return f64::NAN;
    }
    let over = |q: f64| studentized_range_sf(q, means, df).ln() - p.ln();
    where_it_falls_to_zero(over)
}

/// Where a function that falls from a number above 0 at 0 is 0; NaN beyond [`LARGEST`].
///
/// Small values are looked for on their own scale and large ones on that of their logarithm: with few degrees of
/// freedom a quantile has hundreds of digits.
pub(super) fn where_it_falls_to_zero(of: impl Fn(f64) -> f64) -> f64 {
    const SMALL: f64 = 4.0;
    if of(SMALL) <= 0.0 {
        return brent(of, 0.0, SMALL, 1e-12).unwrap_or(f64::NAN);
    }
    let mut lower = SMALL.ln();
    loop {
        let upper = (2.0 * lower).min(LARGEST.ln());
        if of(upper.exp()) <= 0.0 {
            return brent(|log: f64| of(log.exp()), lower, upper, 1e-13).map_or(f64::NAN, f64::exp);
        }
        if upper >= LARGEST.ln() {
            return f64::NAN;
        }
        lower = upper;
    }
}

/// No quantile is looked for beyond this.
const LARGEST: f64 = 1e300;

/// The probability that the range of standard normal values is more than `w`.
fn range_sf(w: f64, means: usize) -> f64 {
    const STEP: f64 = 0.125;
    // The probability of more than this is below the smallest number.
    if w > 60.0 {
        return 0.0;
    }
    let others = (means - 1) as f64;
    // Beyond these the density of the largest value, or that of the smallest one beside it, is nothing.
    let (from, to) = (-8.5, 8.5 + 0.5 * w);
    let count = ((to - from) / STEP).ceil() as usize;
    let mut sum = 0.0;
    for at in 0..=count {
        let z = from + STEP * at as f64;
        let (below, far) = (normal_cdf(z), normal_cdf(z - w));
        if below <= 0.0 {
            continue;
        }
        let outside = -(others * (-(far / below)).ln_1p()).exp_m1();
        sum += normal_density(z) * below.powf(others) * outside;
    }
    (means as f64 * STEP * sum).min(1.0)
}

/// The mean of a function of √(χ²/df).
///
/// The density of x = ln √(χ²/df) is 2hʰ/Γ(h) exp(2h(x − e²ˣ/2)) with h = df/2; its peak, at 0, is √(2h/π) but for the
/// error of Stirling's formula. Far on the left, where the function is what it is at 0 and e²ˣ is nothing beside 1, the
/// density falls as exp(2hx), and the sum is that of a geometric series: with few degrees of freedom it is the longest
/// part by far.
pub(super) fn over_root(df: f64, of: impl Fn(f64) -> f64) -> f64 {
    /// What the density loses beside its peak, from where it is nothing.
    const NOTHING: f64 = 80.0;
    /// Where e²ˣ is nothing beside 1.
    const FAR_LEFT: f64 = -20.0;
    /// With fewer degrees of freedom than these every probability is that at 0.
    const LEAST: f64 = 1e-300;
    let half = 0.5 * df.max(LEAST);
    let peak = (2.0 * half / PI).sqrt() * (-stirling_error(half)).exp();
    // Half a standard deviation at the peak; and no wider than the strip allows in which exp(−e²ˣ) stays small.
    let step = (0.5 / (4.0 * half).sqrt()).min(0.1);
    let lost = |x: f64| half * ((2.0 * x).exp_m1() - 2.0 * x);
    let at_zero = of(0.0);
    let mut sum = of(1.0);
    for sign in [-1.0, 1.0] {
        let mut at = 1.0;
        loop {
            let x = sign * step * at;
            if lost(x) > NOTHING {
                break;
            }
            let (density, value) = ((-lost(x)).exp(), of(x.exp()));
            if x < FAR_LEFT && (value - at_zero).abs() <= f64::EPSILON * at_zero.abs() {
                sum += density * at_zero / -(-2.0 * half * step).exp_m1();
                break;
            }
            sum += density * value;
            at += 1.0;
        }
    }
    step * peak * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The general integral, of which two means need none, against Student's t.
    #[test]
    fn two_means_are_the_t_test() {
        for df in [1.0, 2.5, 7.0, 30.0, 400.0, 1e5] {
            for t in [0.3, 1.0, 2.0, 3.5, 6.0, 12.0] {
                let whole = over_root(df, |root| range_sf(t * SQRT_2 * root, 2));
                let p = t_two_sided_p(t, df);
                assert!((whole / p - 1.0).abs() < 1e-10, "{t} with {df}: {whole} for {p}");
            }
        }
    }

    /// A chi-squared value of few degrees of freedom is nearly 0 nearly always: Γ(h) h → 1.
    #[test]
    fn few_degrees_of_freedom_take_few_steps() {
        for df in [5e-324, 1e-300, 3e-15, 5e-13, 1e-6, 0.01, 0.3, 1.0, 40.0] {
            let calls = std::cell::Cell::new(0);
            let whole = over_root(df, |_| {
                calls.set(calls.get() + 1);
                1.0
            });
            assert!((whole - 1.0).abs() < 1e-10 && calls.get() < 4000, "{df}: {whole} in {}", calls.get());
        }
        // The chance of a root above r is about −h ln(h r²), with h half the degrees of freedom.
        for df in [3e-15, 1e-9] {
            assert!((studentized_range_sf(3.0, 3, df) - 1.0).abs() < 50.0 * df, "{df}");
            assert!(studentized_range_quantile_upper(0.05, 3, df).is_nan());
        }
        // Of two means the integral is the t test here too.
        for df in [1e-9, 1e-3, 0.05, 0.4] {
            for t in [0.3, 3.5, 1e6, 1e40] {
                let (whole, p) = (over_root(df, |root| range_sf(t * SQRT_2 * root, 2)), t_two_sided_p(t, df));
                assert!((whole / p - 1.0).abs() < 1e-9, "{t} with {df}: {whole} for {p}");
            }
        }
        // The quantile is the inverse where it has hundreds of digits.
        let q = studentized_range_quantile_upper(0.05, 3, 0.01);
        assert!(q > 1e100 && (studentized_range_sf(q, 3, 0.01) / 0.05 - 1.0).abs() < 1e-9, "{q}");
    }

    #[test]
    fn more_means_have_a_wider_range_and_the_quantile_is_the_inverse() {
        for df in [2.0, 9.5, 60.0, f64::INFINITY] {
            let mut before = 0.0;
            for means in 2..30 {
                let q = studentized_range_quantile_upper(0.05, means, df);
                assert!(q > before, "{means} {df}");
                assert!((studentized_range_sf(q, means, df) / 0.05 - 1.0).abs() < 1e-9);
                before = q;
            }
        }
        assert!(studentized_range_sf(3.0, 1, 5.0).is_nan() && studentized_range_quantile_upper(1.0, 3, 5.0).is_nan());
    }
}
