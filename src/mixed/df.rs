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
/// (2014), J Stat Softw 59(9), give for vanishing terms.
pub(super) fn kenward_roger(a1: f64, a2: f64, q: f64) -> (f64, f64) {
    let b = (a1 + 6.0 * a2) / (2.0 * q);
    let g = ((q + 1.0) * a1 - (q + 4.0) * a2) / ((q + 2.0) * a2);
    let c = 3.0 * q + 2.0 * (1.0 - g);
    let [c1, c2, c3] = [g / c, (q - g) / c, (q + 2.0 - g) / c];
    let near_zero = |value: f64| if value.abs() < 1e-10 { 0.0 } else { value };
    let (v0, v1, v2) = (near_zero(1.0 + c1 * b), 1.0 - c2 * b, 1.0 - c3 * b);
    let rho = ((1.0 - a2 / q) / v1).powi(2) * v0 / v2 / q;
    let df = 4.0 + (q + 2.0) / (q * rho - 1.0);
    let scale = if (df - 2.0).abs() < 1e-2 { 1.0 } else { df * (1.0 - a2 / q) / (df - 2.0) };
    (scale, df)
}
