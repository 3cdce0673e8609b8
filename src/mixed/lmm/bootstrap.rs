//! Simulated responses, and intervals from refits to them.

use super::fit::LinearFit;
use super::kernel::Kernel;
use super::pieces::Profiled;
use super::search::{awake, search_lightly};
use crate::mixed::intervals::percentile_interval;
use crate::mixed::result::{Intervals, deviations};
use crate::numeric::interval::Interval;
use crate::numeric::random::Random;

/// The estimates of one refit, one after another: fixed effects, σ, then standard deviations and
/// correlations by term.
pub(super) type Estimates = Vec<f64>;

impl LinearFit {
    /// A response in new groups.
    pub(super) fn response_without_offset(&self, random: &mut Random) -> Vec<f64> {
        let data = &self.data;
        let sigma = self.residual_sd();
        let mut y = data.fixed_part(&self.beta);
        for (at, term) in data.random.iter().enumerate() {
            let lambda = self.lambda(at);
            let k = term.columns.len();
            let mut b = vec![0.0; term.levels.len() * k];
            for level in b.chunks_exact_mut(k) {
                let u: Vec<f64> = (0..k).map(|_| random.normal()).collect();
                for (i, b) in level.iter_mut().enumerate() {
                    *b = sigma * (0..=i).map(|j| lambda[(i, j)] * u[j]).sum::<f64>();
                }
            }
            term.add_effects(|level| &b[level * k..(level + 1) * k], &mut y);
        }
        for (row, y) in y.iter_mut().enumerate() {
            let root = data.weights.as_ref().map_or(1.0, |weights| weights[row].sqrt());
            *y += sigma * random.normal() / root;
        }
        y
    }

    /// The estimates of one refit; each replicate has a stream of its own.
    pub(super) fn refit(&self, kernel: &mut Kernel, seed: u64, replicate: usize) -> Estimates {
        let mut random = Random::of_replicate(seed, replicate as u64);
        let problem = &self.problem;
        let (y, ols) = problem.standardised(&self.response_without_offset(&mut random));
        kernel.respond(problem, &y);
        let start = awake(problem, &self.found.theta, 0.1);
        let theta = search_lightly(kernel, problem, &start);
        let of_q: Vec<f64> =
            ols.iter().zip(&kernel.profiled.beta).map(|(ols, beta)| ols + problem.scale * beta).collect();
        let degrees = Profiled::degrees(problem, kernel.likelihood);
        let sigma = problem.scale * (kernel.profiled.r2 / degrees).sqrt();
        let mut estimates = problem.x.coefficients(&of_q);
        estimates.push(sigma);
        for term in 0..problem.terms.len() {
            let (sd, cor) = deviations(&problem.term_lambda(&theta, term));
            let k = sd.len();
            estimates.extend(sd.iter().map(|sd| sd * sigma));
            estimates.extend((0..k).flat_map(|j| (j + 1..k).map(move |i| (i, j))).map(|at| cor[at]));
        }
        estimates
    }

    /// The intervals between the percentiles of the refits.
    pub(super) fn percentiles(&self, all: &[Estimates]) -> Intervals {
        let mut at = 0;
        let mut take = |count: usize| {
            let from = at;
            at += count;
            (from..from + count)
                .map(|column| {
                    let values = all.iter().map(|estimates| estimates[column]);
                    percentile_interval(values.filter(|value| value.is_finite()).collect(), self.model.level)
                })
                .collect::<Vec<Interval>>()
        };
        let fixef = take(self.beta.len());
        let sigma = take(1)[0];
        let (mut sd, mut cor) = (Vec::new(), Vec::new());
        for term in &self.problem.terms {
            sd.push(take(term.k));
            cor.push(take(term.k * (term.k - 1) / 2));
        }
        Intervals { fixef, sigma: Some(sigma), sd, cor, ..Intervals::default() }
    }
}
