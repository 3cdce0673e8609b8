//! A location–scale model as JSON.

use super::finite;
use super::meta::{coefficient, covariance, criteria, put_facts, put_moderators, studies, transformed, with_omitted};
use super::meta_around::{inflation, joint, predictions};
use crate::meta::Omnibus;
use crate::report::meta::scale::{ScaleResults, method_sentence};
use serde_json::{Value, json};

/// The whole document.
pub fn document(results: &ScaleResults<'_>) -> Value {
    let (fit, problem) = (results.fit, results.problem);
    let total_weight: f64 = fit.weights.iter().sum();
    let statistic = |test: Option<Omnibus>| test.and_then(|test| finite(test.statistic));
    let p = |test: Option<Omnibus>| test.and_then(|test| finite(test.p));
    let mut document = json!({
        "k": problem.k(),
        "p": problem.p(),
        "method": if results.restricted { "REML" } else { "ML" },
        "test": results.test.name(),
        "level": results.level,
        "tau2": fit.tau2,
        "se_tau2": null, "tau2_ci": null, "I2": null, "I2_ci": null, "H2": null, "H2_ci": null, "R2": null,
        "QE": finite(fit.qe),
        "QE_df": problem.residual_df(),
        "QE_p": finite(fit.qe_p),
        "QM": statistic(fit.qm),
        "QM_df": fit.qm.map(|test| test.df),
        "QM_df2": fit.qm.and_then(|test| test.df2),
        "QM_p": p(fit.qm),
        "coefficients": fit.coefficients.iter().map(coefficient).collect::<Vec<_>>(),
        "prediction": null,
        "scale": {
            "coefficients": fit.scale.iter().map(coefficient).collect::<Vec<_>>(),
            "QS": statistic(fit.qs),
            "QS_df": fit.qs.map(|test| test.df),
            "QS_df2": fit.qs.and_then(|test| test.df2),
            "QS_p": p(fit.qs),
        },
        "fit": criteria(&fit.statistics),
        "sigma2": null, "sigma2_ci": null, "rho": null,
        "converged": true,
        "measure": results.measure,
        "transf": results.transformation.option(),
        "transformed": transformed(results.transformation, &fit.coefficients, None),
        "transf_size": results.transformation.size(),
        "methods": [method_sentence(results)],
        "notes": results.notes,
        "vcov": covariance(&fit.covariance),
        "studies": with_omitted(
            studies(problem, results.slab, |at| Some(100.0 * fit.weights.get(at)? / total_weight), results.level),
            results.omitted,
            results.level,
        ),
    });
    if let Value::Object(fields) = &mut document {
        put_moderators(fields, results.moderators);
        put_facts(fields, results.facts);
        fields.insert("given".to_owned(), json!([]));
        fields.insert("estimator".to_owned(), fields["method"].clone());
        let around = results.around;
        let extras = [
            (
                "predict",
                around.predict.as_deref().map(|all| predictions(all, around.are_of_studies.then_some(results.omitted))),
            ),
            ("vif", around.vif.as_deref().map(inflation)),
            ("contrasts", around.contrasts.as_ref().map(|all| all.iter().map(coefficient).collect())),
            ("btt", around.joint.as_deref().map(joint)),
            ("r_call", Some(json!(results.r_call))),
        ];
        fields.extend(extras.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    document
}
