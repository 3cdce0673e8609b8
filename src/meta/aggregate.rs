//! One effect from several that depend on each other.

use super::problem::MetaError;
use crate::numeric::matrix::{Matrix, dot};

/// The effect of one cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Aggregated {
    /// The effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
}

/// The effects of one cluster as one, weighted by the inverse of their covariance: (1′V⁻¹1)⁻¹1′V⁻¹y with the
/// variance (1′V⁻¹1)⁻¹, where all pairs of sampling errors have the correlation `rho`.
///
/// Source: Lajeunesse (2011), Ecology 92:2049, eq. 4 and 5; Borenstein et al. (2009), chapter 24, with equal
/// weights instead.
///
/// # Errors
/// If there are no effects, or not a variance for each, an effect is no finite number or a variance none above 0, or
/// the correlation is not possible for so many effects.
///
/// ```
/// use reffect::meta::aggregate::aggregate;
/// let both = aggregate(&[0.2, 0.4], &[0.04, 0.04], 0.5)?;
/// assert!((both.yi - 0.3).abs() < 1e-15 && (both.vi - 0.03).abs() < 1e-15);
/// # Ok::<(), reffect::meta::MetaError>(())
/// ```
pub fn aggregate(yi: &[f64], vi: &[f64], rho: f64) -> Result<Aggregated, MetaError> {
    let count = yi.len();
    if count == 0 || vi.len() != count {
        return Err(MetaError::Data(format!("{count} effects and {} variances are no cluster", vi.len())));
    }
    for (study, (y, v)) in yi.iter().zip(vi).enumerate() {
        if !(y.is_finite() && v.is_finite()) {
            return Err(MetaError::NotFinite { study: study + 1 });
        }
        if *v <= 0.0 {
            return Err(MetaError::Variance { study: study + 1, variance: *v });
        }
    }
    let covariance = Matrix::from_fn(count, count, |i, j| if i == j { vi[i] } else { rho * (vi[i] * vi[j]).sqrt() });
    let cholesky = covariance.cholesky().ok_or_else(|| {
        MetaError::Option(format!("{count} effects cannot all correlate by {rho}: their covariance is no covariance"))
    })?;
    let weights = cholesky.solve(&vec![1.0; count]);
    let total: f64 = weights.iter().sum();
    Ok(Aggregated { yi: dot(&weights, yi) / total, vi: 1.0 / total })
}
