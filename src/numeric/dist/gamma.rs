//! The gamma function where its logarithm would lose digits.

use std::f64::consts::PI;

/// Γ(a + ½)/Γ(a) for `a > 0`, and NaN for others, to the last few digits also where `a` is huge and the difference of
/// two logarithms would keep none.
///
/// Source: Tricomi & Erdélyi (1951), Pacific J Math 1:133; the coefficients are those of the
/// logarithm of the ratio, from Stirling's series for both.
///
/// ```
/// use reffect::numeric::dist::gamma_ratio_half;
/// // Γ(3/2)/Γ(1) = √π/2
/// assert!((gamma_ratio_half(1.0) - 0.886_226_925_452_758).abs() < 1e-15);
/// ```
pub fn gamma_ratio_half(a: f64) -> f64 {
    if a.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    // The series is used from 20 on; the recurrence Γ(x + 1) = xΓ(x) leads there.
    let (mut a, mut above, mut below) = (a, 1.0, 1.0);
    while a < 20.0 {
        above *= a;
        below *= a + 0.5;
        a += 1.0;
    }
    let u = 1.0 / (a * a);
    let series = (-1.0 / 8.0 + u * (1.0 / 192.0 + u * (-1.0 / 640.0 + u * (17.0 / 14336.0 - u * 31.0 / 18432.0)))) / a;
    above / below * a.sqrt() * exp_of_small(series)
}

/// exp x for |x| below 1/150, by its Taylor series, which there ends with the digits of a double.
fn exp_of_small(x: f64) -> f64 {
    1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x / 720.0)))))
}

/// What Stirling's formula leaves out: ln Γ(a) − (a − ½) ln a + a − ½ ln 2π, for `a > 0`.
///
/// Source: Abramowitz & Stegun (1964), eq. 6.1.40.
pub(super) fn stirling_error(a: f64) -> f64 {
    if a < 10.0 {
        return libm::lgamma(a) - (a - 0.5) * a.ln() + a - 0.5 * (2.0 * PI).ln();
    }
    let u = 1.0 / (a * a);
    let tail = u * (1.0 / 1188.0 - u * 691.0 / 360_360.0);
    (1.0 / 12.0 + u * (-1.0 / 360.0 + u * (1.0 / 1260.0 + u * (-1.0 / 1680.0 + tail)))) / a
}

/// u − ln(1 + u) for `u > −1`, by its series where the two nearly cancel.
pub(super) fn log1p_deficit(u: f64) -> f64 {
    // What is no number is none; the series would never end with it.
    if u.abs() > 0.1 || u.is_nan() {
        return u - u.ln_1p();
    }
    // u²/2 − u³/3 + u⁴/4 − …
    let (mut power, mut sum, mut k) = (u * u, 0.0, 2.0);
    loop {
        let term = power / k;
        sum += term;
        if term.abs() <= f64::EPSILON * sum.abs() * 0.25 || term == 0.0 {
            return sum;
        }
        power *= -u;
        k += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratio_obeys_its_recurrence_across_the_switch() {
        for a in [0.5, 1.0, 7.5, 19.2, 19.999, 20.0, 33.0, 1e5] {
            let stepped = gamma_ratio_half(a) * (a + 0.5) / a;
            assert!((gamma_ratio_half(a + 1.0) / stepped - 1.0).abs() < 4e-15, "{a}");
        }
    }

    #[test]
    fn stirling_error_is_smooth_at_the_switch() {
        assert!((stirling_error(10.0 - 1e-9) - stirling_error(10.0)).abs() < 1e-11);
        assert!((log1p_deficit(0.1) - (0.1 - 0.1f64.ln_1p())).abs() < 1e-16);
        assert_eq!(log1p_deficit(0.0), 0.0);
        assert!(log1p_deficit(f64::NAN).is_nan());
    }

    #[test]
    fn ratio_of_what_is_not_above_zero_is_no_number() {
        assert!([f64::NEG_INFINITY, -1.5, 0.0, f64::NAN].iter().all(|a| gamma_ratio_half(*a).is_nan()));
        assert_eq!(gamma_ratio_half(f64::INFINITY), f64::INFINITY);
    }
}
