//! A multilevel meta-analysis as JSON.

use super::meta::{coefficient, criteria, methods};
use super::meta_around::{WITHOUT_IT, blups, comparison, inflation, joint, predictions, profiles};
use super::{finite, pair};
use crate::meta::multilevel::{Component, ParameterIntervals, RandomEffect};
use crate::numeric::interval::Interval;
use crate::report::meta::multilevel::{MultilevelResults, SharedErrors, method_sentence};
use crate::report::meta::multilevel_around::OfGroup;
use crate::report::r_call::given_of;
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document(results: &MultilevelResults<'_>) -> Value {
    let (fit, model, problem) = (results.fit, results.model, results.problem);
    let qm = fit.qm;
    let of_kind = |is_structured: bool| {
        let all = model.components.iter().zip(&fit.components).zip(&fit.intervals);
        all.filter(move |((component, _), _)| component.inner.is_some() == is_structured)
            .map(|((_, parts), ranges)| (parts, ranges))
    };
    let sigma2: Vec<f64> = of_kind(false).flat_map(|((variances, _), _)| variances.clone()).collect();
    let sigma2_ci: Vec<Value> =
        of_kind(false).flat_map(|(_, ranges)| &ranges.variances).map(|ci| json!(pair(*ci))).collect();
    let structured = of_kind(true).next();
    let second = of_kind(true).nth(1);
    let mut document = json!({
        "k": problem.k(),
        "p": problem.p(),
        "method": if model.restricted { "REML" } else { "ML" },
        "test": model.test.name(),
        "level": model.level,
        "tau2": structured.as_ref().map_or(Value::Null, |((variances, _), _)| one_or_all(variances)),
        "se_tau2": null,
        "tau2_ci": structured.as_ref().map_or(Value::Null, |(_, ranges)| one_or_all_ranges(&ranges.variances)),
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
        "rho_ci": structured.as_ref().map_or(Value::Null, |(_, ranges)| one_or_all_ranges(&ranges.correlations)),
        "converged": fit.converged,
        "iterations": fit.iterations,
    });
    if let Value::Object(fields) = &mut document {
        // A second structured term has the names that metafor gives it.
        if let Some(((variances, correlations), ranges)) = second {
            fields.insert("gamma2".to_owned(), one_or_all(variances));
            fields.insert("gamma2_ci".to_owned(), one_or_all_ranges(&ranges.variances));
            fields.insert("phi".to_owned(), one_or_all(correlations));
            fields.insert("phi_ci".to_owned(), one_or_all_ranges(&ranges.correlations));
        }
        fields.insert("variances".to_owned(), named_variances(results));
        fields.insert("correlations".to_owned(), named_correlations(results));
        fields.insert("I2_levels".to_owned(), shares(results));
        fields.insert("vcov".to_owned(), super::meta::covariance(&fit.covariance));
        fields.insert("studies".to_owned(), studies(results));
        around(fields, results);
        if !results.shared.is_empty() {
            fields.insert("sampling_covariances".to_owned(), shared_errors(results));
        }
        fields.insert("r_call".to_owned(), json!(results.r_call));
        super::meta::put_moderators(fields, results.moderators);
        if let Some(random) = &results.random {
            fields.insert("ranef".to_owned(), effects_of(random));
        }
        put_shown(fields, results);
        let given: Vec<&str> = given_of(&model.components).into_iter().map(|(name, _)| name).collect();
        fields.insert("given".to_owned(), json!(given));
        fields.insert("estimator".to_owned(), fields["method"].clone());
        super::meta::put_facts(fields, results.facts);
        fields.insert("notes".to_owned(), json!([results.notes.clone(), notes_on_rows(results)].concat()));
    }
    document
}

/// How effects are shown, and how everything was computed.
fn put_shown(fields: &mut Map<String, Value>, results: &MultilevelResults<'_>) {
    let shown = results.transformation;
    fields.insert("measure".to_owned(), json!(results.measure));
    fields.insert("transf".to_owned(), json!(shown.option()));
    fields.insert("transf_size".to_owned(), json!(shown.size()));
    let transformed = super::meta::transformed(shown, &results.fit.coefficients, results.prediction);
    fields.insert("transformed".to_owned(), transformed);
    fields.insert("methods".to_owned(), methods(method_sentence(results), &results.around.methods));
}

