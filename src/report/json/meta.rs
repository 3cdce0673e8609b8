//! A meta-analysis as JSON.

use super::meta_around::subset;
use super::{finite, pair, value};
use crate::meta::gosh::Gosh;
use crate::meta::statistics::FitStatistics;
use crate::meta::{Coefficient, Fit, Prediction, Problem, Weighting};
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::numeric::matrix::Matrix;
use crate::report::meta::{Facts, Moderators, Omitted, Part, Results, Transformation, in_place, method_sentence};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document(results: &Results<'_>) -> Value {
    value(Streamed::new(results))
}

/// The document whose subsets become values one at a time while it is written: as values of JSON, a million of them
/// would take gigabytes.
pub struct Streamed<'a> {
    fields: Map<String, Value>,
    gosh: Option<&'a Gosh>,
}

impl<'a> Streamed<'a> {
    pub fn new(results: &'a Results<'_>) -> Self {
        let mut fields = Map::new();
        model_fields(&mut fields, results);
        fields.insert("vcov".to_owned(), covariance(&results.fit.covariance));
        fields.insert("r_call".to_owned(), json!(results.around.r_call));
        put_moderators(&mut fields, results.moderators);
        fields.insert("studies".to_owned(), studies_of(results));
        super::meta_around::fields(&mut fields, results);
        Self { fields, gosh: results.around.gosh.as_ref() }
    }
}

impl Serialize for Streamed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, field) in &self.fields {
            match self.gosh {
                Some(gosh) if name == "gosh" => map.serialize_entry(name, &Subsets(gosh))?,
                _ => map.serialize_entry(name, field)?,
            }
        }
        map.end()
    }
}

struct Subsets<'a>(&'a Gosh);

impl Serialize for Subsets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.subsets.iter().map(subset))
    }
}

fn model_fields(fields: &mut Map<String, Value>, results: &Results<'_>) {
    let fit = results.fit;
    let statistics = &fit.statistics;
    let qm = fit.qm;
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("k", json!(fit.k));
    put("p", json!(fit.p));
    put("method", json!(results.method));
    put("test", json!(fit.model.test.name()));
    put("level", json!(fit.model.level));
    put("tau2", json!(fit.tau2));
    put("se_tau2", json!(fit.tau2_se.and_then(finite)));
    put("tau2_ci", json!(pair(fit.tau2_ci)));
    put("I2", json!(fit.i2.and_then(finite)));
    put("I2_ci", json!(pair(fit.i2_ci())));
    put("H2", json!(fit.h2.and_then(finite)));
    put("H2_ci", json!(pair(fit.h2_ci())));
    put("R2", json!(fit.r2));
    put("QE", json!(finite(fit.qe)));
    put("QE_df", json!(results.problem.k() as f64 - fit.p as f64));
    put("QE_p", json!(finite(fit.qe_p)));
    put("QE_Wld", json!(fit.qe_wald.and_then(|test| finite(test.statistic))));
    put("QE_Wld_p", json!(fit.qe_wald.and_then(|test| finite(test.p))));
    put("QM", json!(qm.and_then(|test| finite(test.statistic))));
    put("QM_df", json!(qm.map(|test| test.df)));
    put("QM_df2", json!(qm.and_then(|test| test.df2)));
    put("QM_p", json!(qm.and_then(|test| finite(test.p))));
    put("coefficients", fit.coefficients.iter().map(coefficient).collect());
    put("prediction", json!(results.prediction.and_then(|prediction| pair(prediction.pi))));
    put("fit", criteria(statistics));
    put("sigma2", results.sigma2.map_or(Value::Null, |value| json!([value])));
    put("sigma2_ci", Value::Null);
    put("rho", Value::Null);
    put("converged", json!(true));
    put("measure", json!(results.measure));
    put("transf", json!(results.transformation.option()));
    put("transf_size", json!(results.transformation.size()));
    put("transformed", transformed(results.transformation, &fit.coefficients, results.prediction));
    put("methods", methods(method_sentence(results), &results.around.methods));
    put("notes", json!(results.notes()));
    let estimator = fit.model.estimator.name();
    put("estimator", json!(estimator));
    put("weighting", json!((results.method == estimator).then(|| weighting(results.problem, fit))));
    put("given", json!(fit.model.tau2.map_or(Vec::new(), |_| vec!["tau2"])));
    put_facts(fields, results.facts);
}

/// What the weights of the studies are, where they are those of their effects.
pub(crate) fn weighting(problem: &Problem, fit: &Fit) -> &'static str {
    match fit.model.weighting {
        Weighting::Equal => "equal",
        Weighting::Inverse if problem.weights.is_some() => "given",
        Weighting::Inverse => "inverse-variance",
    }
}

/// Adds what was done to the input: the same as notes tell, for programs.
pub(super) fn put_facts(fields: &mut Map<String, Value>, of: &Facts) {
    fields.insert("cluster".to_owned(), json!(of.cluster));
    fields.insert("added".to_owned(), json!(of.added));
    fields.insert("caveats".to_owned(), json!(of.caveats));
}

/// How everything was computed, in the sentences of text.
pub(super) fn methods(of_model: String, around: &[String]) -> Value {
    json!([&[of_model], around].concat())
}

/// The pooled effect as it is shown to people, with its intervals; null where effects are shown as they are, or there
/// is not one pooled effect.
pub(super) fn transformed(shown: Transformation, all: &[Coefficient], prediction: Option<Prediction>) -> Value {
    let [mean] = all else { return Value::Null };
    if shown.option().is_none() || mean.name != "intrcpt" {
        return Value::Null;
    }
    let of = |range: Option<Interval>| pair(range.map(|range| range.map_monotone(|end| shown.of(end))));
    json!({
        "estimate": finite(shown.of(mean.estimate)), "ci": of(Some(mean.ci)),
        "pi": of(prediction.and_then(|of| of.pi)),
    })
}

