//! A mixed model as JSON.

use super::{finite, pair};
use crate::formula::Column;
use crate::mixed::options::Adjustment;
use crate::mixed::result::{
    Adjusted, Coefficient, ComparedModel, Comparison, Extras, Influence, LevelInfluence, MarginalMean, MarginalMeans,
    Prediction, ProfilePoint, ProfileTrace, RandomEffects, ResidualCovariance, ResidualParameter, RowColumn,
    RowResidual, Summary, TermTest, VarCorr,
};
use crate::numeric::interval::Interval;
use crate::numeric::matrix::Matrix;
use crate::report::fit::scale::{Ranged, Scale};
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document(fit: &Summary) -> Value {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("formula", json!(fit.formula));
    for (name, value) in &fit.extras.reading {
        put(name, json!(value));
    }
    put("r_call", json!(fit.extras.r_call));
    put("n", json!(fit.n));
    let group = |of: &crate::mixed::result::Group| json!({ "name": of.name, "levels": of.levels });
    put("groups", fit.groups.iter().map(group).collect());
    let (family, link) = fit.extras.scale;
    put("family", json!(family.name()));
    put("link", json!(link.name()));
    put("method", json!(fit.method));
    put("df_method", json!(fit.df_method.name()));
    put("ci_method", json!(fit.ci_method.name()));
    put("level", json!(fit.level));
    put("criterion", json!(finite(fit.criterion)));
    put("loglik", json!(finite(fit.loglik())));
    put("aic", json!(finite(fit.aic)));
    put("bic", json!(finite(fit.bic)));
    put("sigma", json!(fit.sigma.and_then(finite)));
    if let Some(range) = fit.sigma_ci {
        put("sigma_ci", json!(pair(Some(range))));
    }
    put("theta", numbers(&fit.theta));
    let scale = Scale::of(fit);
    put("fixef", fit.fixef.iter().map(|of| coefficient(of, scale)).collect());
    if let Some(name) = scale.ratio_name() {
        put("ratio_name", json!(name));
    }
    if let Some(name) = scale.response_name() {
        put("response_name", json!(name));
    }
    put("vcov", matrix(&fit.vcov));
    put("varcorr", fit.varcorr.iter().map(varcorr).collect());
    if !fit.profile.is_empty() {
        put("profile", fit.profile.iter().map(profile).collect());
    }
    put("ranef", if fit.ranef.is_empty() { Value::Null } else { ranef(&fit.ranef) });
    put("dispersion", json!(fit.dispersion.and_then(finite)));
    if let Some(range) = fit.extras.dispersion_ci {
        put("dispersion_ci", json!(pair(Some(range))));
    }
    put("residual", residual(&fit.residual));
    let shares = fit.shares.map(|of| {
        json!({ "r2_marginal": finite(of.r2_marginal), "r2_conditional": finite(of.r2_conditional), "icc": finite(of.icc) })
    });
    put("shares", json!(shares));
    put("singular", json!(fit.singular));
    put("converged", json!(fit.converged));
    let step = |of: &crate::mixed::result::Step| json!({ "evaluations": of.evaluations, "criterion": finite(of.criterion), "gradient": finite(of.gradient) });
    put("history", fit.history.iter().map(step).collect());
    extras(&mut put, fit);
    let mut notes = fit.notes.clone();
    notes.extend(scale.notes(fit));
    put("notes", json!(notes));
    Value::Object(fields)
}

fn extras(put: &mut impl FnMut(&str, Value), fit: &Summary) {
    let extras = &fit.extras;
    if let Some(of) = &extras.anova {
        put("anova_type", json!(of.kind.to_string()));
        let test = |of: &TermTest| {
            let own = of.test.as_ref();
            json!({ "term": of.term, "num_df": own.map_or(0.0, |own| own.num_df as f64), "den_df": own.and_then(|own| own.den_df).and_then(finite),
                "F": own.and_then(|own| finite(own.f)), "p": own.and_then(|own| finite(own.p)) })
        };
        put("anova", of.tests.iter().map(test).collect());
    }
    let scale = Scale::of(fit);
    if let Some(rows) = &extras.contrasts {
        put("contrasts", tested(rows, &extras.contrasts_adjusted, scale));
    }
    if extras.adjustment != Adjustment::None {
        put("adjust", json!(extras.adjustment.name()));
    }
    if let Some(rows) = &extras.compare {
        put("compare", rows.iter().map(comparison).collect());
    }
    if let Some(rows) = &extras.predict {
        let row = |(at, of): (usize, &Prediction)| prediction(at, of, fit);
        put("predict", rows.iter().enumerate().map(row).collect());
    }
    sets_of_means(put, fit);
    if let Some(of) = &extras.influence {
        put("influence", of.levels.iter().map(|level| influence(of, level)).collect());
    }
    if let Some(rows) = &extras.residuals {
        let row = |(at, of): (usize, &RowResidual)| residual_row(at, of, extras);
        put("residuals", rows.iter().enumerate().map(row).collect());
    }
    for table in &extras.tables {
        put(table.key, table.rows.iter().map(|of| coefficient(of, scale)).collect());
    }
}

