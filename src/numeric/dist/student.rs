//! Student's t distribution.

use super::LARGE_DF;
use super::beta::incomplete_beta;
use super::gamma::gamma_ratio_half;
use super::normal::{normal_density, normal_quantile, normal_two_sided_p};
use crate::numeric::roots::{Probe, newton_in_bracket};
use std::f64::consts::PI;

/// The probability of more than `t` with `df > 0` degrees of freedom, which may be infinite: that is the normal
/// distribution.
///
/// Source: Abramowitz & Stegun (1964), eq. 26.7.1 through 26.5.27, P(|T| > t) = I_x(df/2, ½) with
/// x = df/(df + t²).
pub fn t_sf(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    let tail = 0.5 * t_outside(t, df);
    if t >= 0.0 { tail } else { 1.0 - tail }
}

/// The probability of at most `t`.
pub fn t_cdf(t: f64, df: f64) -> f64 {
    t_sf(-t, df)
}

/// The probability of a value at least as far from zero as `t`: the two-sided p-value.
///
/// ```
/// use reffect::numeric::dist::t_two_sided_p;
/// assert!((t_two_sided_p(-2.446_911_851, 6.0) - 0.05).abs() < 1e-9);
/// ```
pub fn t_two_sided_p(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    t_outside(t, df)
}

fn t_outside(t: f64, df: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    if df >= LARGE_DF {
        return large_df_outside(t, df);
    }
    // All but nothing lies beyond every double.
    if df <= SMALLEST_DF {
        return 1.0;
    }
    if df <= FEW_DF {
        // What a beta function of so small a shape has beside (1 + t²/df)^(−df/2) is of the size of df.
        let log = 2.0 * t.abs().ln() - df.ln();
        return (-0.5 * df * (log.max(0.0) + (-log.abs()).exp().ln_1p())).exp();
    }
    // Both x and 1 − x from the ratio that does not overflow.
    let u = t / df.sqrt();
    let (x, y) = if u.abs() <= 1.0 {
        (1.0 / (1.0 + u * u), u * u / (1.0 + u * u))
    } else {
        let v = 1.0 / (u * u);
        (v / (1.0 + v), 1.0 / (1.0 + v))
    };
    if y == 0.0 { 1.0 } else { incomplete_beta(x, y, 0.5 * df, 0.5) }
}

/// With fewer degrees of freedom than this, the incomplete beta function loses more digits than its first term lacks.
const FEW_DF: f64 = 1e-9;

/// With fewer degrees of freedom than this, (t²/df)^(df/2) is 1 for every double t.
const SMALLEST_DF: f64 = 1e-100;

/// The probability outside of ±`t` where degrees of freedom are many, up to terms of 1/df².
///
/// Source: Abramowitz & Stegun (1964), eq. 26.7.8.
fn large_df_outside(t: f64, df: f64) -> f64 {
    // The normal tail beyond is 0 in doubles, and t² must not overflow.
    if t.abs() > 1e3 {
        return 0.0;
    }
    normal_two_sided_p(t * (1.0 - 0.25 / df) / (1.0 + 0.5 * t * t / df).sqrt())
}

/// The density of Student's t with `df` degrees of freedom at `t`; NaN unless there are more than 0 of them, which may
/// be infinitely many.
pub fn t_density(t: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    // π df must not overflow.
    if df > 1e300 {
        return normal_density(t);
    }
    let kernel = -0.5 * (df + 1.0) * (t * t / df).ln_1p();
    gamma_ratio_half(0.5 * df) / (PI * df).sqrt() * kernel.exp()
}

/// The two-sided critical value at a confidence level: half of what the level leaves lies beyond it.
///
/// ```
/// use reffect::numeric::dist::t_critical;
/// assert!((t_critical(0.95, 6.0) - 2.446_911_851_144_969).abs() < 1e-13);
/// assert!(t_critical(0.999_999_999_999_999_9, 6.0).is_finite());
/// ```
pub fn t_critical(level: f64, df: f64) -> f64 {
    t_of_two_sided_p(1.0 - level, df)
}

/// The size of the `t` that has a two-sided p; infinite at 0.
///
/// ```
/// use reffect::numeric::dist::{t_of_two_sided_p, t_two_sided_p};
/// // R 4.2.2: -qt(1e-17/2, 99); the detour by 1 − p/2 is 1 and its t infinite.
/// assert!((t_of_two_sided_p(1e-17, 99.0) - 10.476_747_052_614_4).abs() < 1e-9);
/// assert!((t_two_sided_p(t_of_two_sided_p(1e-300, 5.0), 5.0) / 1e-300 - 1.0).abs() < 1e-9);
/// ```
pub fn t_of_two_sided_p(p: f64, df: f64) -> f64 {
    -t_quantile(0.5 * p, df)
}

/// The `t` with probability `p` of at most `t`; infinite at 0 and 1, NaN outside. Degrees of freedom may be infinite.
///
/// ```
/// use reffect::numeric::dist::t_quantile;
/// assert!((t_quantile(0.975, 6.0) - 2.446_911_851_144_969).abs() < 1e-13);
/// assert!((t_quantile(0.975, 1e8) - 1.959_963_984_540).abs() < 1e-6);
/// ```
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if p > 0.5 {
        return upper_quantile(1.0 - p, df);
    }
    -upper_quantile(p, df)
}

/// The `t ≥ 0` that is exceeded with probability `tail ≤ ½`.
fn upper_quantile(tail: f64, df: f64) -> f64 {
    if tail == 0.0 {
        return f64::INFINITY;
    }
    if tail == 0.5 {
        return 0.0;
    }
    if df.is_infinite() {
        return -normal_quantile(tail);
    }
    // It lies beyond every double.
    if df <= FEW_DF && t_sf(f64::MAX, df) > tail {
        return f64::INFINITY;
    }
    let probe = |t: f64| {
        let exceeded = t_sf(t, df);
        // In the tail ln P(T > t) is almost linear in ln t, near the middle P is linear in t.
        let slope = t_density(t, df);
        let newton = if tail < 0.1 {
            t * ((exceeded / tail).ln() * exceeded / (t * slope)).exp()
        } else {
            t + (exceeded - tail) / slope
        };
        Probe { is_below_zero: exceeded > tail, newton }
    };
    let is_close = |t: f64, next: f64, [lower, upper]: [f64; 2]| {
        (next - t).abs() <= 2.0 * f64::EPSILON * t || upper - lower <= 2.0 * f64::EPSILON * lower
    };
    // The normal quantile lies below; the log–log steps climb from there without overshooting far.
    newton_in_bracket(-normal_quantile(tail), [0.0, f64::INFINITY], |t| 2.0 * t + 1.0, is_close, probe)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(|T| > t) = (1 + t²/df)^(−df/2) (1 + O(df)), on both sides of where this is taken.
    #[test]
    fn hardly_any_degrees_of_freedom_leave_a_probability() {
        for df in [3e-15, 1e-12, 0.9e-9, 1.1e-9, 1e-8] {
            for t in [1e-7f64, 0.5, 3.0, 1e6, 1e100] {
                let first = (-0.5 * df * (t * t / df).ln_1p()).exp();
                let p = t_two_sided_p(t, df);
                assert!((p - first).abs() <= 3.0 * df + 1e-9 && p <= 1.0, "{t} with {df}: {p} for {first}");
            }
            assert_eq!(t_two_sided_p(0.0, df), 1.0);
        }
        assert_eq!(t_critical(0.95, 3e-15), f64::INFINITY);
    }
}
