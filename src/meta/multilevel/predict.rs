//! Predictions of multilevel models, and the weights of their rows.

use super::fit::{Multilevel, MultilevelFit};
use crate::meta::fit::Coefficient;
use crate::meta::predict::{Mean, Prediction, PredictionInterval};
use crate::meta::problem::{MetaError, Problem, possible_combination};
use crate::numeric::matrix::dot;

impl MultilevelFit {
    /// The variance of the true effect of a row: that of all components together. A component with a variance
    /// for each of its levels needs the level; none without it.
    pub fn total_variance(&self, levels: &[Option<usize>]) -> Option<f64> {
        let one = |(at, (variances, _)): (usize, &(Vec<f64>, Vec<f64>))| match variances.as_slice() {
            [one] => Some(*one),
            all => levels.get(at).copied().flatten().and_then(|level| all.get(level)).copied(),
        };
        self.components.iter().enumerate().map(one).sum()
    }

    /// The degrees of freedom of the test of x′b; none for the normal distribution.
    pub(crate) fn df_at(&self, x: &[f64]) -> Option<f64> {
        let own = self.coefficients.first().and_then(|first| first.df);
        self.robust.as_ref().map(|robust| robust.of(x)).or(own)
    }

    /// The coefficients as numbers.
    pub fn beta(&self) -> Vec<f64> {
        self.coefficients.iter().map(|of| of.estimate).collect()
    }

    /// The combination x′b of the coefficients with its test.
    ///
    /// # Errors
    /// If x has not a finite number for each coefficient.
    pub fn contrast(&self, name: &str, x: &[f64]) -> Result<Coefficient, MetaError> {
        possible_combination(x, self.coefficients.len())?;
        let se = self.covariance.quadratic(x).max(0.0).sqrt();
        Ok(Coefficient::new(name, dot(&self.beta(), x), se, self.df_at(x), self.level))
    }

    /// The mean at moderators x, and where the true effect of such a row may lie; `levels` are those of each
    /// component, as in [`MultilevelFit::total_variance`].
    ///
    /// # Errors
    /// If x has not a finite number for each coefficient.
    pub fn predict(
        &self,
        x: &[f64],
        levels: &[Option<usize>],
        kind: PredictionInterval,
    ) -> Result<Prediction, MetaError> {
        possible_combination(x, self.coefficients.len())?;
        let mean = Mean {
            estimate: dot(&self.beta(), x),
            variance: self.covariance.quadratic(x),
            df: self.df_at(x),
            residual_df: self.residual_df,
            parameters: self.estimated as f64,
            level: self.level,
        };
        Ok(mean.predicted(self.total_variance(levels), kind))
    }
}

impl Multilevel {
    /// The level of each component in one row, for [`MultilevelFit::predict`].
    pub fn levels_of_row(&self, row: usize) -> Vec<Option<usize>> {
        self.components.iter().map(|component| component.inner.as_ref().map(|inner| inner.values[row])).collect()
    }
}

/// The weights of one row, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct WeightsOfRow {
    /// By the diagonal of M⁻¹, as in forest plots.
    pub diagonal: f64,
    /// By the sums of the rows of M⁻¹, which weight the mean where there are no moderators; none with them.
    pub row_sum: Option<f64>,
}

/// The weights of every row.
///
/// # Errors
/// If the covariance is not positive definite.
pub fn weights_of_rows(
    model: &Multilevel,
    problem: &Problem,
    fit: &MultilevelFit,
) -> Result<Vec<WeightsOfRow>, MetaError> {
    let (likelihood, state) = model.state_at_fit(problem, fit)?;
    let mut weights = vec![(0.0, 0.0); problem.k()];
    for (block, inverse) in likelihood.blocks.iter().zip(&state.inverses) {
        let sums = inverse.times_vector(&vec![1.0; block.rows.len()]);
        for ((&row, diagonal), sum) in block.rows.iter().zip(inverse.diagonal()).zip(sums) {
            weights[row] = (diagonal, sum);
        }
    }
    let total = weights.iter().fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let is_mean = problem.is_intercept_only();
    let share = |(diagonal, row_sum): (f64, f64)| WeightsOfRow {
        diagonal: 100.0 * diagonal / total.0,
        row_sum: is_mean.then_some(100.0 * row_sum / total.1),
    };
    Ok(weights.into_iter().map(share).collect())
}