/// Means, slopes and their differences: those of several sets one after the other, each with what it is of.
fn sets_of_means(put: &mut impl FnMut(&str, Value), fit: &Summary) {
    let scale = Scale::of(fit);
    for (name, sets, is_mean) in [("emmeans", &fit.extras.emmeans, true), ("slopes", &fit.extras.slopes, false)] {
        if sets.is_empty() {
            continue;
        }
        let of_set = |of: &MarginalMeans| -> Vec<Value> {
            of.means.iter().map(|one| if is_mean { mean(one, scale) } else { slope(one, &of.what, scale) }).collect()
        };
        put(name, sets.iter().flat_map(of_set).collect());
        let differences = |of: &MarginalMeans| -> Vec<Value> {
            let Value::Array(mut rows) = tested(&of.contrasts, &of.adjusted, scale) else { return Vec::new() };
            for fields in rows.iter_mut().filter_map(Value::as_object_mut) {
                fields.insert("of".to_owned(), json!(of.what));
                fields.insert("by".to_owned(), json!(of.axes));
            }
            rows
        };
        let taken = |of: &MarginalMeans| json!({ "by": of.axes, "notes": of.taken });
        put(&format!("{name}_taken"), sets.iter().map(taken).collect());
        put(&format!("{name}_contrasts"), sets.iter().flat_map(differences).collect());
    }
}

/// Two models with their likelihoods, and the test of one within the other.
fn comparison(of: &Comparison) -> Value {
    let test = of.test.as_ref();
    let model = |of: &ComparedModel| json!({ "formula": of.formula, "parameters": of.parameters, "loglik": finite(of.loglik), "aic": finite(of.aic), "bic": finite(of.bic) });
    json!({ "smaller": of.smaller, "larger": of.larger, "chisq": test.and_then(|test| finite(test.statistic)),
        "df": test.map(|test| test.df as u64), "p": test.and_then(|test| finite(test.p)),
        "p_boundary": of.p_boundary.and_then(finite), "method": of.method, "models": of.models.iter().map(model).collect::<Vec<_>>(), "notes": of.notes })
}

/// The prediction of a new row, also on the scale of the response where that is another one.
fn prediction(at: usize, of: &Prediction, fit: &Summary) -> Value {
    let [population, conditional, se] = [of.population, of.conditional, of.se].map(|of| of.and_then(finite));
    let ci = of.ci(fit.level).map(|ci| pair(Some(ci)));
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("population", json!(population));
    put("conditional", json!(conditional));
    put("se", json!(se));
    put("df", json!(of.df.and_then(finite)));
    put("ci", json!(ci));
    if let Some(all) = Scale::of(fit).predicted(of, fit.level) {
        let [population, conditional, lower, upper] = all.map(|value| json!(value.and_then(finite)));
        put("population_response", population);
        put("conditional_response", conditional);
        put("response_ci", json!([lower, upper]));
    }
    put("columns", columns(at, &fit.extras.predict_columns));
    put("notes", json!(of.note.iter().collect::<Vec<_>>()));
    Value::Object(fields)
}

/// The values of a row under the names of the columns.
fn columns(row: usize, of: &[RowColumn]) -> Value {
    let value = |column: &RowColumn| match &column.values {
        Column::Numbers(values) => json!(values.get(row).copied().and_then(finite)),
        Column::Texts { values, .. } => json!(values.get(row).cloned().flatten()),
    };
    Value::Object(of.iter().map(|column| (column.name.clone(), value(column))).collect())
}

