//! A multilevel meta-analysis as JSON.

use super::meta::{coefficient, criteria};
use super::{finite, pair};
use crate::numeric::dist::normal_quantile;
use crate::report::meta_multilevel::MultilevelResults;
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document(results: &MultilevelResults<'_>) -> Value {
    let (fit, model, problem) = (results.fit, results.model, results.problem);
    let qm = fit.qm;
    let of_kind = |is_structured: bool| {
        let all = model.components.iter().zip(&fit.components).zip(&fit.variance_ci);
        all.filter(move |((component, _), _)| component.inner.is_some() == is_structured)
            .map(|((_, parts), ci)| (parts, *ci))
    };
    let sigma2: Vec<f64> = of_kind(false).flat_map(|((variances, _), _)| variances.clone()).collect();
    let sigma2_ci: Vec<Value> = of_kind(false).map(|(_, ci)| json!(pair(ci))).collect();
    let structured = of_kind(true).next();
    let second = of_kind(true).nth(1);
    let one_or_all = |values: &Vec<f64>| match values.as_slice() {
        [] => Value::Null,
        [one] => json!(one),
        all => json!(all),
    };
    let random = results.random.as_ref().map(|all| {
        let mut terms = Map::new();
        for (name, effects) in all {
            let levels = effects.iter().map(|effect| {
                (effect.level.clone(), json!({ "estimate": finite(effect.estimate), "se": finite(effect.se) }))
            });
            terms.insert(name.clone(), Value::Object(levels.collect()));
        }
        Value::Object(terms)
    });
    let mut document = json!({
        "k": problem.k(),
        "p": problem.p(),
        "method": if model.restricted { "REML" } else { "ML" },
        "test": model.test.name(),
        "level": model.level,
        "tau2": structured.as_ref().map_or(Value::Null, |((variances, _), _)| one_or_all(variances)),
        "se_tau2": null,
        "tau2_ci": structured.as_ref().and_then(|(_, ci)| pair(*ci)),
        "I2": null, "I2_ci": null, "H2": null, "H2_ci": null, "R2": null,
        "QE": finite(fit.qe),
        "QE_df": problem.residual_df(),
        "QE_p": finite(fit.qe_p),
        "QM": qm.and_then(|test| finite(test.statistic)),
        "QM_df": qm.map(|test| test.df),
        "QM_df2": qm.and_then(|test| test.df2),
        "QM_p": qm.and_then(|test| finite(test.p)),
        "coefficients": fit.coefficients.iter().map(coefficient).collect::<Vec<_>>(),
        "prediction": results.prediction.and_then(|prediction| pair(prediction.pi)),
        "fit": criteria(&fit.statistics),
        "sigma2": sigma2,
        "sigma2_ci": sigma2_ci,
        "rho": structured.as_ref().map_or(Value::Null, |((_, correlations), _)| one_or_all(correlations)),
        "converged": fit.converged,
        "iterations": fit.iterations,
    });
    if let Value::Object(fields) = &mut document {
        // A second structured term has the names that metafor gives it.
        if let Some(((variances, correlations), ci)) = second {
            fields.insert("gamma2".to_owned(), one_or_all(variances));
            fields.insert("gamma2_ci".to_owned(), json!(pair(ci)));
            fields.insert("phi".to_owned(), one_or_all(correlations));
        }
        if let Some(random) = random {
            fields.insert("ranef".to_owned(), random);
        }
        fields.insert("studies".to_owned(), studies(results));
        fields.insert("notes".to_owned(), json!(results.notes));
    }
    document
}

/// What was pooled, row by row: the effects with their intervals. Weights are matrices, and the names of the
/// rows are not known here.
fn studies(results: &MultilevelResults<'_>) -> Value {
    let z = normal_quantile((1.0 + results.model.level) / 2.0);
    let pairs = results.problem.yi.iter().zip(&results.problem.vi);
    let study = |(yi, vi): (&f64, &f64)| {
        let half = z * vi.sqrt();
        json!({
            "slab": null, "yi": finite(*yi), "vi": finite(*vi), "sei": finite(vi.sqrt()),
            "ci": [finite(yi - half), finite(yi + half)], "weight": null,
        })
    };
    pairs.map(study).collect()
}