/// Adds the formula of the moderators and the levels of its factors, the first of which the others are compared with.
pub(super) fn put_moderators(fields: &mut Map<String, Value>, of: &Moderators) {
    fields.insert("formula".to_owned(), json!(of.formula));
    let factors = of.factors.iter().map(|(name, levels)| (name.clone(), json!(levels)));
    fields.insert("factors".to_owned(), Value::Object(factors.collect()));
}

/// The covariance of the coefficients.
pub(super) fn covariance(of: &Matrix) -> Value {
    (0..of.rows()).map(|row| (0..of.columns()).map(|column| finite(of[(row, column)])).collect::<Vec<_>>()).collect()
}

/// What was pooled: the effects with their intervals, weights in percent, and moderators.
pub(super) fn studies(
    problem: &Problem,
    slab: &[String],
    weight_in_percent: impl Fn(usize) -> Option<f64>,
    level: f64,
) -> Value {
    let z = normal_critical(level);
    let study = |at: usize| {
        let (yi, vi) = (problem.yi[at], problem.vi[at]);
        let ci = Interval::around(yi, z * vi.sqrt());
        let row = problem.names.iter().zip(&problem.columns).map(|(name, column)| (name.clone(), json!(column[at])));
        json!({
            "slab": slab.get(at),
            "yi": finite(yi), "vi": finite(vi), "sei": finite(vi.sqrt()),
            "ci": ci.ends().map(finite),
            "weight": weight_in_percent(at).and_then(finite),
            "x": row.collect::<Map<String, Value>>(),
            "notes": [],
            "part": Part::Analysed,
        })
    };
    (0..problem.k()).map(study).collect()
}

/// Puts the rows that were not analysed where they stand in the table, with null for what they have no part in.
pub(super) fn with_omitted(analysed: Value, omitted: &[Omitted], level: f64) -> Value {
    let Value::Array(analysed) = analysed else { return analysed };
    let fields: Vec<String> =
        analysed.first().and_then(Value::as_object).map(|first| first.keys().cloned().collect()).unwrap_or_default();
    let row = |of: &Omitted| {
        let mut row: Map<String, Value> = fields.iter().map(|field| (field.clone(), Value::Null)).collect();
        let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
        put("slab", json!(of.name));
        put("yi", json!(of.yi));
        put("vi", json!(of.vi));
        put("sei", json!(of.vi.map(f64::sqrt)));
        if let (Some(yi), Some(vi)) = (of.yi, of.vi) {
            put("ci", json!(Interval::around(yi, normal_critical(level) * vi.sqrt()).ends().map(finite)));
        }
        put("weight", json!(of.weight));
        put("notes", json!([of.reason]));
        put("part", json!(of.part));
        Value::Object(row)
    };
    Value::Array(in_place(analysed, omitted, row))
}

/// Results of studies, each with its notes, and null with a note for the rows that were not analysed, where they stand
/// in the table; `name` is the field with the name of the study.
pub(super) fn of_studies(analysed: Value, omitted: &[Omitted], name: &str) -> Value {
    let Value::Array(mut analysed) = analysed else { return analysed };
    // An interval that is null is null as a whole, and a list keeps its length.
    let without = |(field, value): (&String, &Value)| match value {
        Value::Array(all) if field != "ci" && field != "pi" => (field.clone(), json!(vec![Value::Null; all.len()])),
        _ => (field.clone(), Value::Null),
    };
    let fields: Map<String, Value> = analysed
        .first()
        .and_then(Value::as_object)
        .map(|first| first.iter().map(without).collect())
        .unwrap_or_default();
    for one in &mut analysed {
        if one.get("notes").is_none() {
            one["notes"] = json!([]);
        }
        one["part"] = json!(Part::Analysed);
    }
    let row = |of: &Omitted| {
        let mut row = fields.clone();
        row.insert(name.to_owned(), json!(of.name));
        row.insert("notes".to_owned(), json!([of.reason]));
        row.insert("part".to_owned(), json!(of.part));
        Value::Object(row)
    };
    Value::Array(in_place(analysed, omitted, row))
}

/// The same with the groups of the studies.
fn studies_of(results: &Results<'_>) -> Value {
    let fit = results.fit;
    let mut all = studies(results.problem, results.slab, |at| fit.weight_in_percent(at), fit.model.level);
    for (at, study) in all.as_array_mut().into_iter().flatten().enumerate() {
        study["subgroup"] = json!(results.around.subgroup_levels.get(at).cloned().flatten());
        if let Some(size) = results.around.sizes.get(at) {
            study["size"] = json!(finite(*size));
        }
    }
    with_omitted(all, results.omitted, fit.model.level)
}

/// Likelihood and criteria.
pub(super) fn criteria(statistics: &FitStatistics) -> Value {
    json!({
        "loglik": finite(statistics.log_likelihood),
        "deviance": finite(statistics.deviance),
        "aic": finite(statistics.aic),
        "bic": finite(statistics.bic),
        "aicc": finite(statistics.aicc),
    })
}

/// One coefficient.
pub(super) fn coefficient(of: &Coefficient) -> Value {
    json!({
        "name": of.name,
        "estimate": finite(of.estimate),
        "se": finite(of.se),
        "statistic": finite(of.statistic),
        "df": of.df,
        "p": finite(of.p),
        "ci": pair(Some(of.ci)),
    })
}
