//! Simulated responses, and intervals from refits to them.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::linear::Tested;
use super::super::options::Family;
use super::super::parallel::{in_parallel, percentile_interval};
use super::super::result::{Intervals, VarCorr};
use super::family::Likelihood;
use super::fit::GeneralisedFit;
use crate::numeric::interval::Interval;
use crate::numeric::random::Random;

/// Fixed effects, variances and the dispersion of a refit.
type Refit = (Vec<f64>, Vec<VarCorr>, Option<f64>);

/// Intervals of the model's parameters and of its dispersion, and how many refits failed.
pub type Bootstrapped = (Intervals, Option<Interval>, usize);

impl GeneralisedFit<'_> {
    /// A response as the model says that it arises, in new groups, in the form of the response of `data`.
    ///
    /// # Errors
    /// If counts have weights, which no distribution gives a meaning.
    pub fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        if self.problem.weights.is_some() {
            let message = "counts with --weights cannot be simulated: a weighted likelihood is no distribution";
            return Err(MixedError::data(message, "leave out --weights"));
        }
        let problem = &self.problem;
        let mut eta = self.data.population(self.coefficients());
        for (factor, term) in self.factors.iter().zip(&self.data.random) {
            let effects: Vec<Vec<f64>> = (0..term.levels.len())
                .map(|_| factor.times_vector(&(0..factor.rows()).map(|_| random.normal()).collect::<Vec<f64>>()))
                .collect();
            term.add_effects(|level| &effects[level], &mut eta);
        }
        let dispersion = problem.dispersion(&self.at);
        let is_share =
            self.options.family == Family::Binomial && self.data.trials.is_none() && self.data.weights.is_some();
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

    /// Percentile intervals of a parametric bootstrap, of the dispersion too, with how many refits found no
    /// finite maximum (such as by separation); none if `go_on` said no. A refit at the Poisson limit has the
    /// dispersion of the limit, which may be infinite.
    ///
    /// Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, sections 6.5 and 13.3.
    ///
    /// # Errors
    /// If counts have weights, or no refit succeeds.
    pub fn bootstrap(
        &self,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Bootstrapped>, MixedError> {
        self.simulate(&mut Random::seeded(seed))?;
        let refit = |own: &mut ModelData, replicate: usize| {
            own.y = self.simulate(&mut Random::of_replicate(seed, replicate as u64)).ok()?;
            let fit = GeneralisedFit::fit(own, self.options, &[]).ok()?;
            Some((fit.coefficients().to_vec(), fit.varcorr(), fit.dispersion()))
        };
        let Some(all) = in_parallel(replicates, || self.data.clone(), refit, go_on) else { return Ok(None) };
        let found: Vec<Refit> = all.into_iter().flatten().collect();
        if found.is_empty() {
            return Err(MixedError::NotConverged("no refit to a simulated response found a maximum".to_owned()));
        }
        let interval = |of: &dyn Fn(&Refit) -> f64| -> Interval {
            percentile_interval(found.iter().map(of).filter(|value| value.is_finite()).collect(), self.options.level)
        };
        let fixef = (0..self.data.p()).map(|at| interval(&|(beta, ..)| beta[at])).collect();
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for (number, term) in self.data.random.iter().enumerate() {
            let k = term.names.len();
            sd.push((0..k).map(|at| interval(&|(_, terms, _)| terms[number].sd[at])).collect());
            let pairs = (0..k).flat_map(|j| (j + 1..k).map(move |i| (i, j)));
            cor.push(pairs.map(|at| interval(&|(_, terms, _)| terms[number].cor[at])).collect());
        }
        let limit = match self.options.family {
            Family::NegativeBinomial2 => Some(f64::INFINITY),
            Family::NegativeBinomial1 => Some(0.0),
            _ => None,
        };
        let of_dispersion = |limit: f64| {
            let values = found.iter().map(|(.., dispersion)| dispersion.unwrap_or(limit)).collect();
            percentile_interval(values, self.options.level)
        };
        let failed = replicates - found.len();
        Ok(Some((Intervals { fixef, sigma: None, sd, cor }, limit.map(of_dispersion), failed)))
    }
}
