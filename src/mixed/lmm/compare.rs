//! Likelihood-ratio tests.

use super::fit::{LinearFit, LinearMixedModel};
use super::pieces::Likelihood;
use super::problem::Problem;
use crate::mixed::data::ModelData;
use crate::mixed::error::MixedError;
use crate::mixed::fit::MixedFit;
use crate::mixed::likelihood_ratio::{Side, check_rows, has_same_fixed_part, likelihood_ratio};
use crate::mixed::options::DfMethod;
use crate::mixed::result::Comparison;

/// The likelihood-ratio test against a model of the same rows: see [`MixedFit::compare`].
pub(super) fn compared(fit: &LinearFit, other: &ModelData) -> Result<Comparison, MixedError> {
    let own = &*fit.data;
    check_rows(own, other)?;
    let same_fixed = has_same_fixed_part(own, other);
    let reml = fit.model.reml && same_fixed;
    let mut notes = Vec::new();
    if fit.model.reml && !same_fixed {
        notes.push(format!(
            "the fixed parts of this model and of {} differ: for their comparison both were fitted again by full maximum likelihood (--ml), and AIC and BIC beside it are of \
             these fits",
            other.formula.source
        ));
    }
    let mine = if reml == fit.model.reml { fit.criterion() } else { criterion(own, reml)? };
    let own = Side { data: own, criterion: mine, parameters: parameters(own) };
    let other = Side { data: other, criterion: criterion(other, reml)?, parameters: parameters(other) };
    likelihood_ratio(&own, &other, if reml { "REML" } else { "ML" }, notes)
}

fn parameters(data: &ModelData) -> usize {
    let of_term = |k: usize| k * (k + 1) / 2;
    data.p() + data.random.iter().map(|term| of_term(term.names.len())).sum::<usize>() + 1
}

/// −2 log-likelihood; without random terms that of ordinary regression.
fn criterion(data: &ModelData, reml: bool) -> Result<f64, MixedError> {
    if !data.random.is_empty() {
        return Ok(LinearMixedModel::default().reml(reml).df(DfMethod::None).fit(data)?.criterion());
    }
    let problem = Problem::new(data)?;
    let likelihood = if reml { Likelihood::Restricted } else { Likelihood::Full };
    let degrees = super::pieces::Profiled::degrees(&problem, likelihood);
    let r2 = (problem.n - problem.p()) as f64 * problem.scale * problem.scale;
    let determinant = if reml { 2.0 * problem.x.log_determinant() } else { 0.0 };
    Ok(degrees * (1.0 + (std::f64::consts::TAU * r2 / degrees).ln()) + determinant - problem.log_weights)
}
