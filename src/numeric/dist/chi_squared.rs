//! The χ² distribution.

use super::beta::deficit;
use super::gamma::stirling_error;
use super::normal::normal_quantile;
use std::f64::consts::PI;

/// The probability of at most `x` with `df > 0` degrees of freedom.
///
/// ```
/// use reffect::numeric::dist::chi_squared_cdf;
/// // With two degrees of freedom it is an exponential distribution.
/// assert!((chi_squared_cdf(3.0, 2.0) - (1.0 - (-1.5f64).exp())).abs() < 1e-15);
/// ```
pub fn chi_squared_cdf(x: f64, df: f64) -> f64 {
    tails(x, df).0
}

/// The probability of more than `x`, which keeps its digits where `1 − cdf` has none.
pub fn chi_squared_sf(x: f64, df: f64) -> f64 {
    tails(x, df).1
}

/// Both tails: the incomplete gamma functions P(a, y) and Q(a, y) with a = df/2 and y = x/2.
///
/// The smaller one is computed, by the series below the mean and by the continued fraction above.
///
/// Source: Abramowitz & Stegun (1964), eq. 6.5.29 and 6.5.31.
fn tails(x: f64, df: f64) -> (f64, f64) {
    if x.is_nan() || df.is_nan() || df <= 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    let (a, y) = (0.5 * df, 0.5 * x);
    if y < a + 1.0 {
        let below = front(a, y) / a * series(a, y);
        (below, 1.0 - below)
    } else {
        let above = front(a, y) * continued_fraction(a, y);
        (1.0 - above, above)
    }
}

/// y^a e^(−y)/Γ(a), in the form of Loader (2000) whose exponent does not cancel.
fn front(a: f64, y: f64) -> f64 {
    (-a * deficit((y - a) / a, y / a) - stirling_error(a)).exp() * (a / (2.0 * PI)).sqrt()
}

const MOST_STEPS: u32 = 2_000_000;

fn series(a: f64, y: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for step in 1..MOST_STEPS {
        term *= y / (a + f64::from(step));
        sum += term;
        if term <= 0.25 * f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// By the modified Lentz method.
fn continued_fraction(a: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut b = y + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / away_from_zero(b);
    let mut fraction = d;
    for step in 1..MOST_STEPS {
        let i = f64::from(step);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        let change = c * d;
        fraction *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

/// The `x` with probability `p` of at most `x`; NaN unless `0 ≤ p ≤ 1` and `df > 0`.
///
/// ```
/// use reffect::numeric::dist::chi_squared_quantile;
/// assert!((chi_squared_quantile(0.95, 1.0) - 3.841_458_820_694_124).abs() < 1e-13);
/// ```
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    // Solved for ln x, in which no limit is reached; the start is that of Wilson & Hilferty (1931).
    let h = 2.0 / (9.0 * df);
    let cube = 1.0 - h + normal_quantile(p) * h.sqrt();
    let mut log_x =
        if cube > 0.1 { df.ln() + 3.0 * cube.ln() } else { 2.0 / df * (p.ln() + 0.5 * df * (0.5 * df).ln()) };
    let (mut lower, mut upper) = (-1500.0, 700.0);
    for _ in 0..400 {
        let x = log_x.exp();
        let (below, above) = tails(x, df);
        if below > p {
            upper = log_x;
        } else {
            lower = log_x;
        }
        // The derivative with respect to ln x is the front itself.
        let slope = front(0.5 * df, 0.5 * x);
        let step = if p < 0.1 {
            (below / p).ln() * below / slope
        } else if p > 0.9 {
            -(above / (1.0 - p)).ln() * above / slope
        } else {
            (below - p) / slope
        };
        let newton = log_x - step;
        let next = if newton > lower && newton < upper { newton } else { 0.5 * (lower + upper) };
        let done = (next - log_x).abs() <= 2.0 * f64::EPSILON || upper - lower <= f64::EPSILON * lower.abs();
        log_x = next;
        if done {
            break;
        }
    }
    log_x.exp()
}
