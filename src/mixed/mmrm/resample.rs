//! Simulated responses, and refits to them.

use super::super::data::ModelData;
use super::super::linear::Tested;
use super::super::options::DfMethod;
use super::super::parallel::{in_parallel, percentile_interval};
use super::super::result::Intervals;
use super::fit::{MarginalFit, MarginalOptions};
use crate::numeric::interval::Interval;
use crate::numeric::random::Random;

impl MarginalFit<'_> {
    /// A response as the model says that it arises.
    pub fn simulate(&self, random: &mut Random) -> Vec<f64> {
        let mut y = self.data.population(self.coefficients());
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

    /// Percentile intervals by a parametric bootstrap: of the fixed effects, and of the standard deviations and
    /// correlations of the residuals; with how many refits found no maximum. None if `go_on` said no.
    ///
    /// Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, sections 6.5 and 13.3.
    pub fn bootstrap(
        &self,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Option<(Intervals, Vec<Interval>, usize)> {
        let options = MarginalOptions { df: DfMethod::None, ..self.options };
        let refit = |own: &mut ModelData, replicate: usize| {
            own.y = self.simulate(&mut Random::of_replicate(seed, replicate as u64));
            let fit = MarginalFit::fit(own, self.layout.clone(), options).ok()?;
            let residual = fit.residual_parameters().into_iter().map(|(_, value)| value).collect::<Vec<f64>>();
            Some((fit.coefficients().to_vec(), residual))
        };
        let all = in_parallel(replicates, || self.data.clone(), refit, go_on)?;
        let found: Vec<(Vec<f64>, Vec<f64>)> = all.into_iter().flatten().collect();
        let level = self.options.level;
        let fixed = |at: usize| percentile_interval(found.iter().map(|(beta, _)| beta[at]).collect(), level);
        let own = |at: usize| percentile_interval(found.iter().map(|(_, own)| own[at]).collect(), level);
        let fixef = (0..self.data.p()).map(fixed).collect();
        let residual = (0..self.residual_parameters().len()).map(own).collect();
        let failed = replicates - found.len();
        Some((Intervals { fixef, sigma: None, sd: Vec::new(), cor: Vec::new() }, residual, failed))
    }
}
