//! What a fitted linear mixed model answers.

use super::compare::compared;
use super::fit::{Inference, LinearFit, LinearMixedModel};
use super::kernel::Kernel;
use crate::mixed::data::ModelData;
use crate::mixed::df::fai_cornelius;
use crate::mixed::error::MixedError;
use crate::mixed::fit::MixedFit;
use crate::mixed::influence::{Refit, Snapshot};
use crate::mixed::linear::{FTest, check_length};
use crate::mixed::options::DfMethod;
use crate::mixed::result::{
    Bootstrapped, Comparison, Estimates, Profiles, RandomEffects, Residual, RowResidual, Summary, VarCorr,
};
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::parallel::in_parallel;
use crate::numeric::random::Random;
use std::sync::Arc;

impl MixedFit for LinearFit {
    fn data(&self) -> &ModelData {
        &self.data
    }

    fn level(&self) -> f64 {
        self.model.level
    }

    fn fixef(&self) -> &[f64] {
        &self.beta
    }

    fn vcov(&self) -> &Matrix {
        &self.vcov
    }

    fn df(&self, of: &[f64]) -> Result<Option<f64>, MixedError> {
        check_length(&self.data, of.len())?;
        let of_q = self.problem.x.function(of);
        Ok(match &self.inference {
            Inference::Satterthwaite(s) => Some(s.df(&of_q)),
            Inference::KenwardRoger(kr) => {
                let adjusted = kr.df(&Matrix::from_fn(1, of_q.len(), |_, at| of_q[at]));
                Some(adjusted.map_or(f64::NAN, |adjusted| adjusted.df))
            }
            Inference::Undetermined => Some(f64::NAN),
            Inference::Residual(df) => Some(*df),
            Inference::None => None,
        })
    }

    fn joint(&self, rows: &Matrix) -> Result<Option<FTest>, MixedError> {
        check_length(&self.data, rows.columns())?;
        let estimates = rows.times_vector(&self.beta);
        let covariance = rows.times(&self.vcov).times(&rows.transposed());
        // Directions in which the rows are independent; Fai & Cornelius (1996).
        let (values, vectors) = covariance.symmetric_eigen();
        let largest = values.last().copied().unwrap_or(0.0);
        let used: Vec<usize> = (0..values.len()).rev().filter(|&at| values[at] > 1.5e-8 * largest).collect();
        if used.is_empty() {
            return Ok(None);
        }
        let direction = |at: usize| -> Vec<f64> { (0..rows.rows()).map(|row| vectors[(row, at)]).collect() };
        let num_df = used.len();
        let f =
            used.iter().map(|&at| dot(&direction(at), &estimates).powi(2) / values[at]).sum::<f64>() / num_df as f64;
        let functions: Vec<Vec<f64>> = used
            .iter()
            .map(|&at| {
                let weights = direction(at);
                let function: Vec<f64> = (0..rows.columns())
                    .map(|column| (0..rows.rows()).map(|row| weights[row] * rows[(row, column)]).sum())
                    .collect();
                self.problem.x.function(&function)
            })
            .collect();
        Ok(match &self.inference {
            Inference::Satterthwaite(s) => {
                let each: Vec<f64> = functions.iter().map(|function| s.df(function)).collect();
                Some(FTest::new(f, num_df, Some(fai_cornelius(&each))))
            }
            Inference::KenwardRoger(kr) => {
                let rows = Matrix::from_fn(functions.len(), self.beta.len(), |row, column| functions[row][column]);
                let (scale, df) = kr.df(&rows).map_or((1.0, f64::NAN), |adjusted| (adjusted.scale, adjusted.df));
                Some(FTest::new(scale * f, num_df, Some(df)))
            }
            Inference::Undetermined => Some(FTest::new(f, num_df, Some(f64::NAN))),
            Inference::Residual(df) => Some(FTest::new(f, num_df, Some(*df))),
            Inference::None => Some(FTest::new(f, num_df, None)),
        })
    }

    fn criterion(&self) -> f64 {
        self.found.criterion
    }

    fn parameters(&self) -> usize {
        self.problem.p() + self.problem.places.len() + 1
    }

    fn sigma(&self) -> Option<f64> {
        Some(self.residual_sd())
    }