/// The covariances of rows that share a group, with the names of both.
fn shared_errors(results: &MultilevelResults<'_>) -> Value {
    let one = |of: &SharedErrors| {
        let ((i, j), vi) = (of.rows, &results.problem.vi);
        json!({
            "studies": [results.slab.get(i), results.slab.get(j)],
            "covariance": finite(of.covariance),
            "correlation": finite(of.covariance / (vi[i] * vi[j]).sqrt()),
        })
    };
    results.shared.iter().map(one).collect()
}

/// The random effects of each term, by level.
fn effects_of(all: &[(String, Vec<RandomEffect>)]) -> Value {
    let mut terms = Map::new();
    for (name, effects) in all {
        let levels = effects.iter().map(|effect| {
            (effect.level.clone(), json!({ "estimate": finite(effect.estimate), "se": finite(effect.se) }))
        });
        terms.insert(name.clone(), Value::Object(levels.collect()));
    }
    Value::Object(terms)
}

/// I² in all and of each random effect, in percent.
fn shares(results: &MultilevelResults<'_>) -> Value {
    let Some(of) = &results.i2 else { return Value::Null };
    let names = results.model.components.iter().map(|component| &component.name);
    let parts = names.zip(&of.parts).map(|(name, share)| json!({ "name": name, "I2": share }));
    json!({ "total": of.total, "parts": parts.collect::<Vec<_>>(), "typical_variance": of.typical_variance })
}

/// Every variance under the name of what varies, with its interval.
fn named_variances(results: &MultilevelResults<'_>) -> Value {
    let of_term = |((component, (variances, _)), ranges): Term<'_>| {
        let range = |at: usize| pair(ranges.variances.get(at).copied().flatten());
        let one = |(at, value): (usize, &f64)| json!({ "name": component.name_of(at, variances.len()), "estimate": value, "ci": range(at) });
        variances.iter().enumerate().map(one).collect::<Vec<Value>>()
    };
    terms(results).flat_map(of_term).collect()
}

/// Every correlation under the name of what correlates, with its interval.
fn named_correlations(results: &MultilevelResults<'_>) -> Value {
    let of_term = |((component, (_, correlations)), ranges): Term<'_>| {
        let range = |at: usize| pair(ranges.correlations.get(at).copied().flatten());
        let one = |(at, value): (usize, &f64)| json!({ "name": component.correlation_name_of(at), "estimate": value, "ci": range(at) });
        correlations.iter().enumerate().map(one).collect::<Vec<Value>>()
    };
    terms(results).flat_map(of_term).collect()
}

/// A term with its variances and correlations, and their intervals.
type Term<'a> = ((&'a Component, &'a (Vec<f64>, Vec<f64>)), &'a ParameterIntervals);

fn terms<'a>(results: &MultilevelResults<'a>) -> impl Iterator<Item = Term<'a>> {
    results.model.components.iter().zip(&results.fit.components).zip(&results.fit.intervals)
}

fn one_or_all(values: &Vec<f64>) -> Value {
    match values.as_slice() {
        [] => Value::Null,
        [one] => json!(one),
        all => json!(all),
    }
}

fn one_or_all_ranges(ranges: &[Option<Interval>]) -> Value {
    match ranges {
        [] => Value::Null,
        [one] => json!(pair(*one)),
        all => all.iter().map(|range| pair(*range)).collect(),
    }
}

/// What was pooled, with the weights of the rows in the mean beside those of their own precision.
fn studies(results: &MultilevelResults<'_>) -> Value {
    let diagonal = |study: usize| results.weights.get(study).map(|of| of.diagonal);
    let mut all = super::meta::studies(results.problem, results.slab, diagonal, results.model.level);
    for (study, weights) in all.as_array_mut().into_iter().flatten().zip(results.weights) {
        study["weight_rowsum"] = json!(weights.row_sum.and_then(finite));
    }
    for (study, size) in all.as_array_mut().into_iter().flatten().zip(results.sizes) {
        study["size"] = json!(finite(*size));
    }
    super::meta::with_omitted(all, results.omitted, results.model.level)
}

