//! What a fitted model of repeated visits answers.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::fit::MixedFit;
use super::super::influence::{Refit, Snapshot};
use super::super::likelihood_ratio::{Side, check_rows, has_same_fixed_part, likelihood_ratio};
use super::super::linear::{FTest, between, check_length, independent, wald};
use super::super::options::{DfMethod, IntervalMethod};
use super::super::result::{
    Bootstrapped, Comparison, Extras, Group, Profiles, RandomEffects, RowResidual, Summary, VarCorr,
};
use super::fit::MarginalFit;
use super::parameters::Parameter;
use crate::numeric::matrix::{Matrix, dot};
use crate::numeric::random::Random;
use std::sync::Arc;

impl MixedFit for MarginalFit {
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
        Ok(match self.model.df {
            DfMethod::None => None,
            DfMethod::Residual => Some((self.problem.rows - self.problem.coefficients) as f64),
            DfMethod::Satterthwaite | DfMethod::KenwardRoger => Some(self.single_df(&self.scaling.along(of))),
        })
    }

    fn joint(&self, rows: &Matrix) -> Result<Option<FTest>, MixedError> {
        check_length(&self.data, rows.columns())?;
        let all: Vec<Vec<f64>> = (0..rows.rows()).map(|row| self.scaling.along(rows.row(row))).collect();
        let kept = independent(&all);
        if kept.is_empty() {
            return Ok(None);
        }
        let standardised: Vec<Vec<f64>> = kept.iter().map(|&row| all[row].clone()).collect();
        let estimates: Vec<f64> = kept.iter().map(|&row| dot(rows.row(row), &self.coefficients)).collect();
        let adjusted = if self.model.df == DfMethod::KenwardRoger { self.adjusted() } else { self.at.phi.clone() };
        let Some(wald) = wald(&estimates, &between(&standardised, &adjusted)) else { return Ok(None) };
        let (scale, den_df) = match self.model.df {
            DfMethod::None => (1.0, None),
            DfMethod::Residual => (1.0, Some((self.problem.rows - self.problem.coefficients) as f64)),
            DfMethod::Satterthwaite => (1.0, Some(self.joint_df(&standardised))),
            DfMethod::KenwardRoger => {
                let Some((scale, df)) = self.kenward_roger(&standardised) else { return Ok(None) };
                (scale, Some(df))
            }
        };
        Ok(Some(FTest::new(scale * wald, kept.len(), den_df)))
    }

    fn criterion(&self) -> f64 {
        self.criterion
    }

    fn parameters(&self) -> usize {
        self.problem.parameters() + self.problem.coefficients
    }

    fn sigma(&self) -> Option<f64> {
        self.residual_covariance().first().map(|of| of.cov[(0, 0)].sqrt())
    }

    fn varcorr(&self) -> Vec<VarCorr> {
        self.deviations()
    }

    fn singular(&self) -> bool {
        self.has_no_variance()
    }

    fn converged(&self) -> bool {
        self.converged
    }

    fn ranef(&self) -> Vec<RandomEffects> {
        self.random_effects()
    }

    fn residuals(&self) -> Vec<RowResidual> {
        let all = self.residuals_of_rows();
        self.data.for_all_rows(|at| all[at])
    }

    fn simulate(&self, random: &mut Random) -> Result<Vec<f64>, MixedError> {
        Ok(self.response(random))
    }

    fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        check_rows(&self.data, other)?;
        let mut notes = Vec::new();
        // Variances of random effects are compared by the restricted likelihood, where the fixed parts agree.
        let has_effects = !self.data.random.is_empty() || !other.random.is_empty();
        let restricted = self.model.reml && has_effects && has_same_fixed_part(&self.data, other);
        if self.model.reml && !restricted {
            notes.push("both models were fitted again by full maximum likelihood".to_owned());
        }
        let again = |data: Arc<ModelData>| {
            let model = self.model.clone().reml(restricted).df(DfMethod::None);
            MarginalFit::seen_at(self.layout.clone(), data, model)
        };
        let (one, two) = (again(Arc::clone(&self.data))?, again(other.into())?);
        let [own, other] =
            [&one, &two].map(|fit| Side { data: &fit.data, criterion: fit.criterion, parameters: fit.parameters() });
        likelihood_ratio(&own, &other, if restricted { "REML" } else { "ML" }, notes)
    }

    fn summary(&self) -> Summary {
        let residual = self.residual_covariance();
        let notes = self.notes(&residual);
        let has_effects = !self.data.random.is_empty();
        let kind = if has_effects { "Linear mixed model" } else { "Repeated-measures model" };
        let mut groups = self.data.groups();
        // Factors lie within each other here: those with as many levels are the same.
        if !self.model.is_of_rows() && !groups.iter().any(|group| group.levels == self.layout.subjects) {
            groups.push(Group { name: self.model.subject.clone(), levels: self.layout.subjects });
        }
        Summary {
            kind: format!("{kind}, {} residuals", self.model.structure.title()),
            formula: self.data.formula.source.clone(),
            n: self.data.n(),
            groups,
            method: if self.model.reml { "REML" } else { "ML" }.to_owned(),
            criterion: self.criterion,
            parameters: self.parameters(),
            aic: self.aic(),
            bic: self.bic(),
            sigma: self.sigma(),
            theta: self.relative_factors(self.sigma()),
            fixef: self.coefficients(),
            df_method: self.model.df,
            ci_method: IntervalMethod::Wald,
            level: self.model.level,
            vcov: self.covariance.clone(),
            varcorr: self.deviations(),
            sigma_ci: None,
            profile: Vec::new(),
            ranef: Vec::new(),
            dispersion: None,
            residual,
            singular: self.has_no_variance(),
            converged: self.converged,
            history: self.history.clone(),
            shares: None,
            extras: Extras::default(),
            notes,
        }
    }

    fn profiled(&self) -> usize {
        let of_term = |k: usize| k + k * (k - 1) / 2;
        let effects: usize = self.data.random.iter().map(|term| of_term(term.names.len())).sum();
        self.coefficients.len() + Parameter::all(&self.problem).len() + effects
    }

    fn profile_watched(
        &self,
        with_points: bool,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Profiles>, MixedError> {
        self.profiles(with_points, go_on)
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

impl Refit for MarginalFit {
    fn snapshot(&self) -> Snapshot {
        let size = self.scaling.size;
        Snapshot::of(self, self.scaling.columns.covariance(&self.at.phi).scaled(size * size))
    }

    fn refitted(&self, data: ModelData) -> Result<Snapshot, MixedError> {
        Ok(self.model.clone().df(DfMethod::None).fit(data)?.snapshot())
    }
}
