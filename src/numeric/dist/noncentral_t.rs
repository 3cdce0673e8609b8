//! The noncentral t distribution.

use super::LARGE_DF;
use super::gamma::{log1p_deficit, stirling_error};
use super::normal::{normal_cdf, normal_density, normal_quantile};
use crate::numeric::quadrature::over_panels;
use crate::numeric::roots::RootError;
use std::f64::consts::PI;

/// The probability of at most `t` with `df` degrees of freedom and noncentrality `ncp`.
///
/// With T = (Z + δ)/S, where νS² is χ² with ν degrees of freedom, P(T ≤ t) = ∫ Φ(ts − δ) f(s) ds
/// over the density f of S. The integrand is smooth, and the panels follow the two places where it
/// bends: the bulk of f, and the step of Φ at s = δ/t.
///
/// NaN for fewer than 1 degree of freedom; there may be infinitely many, which is the normal distribution.
///
/// Source: Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, eq. 31.11.
///
/// ```
/// use reffect::numeric::dist::noncentral_t_cdf;
/// // The central distribution is symmetric about zero.
/// assert!((noncentral_t_cdf(0.0, 6.0, 0.0) - 0.5).abs() < 1e-14);
/// ```
pub fn noncentral_t_cdf(t: f64, df: f64, ncp: f64) -> f64 {
    let [cdf] = integrate(t, df, ncp, |x| [normal_cdf(x)]);
    cdf.clamp(0.0, 1.0)
}

/// The probability of more than `t`.
pub fn noncentral_t_sf(t: f64, df: f64, ncp: f64) -> f64 {
    let [sf] = integrate(t, df, ncp, |x| [normal_cdf(-x)]);
    sf.clamp(0.0, 1.0)
}

/// The means over S of functions of tS − δ.
fn integrate<const N: usize>(t: f64, df: f64, ncp: f64, of: impl Fn(f64) -> [f64; N]) -> [f64; N] {
    if t.is_nan() || ncp.is_nan() || df.is_nan() || df < 1.0 {
        return [f64::NAN; N];
    }
    if df >= LARGE_DF {
        // A&S 26.7.10: T is next to normal about δ with variance 1 + t²/2ν.
        return of(if t.is_infinite() { t } else { (t - ncp) / (1.0 + 0.5 * t * (t / df)).sqrt() });
    }
    let log_front = 0.5 * (df / PI).ln() - stirling_error(0.5 * df);
    // The density of S about s = 1, written so that it keeps its digits for any df.
    let density = |s: f64| {
        let u = s - 1.0;
        let deficit = log1p_deficit(u);
        // ln s = u − deficit.
        (log_front - df * (deficit + 0.5 * u * u) - u + deficit).exp()
    };
    let integrand = |s: f64| {
        let weight = density(s);
        of(t * s - ncp).map(|value| value * weight)
    };
    over_panels(integrand, &panels(t, df, ncp))
}

/// Where the integrand bends, sorted.
fn panels(t: f64, df: f64, ncp: f64) -> Vec<f64> {
    let mean = ((df - 0.5) / df).sqrt();
    let sd = (0.5 / df).sqrt();
    let lower = (mean - 10.0 * sd).max(0.0);
    let upper = mean + 12.0 * sd;
    let mut breaks = vec![lower, upper];
    breaks.extend([-5.0, -2.0, 1.0, 4.0, 7.0].map(|k| mean + k * sd));
    if t != 0.0 {
        breaks.extend([-7.0, -2.5, 2.5, 7.0].map(|k| (ncp + k) / t));
    }
    breaks.retain(|s| *s >= lower && *s <= upper);
    breaks.sort_by(f64::total_cmp);
    breaks
}

/// The noncentrality for which `t` is exceeded with probability `1 − p`: the limit of a confidence
/// interval for the noncentrality, lower at p = 0.975 and upper at p = 0.025.
///
/// Source: Steiger & Fouladi (1997), in What If There Were No Significance Tests, p. 237.
///
/// # Errors
/// If no such noncentrality is found, as for a `t` that is no finite number.
///
/// ```
/// use reffect::numeric::dist::{noncentral_t_cdf, noncentrality};
/// let upper = noncentrality(-2.0, 6.0, 0.025)?;
/// assert!((noncentral_t_cdf(-2.0, 6.0, upper) - 0.025).abs() < 1e-12);
/// # Ok::<(), reffect::numeric::roots::RootError>(())
/// ```
pub fn noncentrality(t: f64, df: f64, p: f64) -> Result<f64, RootError> {
    const MAX_STEPS: usize = 200;
    // A normal approximation with the variance of T to first order comes close.
    let spread = (1.0 + 0.5 * t * t / df).sqrt();
    let target = normal_quantile(p);
    let mut ncp = t - target * spread;
    let (mut lower, mut upper) = (f64::NEG_INFINITY, f64::INFINITY);
    for _ in 0..MAX_STEPS {
        // The cdf falls as the noncentrality grows, and its slope is the mean of the density.
        let [cdf, slope] = integrate(t, df, ncp, |x| [normal_cdf(x), normal_density(x)]);
        if cdf.is_nan() {
            break;
        }
        if cdf > p {
            lower = ncp
        } else {
            upper = ncp
        }
        // As a normal deviate the cdf is almost linear in the noncentrality.
        let deviate = normal_quantile(cdf.clamp(0.0, 1.0));
        let newton = ncp + (deviate - target) * normal_density(deviate) / slope;
        // Checked before the bracket, whose ends are only as good as the noise of the integral.
        if (newton - ncp).abs() <= 1e-12 * (1.0 + ncp.abs()) {
            return Ok(newton);
        }
        let next = if newton > lower && newton < upper {
            newton
        } else if lower.is_finite() && upper.is_finite() {
            0.5 * (lower + upper)
        } else if upper.is_finite() {
            ncp - 2.0 * spread
        } else {
            ncp + 2.0 * spread
        };
        ncp = next;
    }
    Err(RootError::TooManySteps { steps: MAX_STEPS })
}
