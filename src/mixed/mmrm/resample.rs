//! Simulated responses, and refits to them.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::intervals::percentile_interval;
use super::super::options::DfMethod;
use super::super::result::{Bootstrapped, Intervals, VarCorr};
use super::fit::MarginalFit;
use crate::numeric::interval::Interval;
use crate::numeric::parallel::in_parallel;
use crate::numeric::random::Random;
use std::sync::Arc;

impl MarginalFit {
    /// A response as the model says that it arises.
    pub(super) fn response(&self, random: &mut Random) -> Vec<f64> {
        let mut y = self.data.population(&self.coefficients);
        for cluster in self.clusters() {
            let z: Vec<f64> = cluster.rows.iter().map(|_| random.normal()).collect();
            let Some(of) = self.prepared(&cluster) else { continue };
            let rest = of.cholesky.lower().times_vector(&z);
            for (&row, rest) in cluster.rows.iter().zip(rest) {
                y[row] += self.scaling.size * rest / self.root(row);
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
            let fit =
                MarginalFit::seen_near(self.layout.clone(), Arc::clone(own), model.clone(), Some(&self.theta)).ok()?;
            let residual = fit.residual_parameters().into_iter().map(|(_, value)| value).collect::<Vec<f64>>();
            let effects: Vec<f64> = fit.deviations().iter().flat_map(deviations_of).collect();
            Some((fit.coefficients, residual, effects))
        };
        let Some(all) = in_parallel(replicates, || Arc::clone(&self.data), refit, go_on) else { return Ok(None) };
        let found: Vec<(Vec<f64>, Vec<f64>, Vec<f64>)> = all.into_iter().flatten().collect();
        if found.is_empty() {
            return Err(MixedError::no_refit());
        }
        let level = self.model.level;
        let fixed = |at: usize| percentile_interval(found.iter().map(|(beta, ..)| beta[at]).collect(), level);
        let own = |at: usize| percentile_interval(found.iter().map(|(_, own, _)| own[at]).collect(), level);
        let fixef = (0..self.data.p()).map(fixed).collect();
        let residual = (0..self.residual_parameters().len()).map(own).collect();
        let failed = replicates - found.len();
        let mut next = 0;
        let mut take = |count: usize| {
            let places = next..next + count;
            next += count;
            // A correlation beside a standard deviation of 0 is none.
            let of = |at: usize| found.iter().map(|(.., own)| own[at]).filter(|value| value.is_finite()).collect();
            places.map(|at| percentile_interval(of(at), level)).collect::<Vec<Interval>>()
        };
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for term in &self.data.random {
            let k = term.names.len();
            sd.push(take(k));
            cor.push(take(k * (k - 1) / 2));
        }
        let intervals = Intervals { fixef, residual, sd, cor, ..Intervals::default() };
        Ok(Some(Bootstrapped { intervals, replicates, failed }))
    }
}

/// The standard deviations of a term, then its correlations: the lower triangle by columns.
fn deviations_of(term: &VarCorr) -> Vec<f64> {
    let k = term.sd.len();
    let pairs = (0..k).flat_map(move |j| (j + 1..k).map(move |i| (i, j)));
    term.sd.iter().copied().chain(pairs.map(|at| term.cor[at])).collect()
}