    fn varcorr(&self) -> Vec<VarCorr> {
        let sigma = self.residual_sd();
        let terms = self.data.random.iter().enumerate();
        terms.map(|(at, term)| VarCorr::new(term, &self.lambda(at).scaled(sigma))).collect()
    }

    fn singular(&self) -> bool {
        self.problem
            .places
            .iter()
            .zip(&self.found.theta)
            .any(|(place, value)| place.row == place.column && *value == 0.0)
    }

    fn converged(&self) -> bool {
        self.found.converged
    }

    fn ranef(&self) -> Vec<RandomEffects> {
        self.random_effects()
    }

    fn residuals(&self) -> Vec<RowResidual> {
        let data = &self.data;
        let solved = self.solved();
        let fitted = self.fitted(solved.as_ref());
        let leverage = solved.as_ref().and_then(|many| self.leverage_by(many));
        let sigma = self.residual_sd();
        data.for_all_rows(|at| {
            let response = data.y[at] - fitted[at];
            let pearson = response * data.weights.as_ref().map_or(1.0, |weights| weights[at].sqrt());
            let leverage = leverage.as_ref().map(|leverage| leverage[at]);
            Residual { observed: data.y[at], fitted: fitted[at], response, pearson, scaled: pearson / sigma, leverage }
        })
    }

    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        let mut y = self.response_without_offset(random);
        if let Some(offset) = &self.data.offset {
            y.iter_mut().zip(offset).for_each(|(y, offset)| *y += offset);
        }
        Ok(y)
    }

    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        compared(self, other)
    }

    fn summary(&self) -> Summary {
        self.summarised()
    }

    fn profiled(&self) -> usize {
        let of_term = |term: &super::problem::Term| term.k + term.k * (term.k - 1) / 2;
        self.problem.p() + 1 + self.problem.terms.iter().map(of_term).sum::<usize>()
    }

    fn profile_watched(
        &self,
        with_points: bool,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Profiles>, MixedError> {
        if self.problem.can_fit_every_row(false) {
            let message = "no profile intervals, which are those of the likelihood without restriction: the fixed and \
                           random effects together have columns enough to fit every row, so that this likelihood may \
                           grow without end, and no point of it is the highest";
            return Err(MixedError::data(
                message,
                "choose a simpler random part, or take other intervals (leave --ci profile out)",
            ));
        }
        let refitted = match self.model.reml {
            // The profile is that of the plain likelihood, which may be without a maximum where the restricted one has
            // one.
            true => {
                let plain = LinearMixedModel { reml: false, df: DfMethod::None, ..self.model };
                Some(plain.fit(Arc::clone(&self.data)).map_err(|error| {
                    let message =
                        format!("no profile intervals, which are those of the likelihood without restriction: {error}");
                    MixedError::data(message, "Wald intervals of the restricted fit remain")
                })?)
            }
            false => None,
        };
        let plain = refitted.as_ref().unwrap_or(self);
        let Some(intervals) = plain.profile_intervals(go_on) else { return Ok(None) };
        let traces = if with_points { plain.profile_traces(&intervals) } else { Vec::new() };
        Ok(Some(Profiles { intervals, estimates: Estimates::of(plain, &[], None), traces }))
    }

    fn bootstrap_watched(
        &self,
        replicates: usize,
        seed: u64,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Bootstrapped>, MixedError> {
        let refit = |kernel: &mut Kernel, replicate: usize| self.refit(kernel, seed, replicate);
        let Some(all) = in_parallel(replicates, || self.kernel.clone(), refit, go_on) else { return Ok(None) };
        if all.is_empty() {
            return Err(MixedError::no_refit());
        }
        Ok(Some(Bootstrapped { intervals: self.percentiles(&all), replicates, failed: 0 }))
    }
}

impl Refit for LinearFit {
    fn snapshot(&self) -> Snapshot {
        let sigma = self.residual_sd();
        Snapshot::of(self, self.in_user_units(&self.kernel.profiled.covariance).scaled(sigma * sigma))
    }

    fn refitted(&self, data: ModelData) -> Result<Snapshot, MixedError> {
        Ok(LinearMixedModel { df: DfMethod::None, ..self.model }.fit(data)?.snapshot())
    }
}
