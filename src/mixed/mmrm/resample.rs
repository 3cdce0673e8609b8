//! Simulated responses, refits to them, and profiles.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::linear::Tested;
use super::super::options::DfMethod;
use super::super::parallel::{in_parallel, percentile_interval};
use super::super::profiling::fixed_effects;
use super::super::result::Intervals;
use super::fit::{MarginalModel, MarginalOptions};
use crate::numeric::random::Random;

impl MarginalModel {
    /// A response as the model says that it arises.
    pub fn simulate(&self, data: &ModelData, random: &mut Random) -> Vec<f64> {
        let fixed = |row: usize| {
            let x = data.x.columns.iter().zip(self.coefficients()).map(|(column, b)| column[row] * b).sum::<f64>();
            x + data.offset.as_ref().map_or(0.0, |offset| offset[row])
        };
        let mut y: Vec<f64> = (0..data.n()).map(fixed).collect();
        for subject in self.layout.by_subject() {
            let visits: Vec<usize> = subject.rows.iter().map(|(visit, _)| *visit).collect();
            let own = self.problem.part(&self.theta, subject.group);
            let z: Vec<f64> = visits.iter().map(|_| random.normal()).collect();
            let Some(cholesky) = self.problem.covariance.matrix(own, &visits).cholesky() else { continue };
            let rest = cholesky.lower().times_vector(&z);
            for (&(_, row), rest) in subject.rows.iter().zip(rest) {
                let root = data.weights.as_ref().map_or(1.0, |weights| weights[row].sqrt());
                y[row] += self.scaling.size * rest / root;
            }
        }
        y
    }

    /// Percentile intervals of the fixed effects by a parametric bootstrap, with how many refits found no
    /// maximum; none if `go_on` said no.
    ///
    /// Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, sections 6.5 and 13.3.
    pub fn bootstrap(
        &self,
        data: &ModelData,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Option<(Intervals, usize)> {
        let options = MarginalOptions { df: DfMethod::None, ..self.options };
        let refit = |own: &mut ModelData, replicate: usize| {
            own.y = self.simulate(data, &mut Random::of_replicate(seed, replicate as u64));
            Self::fit(own, self.layout.clone(), options).ok().map(|fit| fit.coefficients().to_vec())
        };
        let all = in_parallel(replicates, || data.clone(), refit, go_on)?;
        let found: Vec<Vec<f64>> = all.into_iter().flatten().collect();
        let of = |at: usize| percentile_interval(found.iter().map(|b| b[at]).collect(), self.options.level);
        let fixef = (0..data.p()).map(of).collect();
        let failed = replicates - found.len();
        Some((Intervals { fixef, sigma: None, sd: Vec::new(), cor: Vec::new() }, failed))
    }

    /// Profile intervals of the fixed effects, by the full likelihood.
    ///
    /// # Errors
    /// If the model cannot be fitted by full maximum likelihood.
    pub fn profile(&self, data: &ModelData) -> Result<Intervals, MixedError> {
        let options = MarginalOptions { restricted: false, df: DfMethod::None, ..self.options };
        let top = Self::fit(data, self.layout.clone(), options)?;
        let se: Vec<f64> = top.covariance().diagonal().iter().map(|variance| variance.sqrt()).collect();
        let criterion = |held: &ModelData| Some(Self::fit(held, self.layout.clone(), options).ok()?.criterion());
        let fixef = fixed_effects(data, top.coefficients(), &se, self.options.level, top.criterion(), &criterion);
        Ok(Intervals { fixef, sigma: None, sd: Vec::new(), cor: Vec::new() })
    }
}
