//! Residuals, and what the influence of groups takes of a fit.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::influence::Snapshot;
use super::super::linear::Tested;
use super::super::result::RowResidual;
use super::fit::GeneralisedModel;
use crate::numeric::matrix::Matrix;

impl GeneralisedModel {
    /// The residual of each row of the table, given the random effects: the fitted value is a count, or the
    /// share of events; Pearson's residual is over the root of the family's variance. Leverage is left open:
    /// the fitted value is no linear function of the response.
    ///
    /// Source: McCullagh & Nelder (1989), Generalized Linear Models, section 2.4.
    pub fn residuals(&self, data: &ModelData) -> Vec<RowResidual> {
        let problem = &self.problem;
        let dispersion = problem.dispersion(&self.at);
        data.for_all_rows(|at| {
            let mean = problem.likelihood.mean(self.mode.eta[at]);
            let trials = problem.trials[at];
            let variance = problem.likelihood.variance(mean, trials, dispersion);
            let rest = problem.y[at] - trials * mean;
            let pearson = rest * problem.weight(at).sqrt() / variance.sqrt();
            let (row, response) = (data.rows[at] + 1, rest / trials);
            RowResidual { row, fitted: mean, response, pearson, scaled: pearson, leverage: f64::NAN }
        })
    }

    /// What the influence of groups compares.
    pub fn snapshot(&self, data: &ModelData) -> (Snapshot, Matrix) {
        let covariance = self.covariance().clone();
        let snapshot = Snapshot {
            names: data.x.names.clone(),
            fixef: self.coefficients().to_vec(),
            se: covariance.diagonal().iter().map(|variance| variance.sqrt()).collect(),
            sigma: None,
            sd: self.varcorr(data).iter().flat_map(|term| term.sd.clone()).collect(),
            converged: self.converged,
        };
        (snapshot, covariance)
    }

    /// The same for a fit to fewer rows.
    ///
    /// # Errors
    /// If the model cannot be fitted to them.
    pub fn refitted(&self, data: &ModelData) -> Result<Snapshot, MixedError> {
        Ok(Self::fit(data, self.options, &[])?.snapshot(data).0)
    }
}
