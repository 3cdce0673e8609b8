//! Variances of two independent samples taken together.

/// The pooled variance of two samples with variances `s2` and sizes `n`: ((n₁ − 1)s₁² + (n₂ − 1)s₂²)/(n₁ + n₂ − 2).
///
/// ```
/// use reffect::numeric::two_samples::pooled_variance;
/// assert_eq!(pooled_variance([4.0, 1.0], [11.0, 6.0]), 3.0);
/// ```
pub fn pooled_variance(s2: [f64; 2], n: [f64; 2]) -> f64 {
    ((n[0] - 1.0) * s2[0] + (n[1] - 1.0) * s2[1]) / (n[0] + n[1] - 2.0)
}

/// The degrees of freedom of a difference of means whose squared standard errors s₁²/n₁ and s₂²/n₂ are `errors`. Where
/// the first has the share w of their sum: 1/df = w²/(n₁ − 1) + (1 − w)²/(n₂ − 1).
///
/// Source: Welch (1938), Biometrika 29:350; Satterthwaite (1946), Biometrics Bull 2:110.
///
/// ```
/// use reffect::numeric::two_samples::welch_df;
/// assert_eq!(welch_df([0.5, 0.5], [8.0, 8.0]), 14.0); // equal sizes and variances: n₁ + n₂ − 2
/// assert_eq!(welch_df([1.0, 0.0], [8.0, 5.0]), 7.0); // the second sample has no spread
/// ```
pub fn welch_df(errors: [f64; 2], n: [f64; 2]) -> f64 {
    let w = errors[0] / (errors[0] + errors[1]);
    1.0 / (w * w / (n[0] - 1.0) + (1.0 - w) * (1.0 - w) / (n[1] - 1.0))
}