/// A marginal mean; `levels` says which level of which column.
fn mean(of: &MarginalMean, scale: Scale) -> Value {
    let MarginalMean { mean, levels } = of;
    let mut fields = Map::new();
    fields.insert("level".to_owned(), json!(mean.name));
    fields.insert("levels".to_owned(), levels.iter().map(|(name, level)| (name.clone(), json!(level))).collect());
    fields.insert("estimate".to_owned(), json!(finite(mean.estimate)));
    fields.insert("se".to_owned(), json!(finite(mean.se)));
    fields.insert("df".to_owned(), json!(mean.df.and_then(finite)));
    fields.insert("ci".to_owned(), json!(pair(Some(mean.ci))));
    ranged(&mut fields, "response", scale.response(mean));
    Value::Object(fields)
}

/// A slope with its test; `of` says which.
fn slope(of: &MarginalMean, what: &str, scale: Scale) -> Value {
    let mut value = coefficient(&of.mean, scale);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("name");
        fields.insert("of".to_owned(), json!(what));
        fields.insert("level".to_owned(), json!(of.mean.name));
        fields
            .insert("levels".to_owned(), of.levels.iter().map(|(name, level)| (name.clone(), json!(level))).collect());
    }
    value
}

/// An estimate with its interval, if there is one.
fn ranged(fields: &mut Map<String, Value>, name: &str, of: Option<Ranged>) {
    if let Some((estimate, ci)) = of {
        fields.insert(name.to_owned(), json!(finite(estimate)));
        fields.insert(format!("{name}_ci"), json!(pair(Some(ci))));
    }
}

/// Estimates whose tests may be adjusted for their number.
fn tested(rows: &[Coefficient], adjusted: &[Option<Adjusted>], scale: Scale) -> Value {
    let row = |(at, of): (usize, &Coefficient)| {
        let mut value = coefficient(of, scale);
        if let (Some(fields), Some(Some(test))) = (value.as_object_mut(), adjusted.get(at)) {
            fields.insert("p_adjusted".to_owned(), json!(finite(test.p)));
            fields.insert("ci_adjusted".to_owned(), json!(test.ci.map(|ci| pair(Some(ci)))));
        }
        value
    };
    rows.iter().enumerate().map(row).collect()
}

fn influence(of: &Influence, level: &LevelInfluence) -> Value {
    let number = |value: &Option<f64>| json!(value.and_then(finite));
    let named = |names: &[String], values: &[Option<f64>]| -> Value {
        Value::Object(names.iter().cloned().zip(values.iter().map(number)).collect())
    };
    json!({
        "level": level.level,
        "rows": level.rows,
        "fixef": named(&of.names, &level.fixef),
        "dfbetas": named(&of.names, &level.dfbetas),
        "cook_d": number(&level.cook_d),
        "sigma": level.sigma.and_then(finite),
        "sd": named(&of.deviations, &level.sd),
        "notes": level.notes,
    })
}

fn residual_row(at: usize, of: &RowResidual, extras: &Extras) -> Value {
    let [fitted, response, pearson, scaled, leverage] = of.numbers().map(|number| number.and_then(finite));
    let observed = of.residual.and_then(|of| finite(of.observed));
    json!({ "row": of.row, "fitted": fitted, "response": response, "pearson": pearson, "scaled": scaled,
        "leverage": leverage, "observed": observed, "columns": columns(at, &extras.row_columns),
        "notes": extras.without_residual.get(at).into_iter().flatten().collect::<Vec<_>>() })
}

/// One coefficient, as a ratio as well where that has a meaning.
fn coefficient(of: &Coefficient, scale: Scale) -> Value {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("name", json!(of.name));
    put("estimate", json!(finite(of.estimate)));
    put("se", json!(finite(of.se)));
    put("df", json!(of.df.and_then(finite)));
    put("statistic", json!(finite(of.statistic)));
    put("p", json!(finite(of.p)));
    put("ci", json!(pair(Some(of.ci))));
    ranged(&mut fields, "ratio", scale.ratio(of));
    Value::Object(fields)
}

fn numbers(of: &[f64]) -> Value {
    of.iter().map(|value| json!(finite(*value))).collect()
}

fn matrix(of: &Matrix) -> Value {
    (0..of.rows()).map(|row| numbers(of.row(row))).collect()
}

