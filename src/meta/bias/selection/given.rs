//! Sensitivity analyses: effects that were selected with weights that are given and not estimated.

use super::weight::{Alternative, SelectionKind};
use super::{Selection, checked_model, fit_of_given, ordered_ends};
use crate::meta::fit::Model;
use crate::meta::problem::{MetaError, Problem};

/// The ends of the intervals of p-values of [`VEVEA_WOODS`], without the last one, which is 1.
pub const VEVEA_WOODS_STEPS: [f64; 13] = [0.005, 0.01, 0.05, 0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9, 0.95, 0.99, 0.995];

/// Weights that say how moderate and severe selection may look, one-tailed and two-tailed, for one-sided p-values.
///
/// Source: Vevea & Woods (2005), Psychol Methods 10:428, table 1.
pub const VEVEA_WOODS: [(&str, [f64; 14]); 4] = [
    ("moderate one-tailed", [1.0, 0.99, 0.95, 0.8, 0.75, 0.65, 0.6, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
    ("severe one-tailed", [1.0, 0.99, 0.9, 0.75, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.1, 0.1, 0.1, 0.1]),
    ("moderate two-tailed", [1.0, 0.99, 0.95, 0.9, 0.8, 0.75, 0.6, 0.6, 0.75, 0.8, 0.9, 0.95, 0.99, 1.0]),
    ("severe two-tailed", [1.0, 0.99, 0.9, 0.75, 0.6, 0.5, 0.25, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99, 1.0]),
];

/// Fits effects whose chance of being published is given for each interval of p-values, relative to the first: a
/// sensitivity analysis, and no estimate of selection. `steps` are the ends of the intervals, and 1 is added; `weights`
/// has a number for each interval. There is no test of selection, and the weights have no standard errors.
///
/// Source: Vevea & Woods (2005), Psychol Methods 10:428.
///
/// # Errors
/// If the steps are no different numbers between 0 and 1, there is not one weight above 0 for each interval, the model
/// gives τ² or other weights, or there is no maximum.
///
/// ```
/// use reffect::meta::bias::{Alternative, VEVEA_WOODS, VEVEA_WOODS_STEPS, selection_with_weights};
/// use reffect::meta::{Model, Problem};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let (_, severe) = VEVEA_WOODS[1];
/// let fit = selection_with_weights(&Model::default(), &trials, &VEVEA_WOODS_STEPS, &severe, Alternative::Less)?;
/// // metafor 3.8-1: selmodel(rma(yi, vi, method = "ML"), type = "stepfun", steps =, delta =, alternative = "less")
/// assert!((fit.coefficients[0].estimate + 0.352_11).abs() < 1e-4 && fit.lrt.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn selection_with_weights(
    model: &Model,
    problem: &Problem,
    steps: &[f64],
    weights: &[f64],
    alternative: Alternative,
) -> Result<Selection, MetaError> {
    checked_model(model, problem)?;
    let ends = ordered_ends(steps)?;
    if !steps.iter().zip(&ends).all(|(step, end)| step == end) {
        let message = "steps with given weights stand in their order, such as 0.025,0.5";
        return Err(MetaError::Option(message.to_owned()));
    }
    if weights.len() != ends.len() {
        let message = format!(
            "{} weights are given for {} intervals of p-values: the steps are the ends of the intervals, and 1 is the last \
             one",
            weights.len(),
            ends.len()
        );
        return Err(MetaError::Option(message));
    }
    if let Some(weight) = weights.iter().find(|weight| !(weight.is_finite() && **weight > 0.0)) {
        let message = format!("the weight {weight} of an interval of p-values is given, and it must be above 0");
        return Err(MetaError::Option(message));
    }
    let relative: Vec<f64> = weights[1..].iter().map(|weight| weight / weights[0]).collect();
    fit_of_given(model, problem, &SelectionKind::Steps(ends), relative, alternative)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials() -> Problem {
        Problem::new(vec![0.5, 0.1, 0.9, 0.3, 0.2, 0.7], vec![0.02, 0.04, 0.09, 0.03, 0.05, 0.08]).unwrap()
    }

    /// Equal weights are no selection: the fit is that by maximum likelihood.
    #[test]
    fn equal_weights_change_nothing() {
        let (model, problem) = (Model { estimator: crate::meta::Estimator::Ml, ..Model::default() }, trials());
        let plain = model.fit(&problem).unwrap();
        let fit = selection_with_weights(&model, &problem, &[0.025, 0.5], &[2.0; 3], Alternative::Greater).unwrap();
        assert!((fit.coefficients[0].estimate - plain.coefficients[0].estimate).abs() < 1e-7);
        assert!((fit.tau2 - plain.tau2).abs() < 1e-6 && fit.delta == [1.0; 3]);
        assert!((fit.log_likelihood - plain.statistics.log_likelihood).abs() < 1e-9);
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        for (steps, weights) in [
            (&[0.025][..], &[1.0][..]),
            (&[0.025], &[1.0, 0.0]),
            (&[0.025], &[1.0, f64::NAN]),
            (&[], &[1.0]),
            (&[0.5, 0.025], &[1.0, 0.5, 0.2]),
        ] {
            let fit = selection_with_weights(&Model::default(), &trials(), steps, weights, Alternative::Greater);
            assert!(fit.is_err(), "{steps:?} {weights:?}");
        }
    }
}