/// Adds what was asked for under its own keys.
fn around(fields: &mut Map<String, Value>, results: &MultilevelResults<'_>) {
    let around = results.around;
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    put(
        "predict",
        around.predict.as_deref().map(|all| predictions(all, around.are_of_studies.then_some(results.omitted))),
    );
    put("blup", around.blup.as_deref().map(|all| blups(all, results.slab, results.omitted)));
    put("vif", around.vif.as_deref().map(inflation));
    put("compare", around.compare.as_ref().map(comparison));
    put("compare_random", around.compare_random.as_ref().map(comparison));
    put("contrasts", around.contrasts.as_ref().map(|all| all.iter().map(coefficient).collect()));
    put("btt", around.joint.as_deref().map(joint));
    put("profile", around.profile.as_deref().map(profiles));
    put("leave_one_out", around.leave_one_out.then(|| around.groups.iter().map(|of| refit(of, results)).collect()));
    put("influence", around.influence.then(|| around.groups.iter().map(|of| influence(of, results)).collect()));
}

/// The fit without one group.
fn refit(group: &OfGroup, results: &MultilevelResults<'_>) -> Value {
    let fit = group.deleted.as_ref().map(|deleted| &deleted.fit);
    let mean = fit.filter(|_| results.problem.is_intercept_only()).and_then(|fit| fit.coefficients.first());
    let number = |value: Option<f64>| value.and_then(finite);
    let all = |structured: bool, correlations: bool| {
        let parts = fit.map(|fit| results.model.components.iter().zip(&fit.components));
        let values = parts.map(|parts| {
            let chosen = parts.filter(|(component, _)| component.inner.is_some() == structured);
            chosen.flat_map(|(_, (variances, rho))| if correlations { rho } else { variances }).copied().collect()
        });
        values.unwrap_or_default()
    };
    let sigma2: Vec<f64> = all(false, false);
    json!({
        "study": group.level,
        "k": group.deleted.as_ref().map(|deleted| results.problem.k() - deleted.rows.len()),
        "estimate": number(mean.map(|of| of.estimate)),
        "se": number(mean.map(|of| of.se)),
        "statistic": number(mean.map(|of| of.statistic)),
        "p": number(mean.map(|of| of.p)),
        "ci": pair(mean.map(|of| of.ci)),
        "coefficients": fit.map(|fit| fit.coefficients.iter().map(coefficient).collect::<Vec<_>>()),
        "sigma2": sigma2,
        "tau2": one_or_all(&all(true, false)),
        "rho": one_or_all(&all(true, true)),
        "I2": Value::Null,
        "H2": Value::Null,
        "QE": number(fit.map(|fit| fit.qe)),
        "QE_p": number(fit.map(|fit| fit.qe_p)),
        "notes": notes_on_group(group),
    })
}

/// What one group does.
fn influence(group: &OfGroup, results: &MultilevelResults<'_>) -> Value {
    let of = group.deleted.as_ref();
    let residuals = of.map(|of| {
        let one = |(row, (residual, se)): (&usize, &(f64, f64))| {
            json!({ "study": results.slab.get(*row), "resid": finite(*residual), "se": finite(*se), "z": finite(residual / se) })
        };
        of.rows.iter().zip(&of.residuals).map(one).collect::<Vec<Value>>()
    });
    json!({
        "study": group.level,
        "k": of.map(|of| of.rows.len()),
        "X2": of.and_then(|of| finite(of.chi_squared)),
        "X2_p": of.and_then(|of| finite(of.p())),
        "cook_d": of.and_then(|of| finite(of.cook_d)),
        "dfbetas": of.map(|of| of.dfbetas.iter().map(|value| finite(*value)).collect::<Vec<_>>()),
        "rstudent": of.filter(|of| of.rows.len() == 1).and_then(|of| finite(of.residuals[0].0 / of.residuals[0].1)),
        "QE_del": of.and_then(|of| finite(of.fit.qe)),
        "dffits": Value::Null,
        "cov_r": Value::Null,
        "tau2_del": Value::Null,
        "hat": Value::Null,
        "weight": Value::Null,
        "residuals": residuals,
        "notes": notes_on_group(group),
    })
}

/// Why nothing is known of a group, where nothing is.
fn notes_on_group(group: &OfGroup) -> Vec<&'static str> {
    if group.deleted.is_some() { Vec::new() } else { vec![WITHOUT_IT] }
}

/// What is null in every row of an extra, because only models with one τ² have it.
fn notes_on_rows(results: &MultilevelResults<'_>) -> Vec<String> {
    let around = results.around;
    let refits =
        around.leave_one_out.then_some("I2 and H2 of leave_one_out are null: I2_levels has those of the whole fit");
    let influence =
        "dffits, cov_r, tau2_del, hat and weight of influence are null: they are those of models with one tau2";
    refits.into_iter().chain(around.influence.then_some(influence)).map(str::to_owned).collect()
}
