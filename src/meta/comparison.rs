//! Likelihood-ratio tests between models for the same effects.

use super::deletion::without_interval;
use super::fit::{Fit, Model, Weighting};
use super::problem::{MetaError, Problem};
use super::statistics::FitStatistics;
use super::tau2::Estimator;
use crate::estimate::ChiSquared;
use crate::numeric::matrix::lie_within;

/// A likelihood-ratio test of a smaller model within a larger one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// Criteria of the larger model.
    pub full: FitStatistics,
    /// Criteria of the smaller one.
    pub reduced: FitStatistics,
    /// Twice the difference of the log-likelihoods; df says how many parameters fewer the smaller one has.
    pub test: ChiSquared,
    /// τ² of both, where there is one.
    pub tau2: Option<[f64; 2]>,
    /// What is to be known of it.
    pub notes: Vec<String>,
}

/// Compares two models of which one is within the other, fitted by maximum likelihood: restricted likelihoods
/// of different coefficients cannot be compared.
///
/// Source: Wilks (1938), Ann Math Stat 9:60.
///
/// # Errors
/// If the models are not for the same effects and variances, neither is within the other, or one cannot be fitted.
#[doc(alias = "anova")]
pub fn compare(model: &Model, first: &Problem, second: &Problem) -> Result<Comparison, MetaError> {
    let (full, reduced) = nested(first, second)?;
    let mut notes = Vec::new();
    let estimator = if model.estimator.is_common() { model.estimator } else { Estimator::Ml };
    if estimator != model.estimator {
        notes.push(format!(
            "the models were fitted again by maximum likelihood: those of {} with other moderators cannot be compared",
            model.estimator.name()
        ));
    }
    if model.weighting == Weighting::Equal || first.weights.is_some() || second.weights.is_some() {
        notes.push(
            "with weights other than those of the model the coefficients do not maximise the likelihood: twice the \
             difference is no χ², and its p-value a rough one"
                .to_owned(),
        );
    }
    let model = without_interval(&Model { estimator, ..*model });
    let fits: [Fit; 2] = [model.fit(full)?, model.fit(reduced)?];
    let [full, reduced] = [fits[0].statistics, fits[1].statistics];
    let df = fits[0].p as f64 - fits[1].p as f64;
    let test = ChiSquared::of_likelihoods(full.log_likelihood, reduced.log_likelihood, df);
    Ok(Comparison { full, reduced, test, tau2: Some([fits[0].tau2, fits[1].tau2]), notes })
}

/// The larger and the smaller of two models, if the smaller one's columns follow from the larger one's.
pub(super) fn nested<'a>(first: &'a Problem, second: &'a Problem) -> Result<(&'a Problem, &'a Problem), MetaError> {
    if first.yi != second.yi || first.vi != second.vi {
        let message = "the models are for different studies: a likelihood-ratio test needs the same effects with the same \
                       variances in both, in the same order";
        return Err(MetaError::Data(message.to_owned()));
    }
    let (full, reduced) = if first.p() >= second.p() { (first, second) } else { (second, first) };
    let are_same = full.p() == reduced.p() && lie_within(&reduced.columns, &full.columns);
    if are_same {
        let message = "both models have the same moderators: there is nothing to test";
        return Err(MetaError::Option(message.to_owned()));
    }
    if full.p() == reduced.p() || !lie_within(&reduced.columns, &full.columns) {
        let message = "neither model is within the other: a likelihood-ratio test needs one whose moderators are all \
                       in the other, and not all of them";
        return Err(MetaError::Option(message.to_owned()));
    }
    Ok((full, reduced))
}
