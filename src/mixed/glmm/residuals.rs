//! Residuals, and what the influence of groups takes of a fit.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::influence::Snapshot;
use super::super::linear::Tested;
use super::super::result::{Residual, RowResidual};
use super::fit::GeneralisedFit;
use super::start::information;
use crate::numeric::matrix::{Matrix, dot};

impl GeneralisedFit<'_> {
    /// The residual of each row of the table, given the random effects: the fitted value is a count, or the
    /// share of events; Pearson's residual is over the root of the family's variance. Leverage is the diagonal of
    /// W^½[ZΛ X](…)⁻¹[ZΛ X]′W^½ with the weights W of the last Newton step, which with random effects takes the
    /// place of the hat matrix of a generalised linear model: its sum is the number of effects that the rows
    /// determine.
    ///
    /// Source: McCullagh & Nelder (1989), Generalized Linear Models, sections 2.4 and 12.5.
    pub fn residuals(&self) -> Vec<RowResidual> {
        let problem = &self.problem;
        let dispersion = problem.dispersion(&self.at);
        let leverage = self.leverages();
        self.data.for_all_rows(|at| {
            let mean = problem.likelihood.mean(self.mode.eta[at]);
            let trials = problem.trials[at];
            let variance = problem.likelihood.variance(mean, trials, dispersion);
            let rest = problem.y[at] - trials * mean;
            let pearson = rest * problem.weight(at).sqrt() / variance.sqrt();
            let leverage = Some(leverage[at]).filter(|leverage| leverage.is_finite());
            Residual { fitted: mean, response: rest / trials, pearson, scaled: pearson, leverage }
        })
    }

    /// wᵢ(aᵢ′H⁻¹aᵢ + dᵢ′S⁻¹dᵢ), d = x − X′WaH⁻¹a, S the information of β given the random effects' weights;
    /// NaN where they cannot be computed.
    fn leverages(&self) -> Vec<f64> {
        let (problem, mode) = (&self.problem, &self.mode);
        let inverse = problem.inverse_entries(mode);
        let (_, random) = problem.solved_rows(&mode.a, &inverse);
        let Some((information, solved)) = information(problem, mode) else { return vec![f64::NAN; problem.rows()] };
        let w = problem.width;
        let of = |row: usize| {
            let own = row * w..(row + 1) * w;
            let rest: Vec<f64> = problem
                .x_of(row)
                .iter()
                .zip(&solved)
                .map(|(x, solved)| {
                    let through = mode.a[own.clone()].iter().zip(&problem.columns[own.clone()]);
                    x - through.map(|(a, &column)| a * solved[column as usize]).sum::<f64>()
                })
                .collect();
            -mode.slopes[row].second * (random[row] + dot(&rest, &information.solve(&rest)))
        };
        (0..problem.rows()).map(of).collect()
    }

    /// What the influence of groups compares.
    pub fn snapshot(&self) -> (Snapshot, Matrix) {
        let covariance = self.covariance().clone();
        let snapshot = Snapshot {
            names: self.data.x.names.clone(),
            fixef: self.coefficients().to_vec(),
            se: covariance.diagonal().iter().map(|variance| variance.sqrt()).collect(),
            sigma: None,
            sd: self.varcorr().iter().flat_map(|term| term.sd.clone()).collect(),
            converged: self.converged,
        };
        (snapshot, covariance)
    }

    /// The same for a fit to fewer rows.
    ///
    /// # Errors
    /// If the model cannot be fitted to them.
    pub fn refitted(&self, data: &ModelData) -> Result<Snapshot, MixedError> {
        Ok(GeneralisedFit::fit(data, self.options, &[])?.snapshot().0)
    }
}
