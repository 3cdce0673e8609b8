//! Every zero of a function of τ² on the half-line.

use crate::numeric::roots::{RootError, brent};

/// How many points a factor of ten gets when sign changes are looked for.
const POINTS_A_DECADE: f64 = 4.0;

/// The places where `f` falls through zero, ascending. From `highest` on, `f` must be negative; below
/// `lowest` it is taken to change its sign at most once.
pub(in crate::meta) fn falling_zeros(f: impl Fn(f64) -> f64, lowest: f64, highest: f64) -> Result<Vec<f64>, RootError> {
    let mut zeros = Vec::new();
    let steps = ((highest / lowest).log10().max(0.0) * POINTS_A_DECADE).ceil().min(400.0);
    let ratio = (highest / lowest).powf(1.0 / steps.max(1.0));
    let (mut a, mut fa) = (0.0, f(0.0));
    let mut b = lowest;
    for step in 0..=steps as usize {
        if step == steps as usize {
            b = highest;
        }
        let fb = f(b);
        if fa > 0.0 && fb <= 0.0 {
            zeros.push(brent(&f, a, b, 0.0)?);
        }
        (a, fa) = (b, fb);
        b *= ratio;
    }
    Ok(zeros)
}

/// The zero of a decreasing function, 0 if it begins at or below zero; `highest` must bring it below.
pub(super) fn only_zero(f: impl Fn(f64) -> f64, highest: f64) -> Result<f64, RootError> {
    if f(0.0) <= 0.0 {
        return Ok(0.0);
    }
    let mut upper = highest;
    for _ in 0..200 {
        if f(upper) <= 0.0 {
            return brent(&f, 0.0, upper, 0.0);
        }
        upper *= 4.0;
    }
    Err(RootError::NoBound { highest: upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fall_through_zero_is_found() {
        // Zeros at 0.02 (rising), 0.5 (falling), 3 (rising) and 40 (falling).
        let f = |t: f64| -(t - 0.02) * (t - 0.5) * (t - 3.0) * (t - 40.0);
        let zeros = falling_zeros(f, 1e-3, 1000.0).unwrap();
        assert!(zeros.len() == 2 && (zeros[0] - 0.5).abs() < 1e-14 && (zeros[1] - 40.0).abs() < 1e-12, "{zeros:?}");
        assert_eq!(falling_zeros(|t| -1.0 - t, 1e-3, 10.0).unwrap(), Vec::<f64>::new());
        assert_eq!(only_zero(|t| -t, 1.0), Ok(0.0));
        assert!((only_zero(|t| 1e9 - t, 1.0).unwrap() - 1e9).abs() < 1e-6);
    }
}
