//! I² of multilevel models.

use super::components::Component;
use super::fit::MultilevelFit;
use super::likelihood::{Likelihood, State};
use crate::numeric::matrix::Matrix;

/// The shares of the random effects in the variance of an effect, in percent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LevelsOfI2 {
    /// Of all random effects together.
    pub total: f64,
    /// Of each component.
    pub parts: Vec<f64>,
    /// The typical variance of a sampling error.
    pub typical_variance: f64,
}

/// (k − p)/tr P of the sampling errors alone, with P = W − WX(X′WX)⁻¹X′W and W = V⁻¹.
pub(super) fn typical_variance(errors: &Likelihood<'_>, state: &State) -> Option<f64> {
    let p = errors.problem.p();
    let (mut trace, mut inner) = (0.0, Matrix::zeros(p, p));
    for (block, inverse) in errors.blocks.iter().zip(&state.inverses) {
        trace += inverse.diagonal().iter().sum::<f64>();
        let wq = inverse.times(&errors.q(&block.rows));
        for row in 0..wq.rows() {
            for i in 0..p {
                for j in 0..p {
                    inner[(i, j)] += wq[(row, i)] * wq[(row, j)];
                }
            }
        }
    }
    let covariance = state.information.inverse();
    let explained: f64 = (0..p).flat_map(|i| (0..p).map(move |j| (i, j))).map(|at| covariance[at] * inner[at]).sum();
    let typical = errors.problem.residual_df() / (trace - explained);
    (typical.is_finite() && typical > 0.0).then_some(typical)
}

impl MultilevelFit {
    /// The share of the variance of an effect that is not sampling error, in all and for each component: σ²/(Σσ² + s²),
    /// with the typical variance s² = (k − p)/tr P of the sampling errors. None where a component has several
    /// variances, so that the share depends on which of them an effect has, or there is no component.
    ///
    /// Sources: Nakagawa & Santos (2012), Evol Ecol 26:1253; Cheung (2014), Psychol Methods 19:211, eq. 17–18; Higgins
    /// & Thompson (2002), Stat Med 21:1539, eq. 9, in the form with P that metafor's site gives for models with
    /// moderators.
    ///
    /// ```
    /// use reffect::meta::multilevel::{Component, Multilevel, SamplingCovariance};
    /// use reffect::meta::{Problem, Test};
    ///
    /// let problem = Problem::new(vec![0.2, 0.5, 0.1, 0.9, 0.7, 0.4], vec![0.04, 0.05, 0.03, 0.06, 0.05, 0.04])?;
    /// let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
    /// let model = Multilevel {
    ///     components: vec![Component::intercepts("district", vec![0, 0, 1, 1, 2, 2], levels)],
    ///     v: SamplingCovariance::Diagonal,
    ///     restricted: true,
    ///     test: Test::Z,
    ///     level: 0.95,
    ///     profile: false,
    /// };
    /// let fit = model.fit(&problem)?;
    /// let i2 = fit.i2(&model.components).ok_or("no I²")?;
    /// assert!((0.0..100.0).contains(&i2.total) && i2.total == i2.parts[0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn i2(&self, components: &[Component]) -> Option<LevelsOfI2> {
        let typical_variance = self.typical_variance?;
        let variance = |(component, (variances, _)): (&Component, &(Vec<f64>, Vec<f64>))| match &variances[..] {
            [one] if component.parameters() > 0 => Some(*one),
            _ => None,
        };
        let all: Vec<f64> = components.iter().zip(&self.components).map(variance).collect::<Option<_>>()?;
        if all.is_empty() {
            return None;
        }
        let whole = all.iter().sum::<f64>() + typical_variance;
        let share = |variance: &f64| 100.0 * variance / whole;
        let parts: Vec<f64> = all.iter().map(share).collect();
        Some(LevelsOfI2 { total: parts.iter().sum(), parts, typical_variance })
    }
}
