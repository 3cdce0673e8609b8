//! The beta distribution.

use super::gamma::{log1p_deficit, stirling_error};
use crate::numeric::roots::{Probe, newton_in_bracket};
use std::f64::consts::PI;

/// The probability of at most `x` for a beta variable with shapes `a` and `b`: the regularised
/// incomplete beta function I_x(a, b). NaN unless both shapes are positive, and where both are infinite; with one of
/// them infinite all lies at 0 or 1.
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    let is_shape = |shape: f64| shape > 0.0;
    if !(is_shape(a) && is_shape(b)) || a.is_infinite() && b.is_infinite() {
        return f64::NAN;
    }
    if x.is_nan() || x <= 0.0 {
        return if x.is_nan() { x } else { 0.0 };
    }
    if b.is_infinite() || x >= 1.0 {
        return 1.0;
    }
    if a.is_infinite() { 0.0 } else { incomplete_beta(x, 1.0 - x, a, b) }
}

/// I_x(a, b) for `x + y = 1`. The caller gives both, since it often knows the smaller of them with
/// more digits than `1 − x` would leave.
///
/// A continued fraction on the side of the mean where it converges fast, times a power whose
/// logarithm is the deviance of Loader (2000), Fast and Accurate Computation of Binomial
/// Probabilities.
pub(super) fn incomplete_beta(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if x * (a + b + 2.0) < a + 1.0 {
        front(x, y, a, b) * continued_fraction(x, y, a, b)
    } else {
        1.0 - front(y, x, b, a) * continued_fraction(y, x, b, a)
    }
}

/// x^a y^b / B(a, b).
fn front(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let total = a + b;
    // Both deviations come from one difference, so that they cancel to first order.
    let shift = x * b - y * a;
    let deviance = a * deficit(shift / a, x * total / a) + b * deficit(-shift / b, y * total / b);
    let errors = stirling_error(total) - stirling_error(a) - stirling_error(b);
    (errors - deviance).exp() * (a / (2.0 * PI) * (b / total)).sqrt()
}

/// u − ln(1 + u), where the caller knows 1 + u to all digits: far out, u itself has lost them.
pub(super) fn deficit(u: f64, one_plus_u: f64) -> f64 {
    if u.abs() > 0.1 { u - one_plus_u.ln() } else { log1p_deficit(u) }
}

/// I_x(a, b) over its front, for `x` up to about the mean, by the modified Lentz method (Thompson &
/// Barnett 1986, J Comput Phys 64:490).
///
/// This form of the fraction takes `x` and `y` and the shift of the mean, a y − b x, so that nothing
/// cancels where `x` is close to 1 because `a` is huge.
///
/// Source: Didonato & Morris (1992), ACM Trans Math Softw 18:360, eq. 9.
fn continued_fraction(x: f64, y: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const MAX_STEPS: u32 = 100_000;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let shift = a * y - b * x;
    let mut c = away_from_zero(a / (a + 1.0) * (shift + 1.0));
    let mut d = 0.0;
    let mut denominator = c;
    for step in 1..=MAX_STEPS {
        let n = f64::from(step);
        let pole = a + 2.0 * n - 1.0;
        let numerator = (a + n - 1.0) / pole * ((a + b + n - 1.0) / pole) * n * (b - n) * x * x;
        let term = n + n * (b - n) * x / pole + (a + n) / (pole + 2.0) * (shift + 1.0 + n * (1.0 + y));
        d = 1.0 / away_from_zero(term + numerator * d);
        c = away_from_zero(term + numerator / c);
        let change = c * d;
        denominator *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    1.0 / denominator
}

/// The `x` with probability `p` of at most `x`; NaN unless `0 ≤ p ≤ 1` and both shapes are
/// positive.
///
/// ```
/// use reffect::numeric::dist::beta_quantile;
/// // The upper Clopper–Pearson limit of 5 in 7.
/// assert!((beta_quantile(0.975, 6.0, 2.0) - 0.963_307_433_8).abs() < 1e-10);
/// ```
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    beta_quantile_and_rest(p, a, b).0
}

/// The same with its distance from 1, which keeps its digits where the quantile is next to 1.
pub(super) fn beta_quantile_and_rest(p: f64, a: f64, b: f64) -> (f64, f64) {
    let is_shape = |shape: f64| shape > 0.0 && shape.is_finite();
    if !((0.0..=1.0).contains(&p) && is_shape(a) && is_shape(b)) {
        return (f64::NAN, f64::NAN);
    }
    if p == 0.0 || p == 1.0 {
        return (p, 1.0 - p);
    }
    // Solved for the logit, in which the density is the front itself and no limit is ever reached.
    let probe = |logit: f64| {
        let (x, y) = unit_and_rest(logit);
        let below = incomplete_beta(x, y, a, b);
        let slope = front(x, y, a, b);
        // In the lower tail ln P is almost linear in the logit, near the middle P is.
        let step = if below < 0.1 { (below / p).ln() * below / slope } else { (below - p) / slope };
        Probe { is_below_zero: below <= p, newton: logit - step }
    };
    let is_close = |logit: f64, next: f64, [lower, upper]: [f64; 2]| {
        (next - logit).abs() <= 1e-16 * logit.abs().max(1.0) || upper - lower <= f64::EPSILON * upper.abs()
    };
    let bracket = [-LARGEST_LOGIT, LARGEST_LOGIT];
    let logit = newton_in_bracket((a / b).ln(), bracket, |logit| logit, is_close, probe);
    unit_and_rest(logit)
}

/// Beyond this, a logit belongs to 0 or 1 in double precision.
const LARGEST_LOGIT: f64 = 745.0;

/// The number of the unit interval with this logit, and its distance from 1, both with all digits.
fn unit_and_rest(logit: f64) -> (f64, f64) {
    let e = (-logit.abs()).exp();
    let (small, large) = (e / (1.0 + e), 1.0 / (1.0 + e));
    if logit < 0.0 { (small, large) } else { (large, small) }
}
