//! Simulated responses, and refits to them.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::options::DfMethod;
use super::super::parallel::{in_parallel, percentile_interval};
use super::super::result::{Bootstrapped, Intervals};
use super::fit::MarginalFit;
use crate::numeric::random::Random;
use std::sync::Arc;

impl MarginalFit {
    /// A response as the model says that it arises.
    pub(super) fn response(&self, random: &mut Random) -> Vec<f64> {
        let mut y = self.data.population(&self.coefficients);
        for subject in self.layout.by_subject() {
            let visits: Vec<usize> = subject.rows.iter().map(|(visit, _)| *visit).collect();
            let own = self.problem.part(&self.theta, subject.group);
            let z: Vec<f64> = visits.iter().map(|_| random.normal()).collect();
            let Some(cholesky) = self.problem.covariance.matrix(own, &visits).cholesky() else { continue };
            let rest = cholesky.lower().times_vector(&z);
            for (&(_, row), rest) in subject.rows.iter().zip(rest) {
                let root = self.data.weights.as_ref().map_or(1.0, |weights| weights[row].sqrt());
                y[row] += self.scaling.size * rest / root;
            }
        }
        y
    }

    /// Percentile intervals by a parametric bootstrap.
    pub(super) fn bootstrapped(
        &self,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Bootstrapped>, MixedError> {
        let model = self.model.clone().df(DfMethod::None);
        let refit = |own: &mut Arc<ModelData>, replicate: usize| {
            Arc::make_mut(own).y = self.response(&mut Random::of_replicate(seed, replicate as u64));
            let fit = MarginalFit::seen_at(self.layout.clone(), Arc::clone(own), model.clone()).ok()?;
            let residual = fit.residual_parameters().into_iter().map(|(_, value)| value).collect::<Vec<f64>>();
            Some((fit.coefficients, residual))
        };
        let Some(all) = in_parallel(replicates, || Arc::clone(&self.data), refit, go_on) else { return Ok(None) };
        let found: Vec<(Vec<f64>, Vec<f64>)> = all.into_iter().flatten().collect();
        if found.is_empty() {
            return Err(MixedError::no_refit());
        }
        let level = self.model.level;
        let fixed = |at: usize| percentile_interval(found.iter().map(|(beta, _)| beta[at]).collect(), level);
        let own = |at: usize| percentile_interval(found.iter().map(|(_, own)| own[at]).collect(), level);
        let fixef = (0..self.data.p()).map(fixed).collect();
        let residual = (0..self.residual_parameters().len()).map(own).collect();
        let failed = replicates - found.len();
        let intervals = Intervals { fixef, residual, ..Intervals::default() };
        Ok(Some(Bootstrapped { intervals, replicates, failed }))
    }
}
