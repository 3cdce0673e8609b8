//! Likelihood-ratio tests between multilevel models.

use super::fit::{Multilevel, MultilevelFit};
use crate::meta::comparison::{Comparison, nested};
use crate::meta::problem::{MetaError, Problem};
use crate::numeric::dist::chi_squared_sf;

/// Compares two sets of moderators, one within the other, by maximum likelihood: restricted likelihoods of
/// different coefficients cannot be compared.
///
/// # Errors
/// If neither model is within the other, or one cannot be fitted.
pub fn compare_moderators(model: &Multilevel, first: &Problem, second: &Problem) -> Result<Comparison, MetaError> {
    let (full, reduced) = nested(first, second)?;
    let mut notes = Vec::new();
    if model.restricted {
        notes.push(
            "the models were fitted again by maximum likelihood: those of REML with other moderators cannot be \
             compared"
                .to_owned(),
        );
    }
    let model = Multilevel { restricted: false, profile: false, ..model.clone() };
    let (large, small) = (model.fit(full)?, model.fit(reduced)?);
    tested(&large, &small, full.p() as f64 - reduced.p() as f64, notes)
}

/// Compares two sets of random effects for the same moderators, by the likelihood of the first model: REML will do.
///
/// # Errors
/// If both have as many parameters, or neither can be within the other, or one cannot be fitted.
pub fn compare_random(first: &Multilevel, second: &Multilevel, problem: &Problem) -> Result<Comparison, MetaError> {
    let of = |model: &Multilevel| Multilevel { profile: false, restricted: first.restricted, ..model.clone() };
    let (mut large, mut small) = (of(first).fit(problem)?, of(second).fit(problem)?);
    if large.parameters.len() < small.parameters.len() {
        std::mem::swap(&mut large, &mut small);
    }
    let df = large.parameters.len() as f64 - small.parameters.len() as f64;
    let rise = large.statistics.log_likelihood - small.statistics.log_likelihood;
    if df == 0.0 || rise < -1e-6 {
        let message = "neither random part is within the other: a likelihood-ratio test needs one with fewer \
                       variances or correlations that the other contains";
        return Err(MetaError::Option(message.to_owned()));
    }
    let note = "a variance of 0 lies at the border of its range, where the p-value is larger than it should be";
    tested(&large, &small, df, vec![note.to_owned()])
}

fn tested(large: &MultilevelFit, small: &MultilevelFit, df: f64, notes: Vec<String>) -> Result<Comparison, MetaError> {
    if !(large.converged && small.converged) {
        let why = "one of the two likelihoods did not reach its maximum".to_owned();
        return Err(MetaError::NotConverged { what: "the comparison", why });
    }
    let (full, reduced) = (large.statistics, small.statistics);
    let chi_squared = (2.0 * (full.log_likelihood - reduced.log_likelihood)).max(0.0);
    Ok(Comparison { full, reduced, df, chi_squared, p: chi_squared_sf(chi_squared, df), tau2: None, notes })
}