fn intervals(of: &[Interval]) -> Value {
    of.iter().map(|range| json!(pair(Some(*range)))).collect()
}

fn varcorr(of: &VarCorr) -> Value {
    let mut fields = Map::new();
    fields.insert("group".to_owned(), json!(of.group));
    fields.insert("names".to_owned(), json!(of.names));
    fields.insert("sd".to_owned(), numbers(&of.sd));
    fields.insert("cor".to_owned(), matrix(&of.cor));
    if let Some(ranges) = &of.sd_ci {
        fields.insert("sd_ci".to_owned(), intervals(ranges));
    }
    if let Some(ranges) = &of.cor_ci {
        fields.insert("cor_ci".to_owned(), intervals(ranges));
    }
    Value::Object(fields)
}

/// The points of one parameter's profile.
fn profile(of: &ProfileTrace) -> Value {
    let point = |point: &ProfilePoint| json!({ "value": finite(point.value), "zeta": finite(point.zeta) });
    json!({ "parameter": of.parameter, "points": of.points.iter().map(point).collect::<Vec<_>>() })
}

/// Levels with a value under each name, and `se` with the conditional standard deviations. An effect of a column that
/// is called `level` or `se` itself stands in backticks, as in a formula.
fn ranef(groups: &[RandomEffects]) -> Value {
    let mut all: Map<String, Value> = Map::new();
    for group in groups {
        let entry = all.entry(group.group.clone()).or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(levels) = entry else { continue };
        for (at, level) in group.levels.iter().enumerate() {
            if levels.len() <= at {
                levels.push(json!({ "level": level.level, "se": {} }));
            }
            let Value::Object(fields) = &mut levels[at] else { continue };
            for ((name, value), se) in group.names.iter().zip(&level.values).zip(&level.se) {
                let name = if matches!(name.as_str(), "level" | "se") { format!("`{name}`") } else { name.clone() };
                fields.insert(name.clone(), json!(finite(*value)));
                if let Some(Value::Object(ses)) = fields.get_mut("se") {
                    ses.insert(name, json!(finite(*se)));
                }
            }
        }
    }
    Value::Object(all)
}

/// One structure as an object, several (by group) as an array, none as null.
fn residual(of: &[ResidualCovariance]) -> Value {
    let one = |of: &ResidualCovariance| {
        let mut fields = Map::new();
        fields.insert("structure".to_owned(), json!(of.structure));
        if let Some(by) = &of.by {
            fields.insert("by".to_owned(), json!(by));
        }
        fields.insert("times".to_owned(), json!(of.times));
        fields.insert("cov".to_owned(), matrix(&of.cov));
        let parameter = |of: &ResidualParameter| json!({ "name": of.name, "estimate": finite(of.estimate), "ci": of.ci.map(|ci| pair(Some(ci))) });
        fields.insert("parameters".to_owned(), of.parameters.iter().map(parameter).collect());
        Value::Object(fields)
    };
    match of {
        [] => Value::Null,
        [single] => one(single),
        several => several.iter().map(one).collect(),
    }
}

/// What one model says of many data sets.
pub fn ranges(of: &crate::mixed::result::Ranges) -> Value {
    let row = |row: &crate::mixed::result::CoefficientRange| {
        json!({
            "section": row.section,
            "name": row.name,
            "estimate": pair(Some(row.estimate)),
            "se": pair(Some(row.se)),
            "statistic": pair(Some(row.statistic)),
            "p": pair(Some(row.p)),
            "significant": row.significant,
            "tested": row.tested,
            "share": finite(row.share()),
            "mean": finite(row.mean),
            "sd": finite(row.sd()),
        })
    };
    let model = of.model.as_ref();
    json!({
        "title": of.title,
        "formula": of.formula,
        "outcome": of.outcome,
        "fitted": of.fitted,
        "failed": of.failed,
        "singular": of.singular,
        "unconverged": of.unconverged,
        "alpha": of.alpha,
        "df_method": of.df_method.name(),
        "family": model.map(|of| of.scale.0.name()),
        "link": model.map(|of| of.scale.1.name()),
        "method": model.map(|of| &of.method),
        "structure": model.and_then(|of| of.structure),
        "fixef": of.rows.iter().map(row).collect::<Vec<_>>(),
        "notes": of.notes,
    })
}
