//! Degrees of freedom of F tests, from those of single functions or from the moments of the statistic.

/// The denominator's degrees of freedom of several independent t tests together: Σν/(ν − 2) = E gives
/// 2E/(E − q).
///
/// Source: Fai & Cornelius (1996), J Stat Comput Simul 54:363.
pub(super) fn fai_cornelius(each: &[f64]) -> f64 {
    let q = each.len() as f64;
    let mean = each.iter().sum::<f64>() / q;
    if each.iter().all(|df| (df - mean).abs() < 1e-8 * mean.abs().max(1.0)) {
        return mean;
    }
    if each.iter().any(|df| *df <= 2.0) {
        return 2.0;
    }
    let expected: f64 = each.iter().map(|df| df / (df - 2.0)).sum();
    2.0 * expected / (expected - q)
}

/// The scale of the statistic and the denominator's degrees of freedom of the F test of q functions, from A₁
/// and A₂.
///
/// Source: Kenward & Roger (1997), Biometrics 53:983, section 3, with the limits that Halekoh & Højsgaard
/// (2014), J Stat Softw 59(9), give for vanishing terms. Of one function A₁ = A₂, and everything but 2/A₂ cancels; of
/// balanced designs A₁ = q·A₂, and 1 − A₂/q over v₁ is 1, also where both are 0 (3 patients before and after).
pub(super) fn kenward_roger(a1: f64, a2: f64, q: f64) -> (f64, f64) {
    /// What is left of numbers near 1 that cancel.
    const NOTHING: f64 = 1e-8;
    if q == 1.0 {
        return (1.0, 2.0 / a2);
    }
    let b = (a1 + 6.0 * a2) / (2.0 * q);
    let g = ((q + 1.0) * a1 - (q + 4.0) * a2) / ((q + 2.0) * a2);
    let c = 3.0 * q + 2.0 * (1.0 - g);
    let [c1, c2, c3] = [g / c, (q - g) / c, (q + 2.0 - g) / c];
    let near_zero = |value: f64| if value.abs() < 1e-10 { 0.0 } else { value };
    let (v0, v1, v2) = (near_zero(1.0 + c1 * b), 1.0 - c2 * b, 1.0 - c3 * b);
    let above = 1.0 - a2 / q;
    let ratio = if above.abs() < NOTHING && v1.abs() < NOTHING { 1.0 } else { above / v1 };
    let rho = ratio.powi(2) * v0 / v2 / q;
    let df = 4.0 + (q + 2.0) / (q * rho - 1.0);
    let scale = if (df - 2.0).abs() < 1e-2 { 1.0 } else { df * above / (df - 2.0) };
    (scale, df)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where numbers cancel to nothing, the last digits of A₁ and A₂ decide nothing.
    #[test]
    fn rounding_does_not_decide_where_the_denominator_has_two_degrees_of_freedom() {
        for noise in [-3e-16, 0.0, 2e-15, 1e-12] {
            for q in 1..5 {
                let (a2, a1) = (f64::from(q) * (1.0 + noise), f64::from(q * q) * (1.0 - noise));
                let (scale, df) = kenward_roger(a1, a2, f64::from(q));
                assert!((scale - 1.0).abs() < 1e-7 && (df - 2.0).abs() < 1e-7, "{q}: {scale} {df}");
            }
        }
    }
}
