//! Predictions of the random effects.

use super::fit::LinearFit;
use super::many::Many;
use super::pieces::Pieces;
use crate::mixed::result::{LevelEffects, RandomEffects};
use crate::numeric::matrix::Matrix;
use crate::numeric::orthogonal::{solve_upper, solve_upper_matrix};

impl LinearFit {
    /// The conditional modes b = Λu of each level with their conditional standard deviations
    /// σ√diag(ΛM⁻¹Λ'), as lme4's `ranef(condVar = TRUE)`.
    pub(super) fn random_effects(&self) -> Vec<RandomEffects> {
        self.solved().map_or_else(Vec::new, |many| self.effects_of(&many))
    }

    /// The equations of all levels, solved at the estimated variances; none where they cannot be.
    pub(super) fn solved(&self) -> Option<Many> {
        let problem = &self.problem;
        let mut many = Many::new(problem, &problem.y);
        let mut pieces = Pieces::new(problem.p() + 1, problem.places.len());
        many.evaluate(&self.found.theta, &mut pieces).then_some(many)
    }

    fn effects_of(&self, many: &Many) -> Vec<RandomEffects> {
        let problem = &self.problem;
        let q = problem.p() + 1;
        let beta = &self.kernel.profiled.beta;
        let u = |row: usize| {
            let d = &many.d[row * q..(row + 1) * q];
            d[q - 1] - d.iter().zip(beta).map(|(d, beta)| d * beta).sum::<f64>()
        };
        let lambdas = problem.lambdas(&self.found.theta);
        let sigma = self.residual_sd();
        let mut all = Vec::new();
        for (term, data) in problem.terms.iter().zip(&self.data.random) {
            let lambda = &lambdas[term.factor];
            let own = term.start..term.start + term.k;
            let level = |(at, name): (usize, &String)| {
                let row = many.row(term.factor, at);
                let b: Vec<f64> =
                    own.clone().map(|i| (0..lambda.rows()).map(|j| lambda[(i, j)] * u(row + j)).sum()).collect();
                let spread = lambda.times(&many.inverse_block(term.factor, at)).times(&lambda.transposed());
                let spread = Matrix::from_fn(term.k, term.k, |i, j| spread[(term.start + i, term.start + j)]);
                let half = solve_upper_matrix(&term.r, &spread).transposed();
                let variance = solve_upper_matrix(&term.r, &half).diagonal();
                let b = solve_upper(&term.r, &b);
                LevelEffects {
                    level: name.clone(),
                    values: (0..term.k).map(|i| problem.scale * b[i]).collect(),
                    se: variance.iter().map(|variance| sigma * variance.max(0.0).sqrt()).collect(),
                }
            };
            let levels = data.levels.iter().enumerate().map(level).collect();
            all.push(RandomEffects { group: data.group.clone(), names: data.names.clone(), levels });
        }
        all
    }

    /// The fitted value of each row, with the random effects.
    pub(super) fn fitted(&self, many: Option<&Many>) -> Vec<f64> {
        let mut fitted = self.data.population(&self.beta);
        let effects = many.map_or_else(Vec::new, |many| self.effects_of(many));
        for (term, effects) in self.data.random.iter().zip(effects) {
            term.add_effects(|level| &effects.levels[level].values, &mut fitted);
        }
        fitted
    }
}
