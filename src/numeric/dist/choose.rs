//! Binomial coefficients.

use super::gamma::stirling_error;
use std::f64::consts::PI;

/// The logarithm of n over k, for real `0 ≤ k ≤ n`; −∞ outside of them.
///
/// Differences of ln Γ would lose the digits that the terms of Stirling's formula have in common, some ten of
/// them at n = 10⁹; here those are taken apart by hand.
///
/// Source: Loader (2000), Fast and accurate computation of binomial probabilities, eq. 4.
///
/// ```
/// use reffect::numeric::dist::ln_choose;
/// assert!((ln_choose(7.0, 3.0) - 35f64.ln()).abs() < 1e-15);
/// assert_eq!(ln_choose(7.0, 7.0), 0.0);
/// assert_eq!(ln_choose(7.0, 8.0), f64::NEG_INFINITY);
/// ```
pub fn ln_choose(n: f64, k: f64) -> f64 {
    let rest = n - k;
    if k < 0.0 || rest < 0.0 {
        return f64::NEG_INFINITY;
    }
    if k == 0.0 || rest == 0.0 {
        return 0.0;
    }
    let errors = stirling_error(n) - stirling_error(k) - stirling_error(rest);
    let few = k.min(rest);
    let entropy = few * (n / few).ln() - (n - few) * (-few / n).ln_1p();
    errors + 0.5 * (n / (2.0 * PI * k * rest)).ln() + entropy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_of_whole_numbers() {
        let mut row = vec![1.0f64];
        for n in 1..=50 {
            row = (0..=n).map(|k| if k == 0 || k == n { 1.0 } else { row[k - 1] + row[k] }).collect();
            for (k, exact) in row.iter().enumerate() {
                let found = ln_choose(n as f64, k as f64);
                assert!((found - exact.ln()).abs() <= 4e-15 * (1.0 + exact.ln()), "{n} {k}: {found} {}", exact.ln());
            }
        }
    }

    #[test]
    fn large_numbers_keep_their_digits() {
        // n(n − 1)/2 and n(n − 1)(n − 2)/6.
        for n in [1e6f64, 1e9, 1e12, 1e15] {
            let two = (n / 2.0).ln() + (n - 1.0).ln();
            let three = (n / 6.0).ln() + (n - 1.0).ln() + (n - 2.0).ln();
            assert!((ln_choose(n, 2.0) / two - 1.0).abs() < 1e-15, "{n}");
            assert!((ln_choose(n, n - 3.0) / three - 1.0).abs() < 1e-15, "{n}");
        }
    }
}
