//! A mixed model as JSON.

use super::{finite, pair};
use crate::mixed::result::{
    Coefficient, Influence, LevelInfluence, MarginalMean, ProfilePoint, ProfileTrace, RandomEffects,
    ResidualCovariance, ResidualParameter, RowResidual, Summary, TermTest, VarCorr,
};
use crate::numeric::interval::Interval;
use crate::numeric::matrix::Matrix;
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
    put("fixef", fit.fixef.iter().map(coefficient).collect());
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
    put("notes", json!(fit.notes));
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
    if let Some(rows) = &extras.contrasts {
        put("contrasts", rows.iter().map(coefficient).collect());
    }
    if let Some(rows) = &extras.compare {
        let test = |of: &crate::mixed::result::Comparison| {
            json!({ "smaller": of.smaller, "larger": of.larger, "chisq": finite(of.test.statistic), "df": of.test.df as u64, "p": finite(of.test.p),
                "p_boundary": of.p_boundary.and_then(finite), "notes": of.notes })
        };
        put("compare", rows.iter().map(test).collect());
    }
    if let Some(rows) = &extras.predict {
        let row = |of: &crate::mixed::result::Prediction| {
            let [population, conditional, se] = [of.population, of.conditional, of.se].map(|of| of.and_then(finite));
            let ci = of.ci(fit.level).map(|ci| pair(Some(ci)));
            json!({ "population": population, "conditional": conditional, "se": se, "df": of.df.and_then(finite), "ci": ci })
        };
        put("predict", rows.iter().map(row).collect());
    }
    if let Some(of) = &extras.emmeans {
        put("emmeans", of.means.iter().map(mean).collect());
        put("emmeans_contrasts", of.contrasts.iter().map(coefficient).collect());
    }
    if let Some(of) = &extras.influence {
        put("influence", of.levels.iter().map(|level| influence(of, level)).collect());
    }
    if let Some(rows) = &extras.residuals {
        put("residuals", rows.iter().map(residual_row).collect());
    }
    for table in &extras.tables {
        put(table.key, table.rows.iter().map(coefficient).collect());
    }
}

/// A marginal mean; `levels` says which level of which column.
fn mean(of: &MarginalMean) -> Value {
    let MarginalMean { mean, levels } = of;
    let mut fields = Map::new();
    fields.insert("level".to_owned(), json!(mean.name));
    fields.insert("levels".to_owned(), levels.iter().map(|(name, level)| (name.clone(), json!(level))).collect());
    fields.insert("estimate".to_owned(), json!(finite(mean.estimate)));
    fields.insert("se".to_owned(), json!(finite(mean.se)));
    fields.insert("df".to_owned(), json!(mean.df.and_then(finite)));
    fields.insert("ci".to_owned(), json!(pair(Some(mean.ci))));
    Value::Object(fields)
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

fn residual_row(of: &RowResidual) -> Value {
    let [fitted, response, pearson, scaled, leverage] = of.numbers().map(|number| number.and_then(finite));
    json!({ "row": of.row, "fitted": fitted, "response": response, "pearson": pearson, "scaled": scaled, "leverage": leverage })
}

/// One coefficient.
fn coefficient(of: &Coefficient) -> Value {
    json!({
        "name": of.name,
        "estimate": finite(of.estimate),
        "se": finite(of.se),
        "df": of.df.and_then(finite),
        "statistic": finite(of.statistic),
        "p": finite(of.p),
        "ci": pair(Some(of.ci)),
    })
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

/// Levels with a value under each name, and `se` with the conditional standard deviations. An effect of a column that is
/// called `level` or `se` itself stands in backticks, as in a formula.
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
            "name": row.name,
            "estimate": pair(Some(row.estimate)),
            "se": pair(Some(row.se)),
            "statistic": pair(Some(row.statistic)),
            "p": pair(Some(row.p)),
            "significant": row.significant,
            "share": finite(row.share()),
            "mean": finite(row.mean),
            "sd": finite(row.sd()),
        })
    };
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
        "fixef": of.rows.iter().map(row).collect::<Vec<_>>(),
        "notes": of.notes,
    })
}
