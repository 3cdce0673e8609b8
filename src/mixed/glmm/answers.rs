//! What a fitted model of counts or proportions answers.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::fit::MixedFit;
use super::super::influence::{Refit, Snapshot};
use super::super::likelihood_ratio::{Side, check_rows, likelihood_ratio};
use super::super::linear::{FTest, between, check_length, independent, wald};
use super::super::result::{
    Bootstrapped, Comparison, Profiles, RandomEffects, Residual, RowResidual, Summary, VarCorr,
};
use super::fit::GeneralisedFit;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::random::Random;

impl MixedFit for GeneralisedFit {
    fn data(&self) -> &ModelData {
        &self.data
    }

    fn level(&self) -> f64 {
        self.model.level
    }

    fn fixef(&self) -> &[f64] {
        &self.coefficients
    }

    fn vcov(&self) -> &Matrix {
        &self.covariance
    }

    fn df(&self, of: &[f64]) -> Result<Option<f64>, MixedError> {
        check_length(&self.data, of.len())?;
        Ok(None)
    }

    fn joint(&self, rows: &Matrix) -> Result<Option<FTest>, MixedError> {
        check_length(&self.data, rows.columns())?;
        let all: Vec<Vec<f64>> = (0..rows.rows()).map(|row| rows.row(row).to_vec()).collect();
        let kept: Vec<Vec<f64>> = independent(&all).into_iter().map(|row| all[row].clone()).collect();
        if kept.is_empty() {
            return Ok(None);
        }
        let estimates: Vec<f64> = kept.iter().map(|row| dot(row, &self.coefficients)).collect();
        let wald = wald(&estimates, &between(&kept, &self.covariance));
        Ok(wald.map(|wald| FTest::new(wald, kept.len(), None)))
    }

    fn criterion(&self) -> f64 {
        self.criterion
    }

    fn parameters(&self) -> usize {
        // Those that were asked for.
        self.problem.parameters() + usize::from(self.is_poisson_limit)
    }

    fn sigma(&self) -> Option<f64> {
        None
    }

    fn varcorr(&self) -> Vec<VarCorr> {
        self.factors.iter().zip(&self.data.random).map(|(factor, term)| VarCorr::new(term, factor)).collect()
    }

    fn singular(&self) -> bool {
        self.singular
    }

    fn converged(&self) -> bool {
        self.converged
    }

    fn ranef(&self) -> Vec<RandomEffects> {
        self.random_effects()
    }

    fn residuals(&self) -> Vec<RowResidual> {
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
            let observed = problem.y[at] / trials;
            Residual { observed, fitted: mean, response: rest / trials, pearson, scaled: pearson, leverage }
        })
    }

    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        self.response_in_new_groups(random)
    }

    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        check_rows(&self.data, other)?;
        let fit = self.model.fit(other)?;
        let own = Side { data: &self.data, criterion: self.criterion, parameters: self.parameters() };
        let other = Side { data: other, criterion: fit.criterion, parameters: fit.parameters() };
        let (both, points) = (self.data.random.is_empty() && other.data.random.is_empty(), self.model.points);
        let method = match points {
            _ if both => "ML".to_owned(),
            1 => "Laplace".to_owned(),
            points => format!("AGQ ({points} points)"),
        };
        likelihood_ratio(&own, &other, &method, Vec::new())
    }

    fn summary(&self) -> Summary {
        self.summarised()
    }

    fn profiled(&self) -> usize {
        self.profiled_parameters().len()
    }

    fn profile_watched(
        &self,
        with_points: bool,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Profiles>, MixedError> {
        Ok(self.profiles(with_points, go_on))
    }

    fn bootstrap_watched(
        &self,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Bootstrapped>, MixedError> {
        self.bootstrapped(replicates, seed, go_on)
    }
}

impl Refit for GeneralisedFit {
    fn snapshot(&self) -> Snapshot {
        Snapshot::of(self, self.covariance.clone())
    }

    fn refitted(&self, data: ModelData) -> Result<Snapshot, MixedError> {
        Ok(self.model.fit_alone(data)?.snapshot())
    }
}
