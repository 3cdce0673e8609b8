//! Simulated responses, and intervals from refits to them.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::fit::MixedFit;
use super::super::intervals::percentile_interval;
use super::super::options::Family;
use super::super::result::{Bootstrapped, Intervals, VarCorr};
use super::family::Likelihood;
use super::fit::GeneralisedFit;
use crate::numeric::interval::Interval;
use crate::numeric::parallel::in_parallel;
use crate::numeric::random::Random;
use std::sync::Arc;

/// Fixed effects, variances and the dispersion of a refit.
type Refit = (Vec<f64>, Vec<VarCorr>, Option<f64>);

impl GeneralisedFit {
    /// A response in new groups, in the form of the response of the data.
    pub(super) fn response_in_new_groups(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        if self.problem.weights.is_some() {
            let message =
                "counts with weights (--weights) cannot be simulated: a weighted likelihood is no distribution";
            return Err(MixedError::data(message, "leave out the weights"));
        }
        let problem = &self.problem;
        let mut eta = self.data.population(&self.coefficients);
        for (factor, term) in self.factors.iter().zip(&self.data.random) {
            let effects: Vec<Vec<f64>> = (0..term.levels.len())
                .map(|_| factor.times_vector(&(0..factor.rows()).map(|_| random.normal()).collect::<Vec<f64>>()))
                .collect();
            term.add_effects(|level| &effects[level], &mut eta);
        }
        let dispersion = problem.dispersion(&self.at);
        let is_share =
            self.model.family == Family::Binomial && self.data.trials.is_none() && self.data.weights.is_some();
        let draw = |(row, eta): (usize, &f64)| {
            let (mean, trials) = (problem.likelihood.mean(*eta), problem.trials[row]);
            match problem.likelihood {
                Likelihood::Binomial(_) => random.binomial(trials, mean.min(1.0)) / if is_share { trials } else { 1.0 },
                Likelihood::Poisson => random.poisson(mean),
                Likelihood::NegativeBinomial2 => {
                    let rate = mean * random.gamma(dispersion) / dispersion;
                    random.poisson(rate)
                }
                Likelihood::NegativeBinomial1 => {
                    let rate = dispersion * random.gamma(mean / dispersion);
                    random.poisson(rate)
                }
            }
        };
        Ok(eta.iter().enumerate().map(draw).collect())
    }

    /// Percentile intervals of a parametric bootstrap. A refit at the Poisson limit has the dispersion of the limit,
    /// which may be infinite.
    pub(super) fn bootstrapped(
        &self,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Bootstrapped>, MixedError> {
        self.simulate(&mut Random::seeded(seed))?;
        let refit = |own: &mut Arc<ModelData>, replicate: usize| {
            Arc::make_mut(own).y = self.simulate(&mut Random::of_replicate(seed, replicate as u64)).ok()?;
            let fit = self.model.fit_alone(Arc::clone(own)).ok()?;
            Some((fit.fixef().to_vec(), fit.varcorr(), fit.dispersion()))
        };
        let Some(all) = in_parallel(replicates, || Arc::clone(&self.data), refit, go_on) else { return Ok(None) };
        let found: Vec<Refit> = all.into_iter().flatten().collect();
        if found.is_empty() {
            return Err(MixedError::no_refit());
        }
        let interval = |of: &dyn Fn(&Refit) -> f64| -> Interval {
            percentile_interval(found.iter().map(of).filter(|value| value.is_finite()).collect(), self.model.level)
        };
        let fixef = (0..self.data.p()).map(|at| interval(&|(beta, ..)| beta[at])).collect();
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for (number, term) in self.data.random.iter().enumerate() {
            let k = term.names.len();
            sd.push((0..k).map(|at| interval(&|(_, terms, _)| terms[number].sd[at])).collect());
            let pairs = (0..k).flat_map(|j| (j + 1..k).map(move |i| (i, j)));
            cor.push(pairs.map(|at| interval(&|(_, terms, _)| terms[number].cor[at])).collect());
        }
        let limit = match self.model.family {
            Family::NegativeBinomial2 => Some(f64::INFINITY),
            Family::NegativeBinomial1 => Some(0.0),
            _ => None,
        };
        let of_dispersion = |limit: f64| {
            let values = found.iter().map(|(.., dispersion)| dispersion.unwrap_or(limit)).collect();
            percentile_interval(values, self.model.level)
        };
        let failed = replicates - found.len();
        let intervals = Intervals { fixef, sd, cor, dispersion: limit.map(of_dispersion), ..Intervals::default() };
        Ok(Some(Bootstrapped { intervals, replicates, failed }))
    }
}
