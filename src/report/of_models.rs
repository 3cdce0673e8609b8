//! Models that were fitted in Rust, as the program shows them.

use super::document::Document;
use super::meta::around::Around;
use super::meta::{Facts, Moderators, Results, Transformation};
use super::r_call::{Source, univariate};
use crate::meta::{Fit, PredictionInterval, Problem};
use crate::mixed::Summary;

/// A meta-analysis as `reffect meta` prints it. The names of the studies stand in the order of the problem; one that
/// has none is its number.
///
/// ```
/// use reffect::meta::{Model, Problem};
/// use reffect::report::of_models::meta_text;
///
/// let problem = Problem::new(vec![-0.89, -1.59, -1.35], vec![0.326, 0.195, 0.415])?;
/// let fit = Model::default().fit(&problem)?;
/// let text = meta_text(&problem, &fit, &[]).to_text(100);
/// assert!(text.contains("Random-effects meta-analysis of 3 studies") && text.contains("tau²"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn meta_text(problem: &Problem, fit: &Fit, slab: &[String]) -> Document {
    with_results(problem, fit, slab, super::meta::document)
}

/// The document that `reffect meta --json` writes of it.
///
/// ```
/// use reffect::meta::{Model, Problem};
/// use reffect::report::of_models::meta_document;
///
/// let problem = Problem::new(vec![-0.89, -1.59, -1.35], vec![0.326, 0.195, 0.415])?;
/// let fit = Model::default().fit(&problem)?;
/// let document = meta_document(&problem, &fit, &["Aronson 1948".to_owned()]);
/// assert_eq!((document["k"].as_u64(), document["method"].as_str()), (Some(3), Some("REML")));
/// assert_eq!(document["studies"][0]["slab"], "Aronson 1948");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "json")]
pub fn meta_document(problem: &Problem, fit: &Fit, slab: &[String]) -> serde_json::Value {
    with_results(problem, fit, slab, super::json::meta::document)
}

/// A mixed model as `reffect fit` prints it; [`crate::mixed::MixedFit::summary`] makes its results.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
/// use reffect::report::of_models::fit_text;
///
/// let frame = reffect::read::read_frame("data/published/sleepstudy.csv")?;
/// let data = ModelData::new(Formula::parse("Reaction ~ Days + (Days | Subject)")?, frame, &DataOptions::default())?;
/// let text = fit_text(&LinearMixedModel::default().fit(data)?.summary()).to_text(100);
/// assert!(text.contains("180 rows; groups: Subject 18"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit_text(fit: &Summary) -> Document {
    super::fit::document(fit)
}

/// The results of a fit alone, without anything around it.
fn with_results<T>(problem: &Problem, fit: &Fit, slab: &[String], show: impl Fn(&Results<'_>) -> T) -> T {
    let slab: Vec<String> =
        (0..problem.k()).map(|at| slab.get(at).cloned().unwrap_or_else(|| (at + 1).to_string())).collect();
    let is_regression = !problem.is_intercept_only();
    let names: Vec<&str> = problem.names.iter().map(String::as_str).filter(|name| *name != "intrcpt").collect();
    let formula = is_regression.then(|| names.join(" + "));
    let moderators = Moderators { formula, ..Moderators::default() };
    // In R these columns are those of a matrix.
    let matrix = if names.len() < problem.names.len() { "X" } else { "0 + X" };
    let weights = problem.weights.as_ref().map(|_| "weights");
    let source = Source::columns("yi", "vi", false);
    let r_call = univariate(&source, &fit.model, problem.mean_variance(), is_regression.then_some(matrix), weights);
    let around = Around { r_call, ..Around::default() };
    let pi_type = PredictionInterval::default();
    show(&Results {
        fit,
        problem,
        slab: &slab,
        omitted: &[],
        input_notes: &[],
        method: fit.model.estimator.name(),
        around: &around,
        prediction: if is_regression { None } else { fit.prediction(pi_type) },
        transformation: Transformation::default(),
        moderators: &moderators,
        pi_type,
        sigma2: None,
        measure: None,
        facts: &Facts::default(),
    })
}
