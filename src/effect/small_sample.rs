//! Hedges' correction of standardised differences.

use crate::numeric::dist::gamma_ratio_half;

/// J(m) = Γ(m/2)/(√(m/2) Γ((m − 1)/2)), by which a standardised difference with `m` degrees of
/// freedom is multiplied; none for 1 and fewer, where it is not defined.
///
/// Source: Hedges (1981), J Educ Stat 6:107, eq. 6e.
///
/// ```
/// use reffect::effect::small_sample::hedges_j;
/// assert!((hedges_j(6.0).expect("6 is enough") - 0.868_626_69).abs() < 1e-8);
/// // Γ(0.8)/(√0.8 Γ(0.3))
/// assert!((hedges_j(1.6).expect("1.6 is enough") - 0.435_10).abs() < 1e-4);
/// assert_eq!(hedges_j(1.0), None);
/// ```
pub fn hedges_j(m: f64) -> Option<f64> {
    (m > 1.0).then(|| gamma_ratio_half(0.5 * (m - 1.0)) / (0.5 * m).sqrt())
}
