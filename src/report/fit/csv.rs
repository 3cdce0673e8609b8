//! A mixed model as CSV: one table, the fixed effects or what was asked for beside them.

use super::csv_means::{differences, means};
use super::rows::written;
use super::scale::Scale;
use crate::mixed::result::{Coefficient, Comparison, RandomEffects, RowColumn, Summary, TermTest};
use crate::numeric::interval::Interval;
use crate::report::sheet::{Field, Sheet};

/// A table of a fit: its name, and the option that asks for it; none where every fit has it.
pub struct Named {
    pub name: &'static str,
    pub option: Option<&'static str>,
    pub sheet: Sheet,
}

/// Every table that a fit has. The first of those that an option asked for is its CSV, or else the fixed effects.
pub fn tables(fit: &Summary) -> Vec<Named> {
    let extras = &fit.extras;
    let mut all: Vec<Named> = Vec::new();
    let mut put =
        |name: &'static str, option: Option<&'static str>, sheet: Sheet| all.push(Named { name, option, sheet });
    put("fixef", None, coefficients(fit));
    put("varcorr", None, deviations(fit));
    if let Some(of) = &extras.anova {
        let mut sheet = Sheet::new(["term", "num_df", "den_df", "F", "p"]);
        for TermTest { term, test, .. } in &of.tests {
            let none = [0.0, f64::NAN, f64::NAN, f64::NAN];
            let numbers = test.map_or(none, |of| [of.num_df as f64, of.den_df.unwrap_or(f64::NAN), of.f, of.p]);
            sheet.rows.push(named(term, &numbers));
        }
        put("anova", Some("--anova"), sheet);
    }
    if !extras.emmeans.is_empty() {
        put("means", Some("--emmeans"), means(&extras.emmeans, fit));
        put("differences", None, differences(&extras.emmeans, fit));
    }
    if !extras.slopes.is_empty() {
        let option = extras.slopes.iter().any(|of| of.what.starts_with("slope of")).then_some("--slopes");
        put("slopes", option, means(&extras.slopes, fit));
        put("slope-differences", None, differences(&extras.slopes, fit));
    }
    if let Some(rows) = &extras.compare {
        put("compare", Some("--compare"), comparisons(rows));
    }
    if extras.predict.is_some() {
        put("predict", Some("--predict"), predictions(fit));
    }
    if !fit.ranef.is_empty() {
        put("ranef", Some("--ranef"), random_effects(&fit.ranef));
    }
    all.extend(rows(fit));
    all.push(Named { name: "model", option: None, sheet: model(fit) });
    all
}

/// Influence and residuals.
fn rows(fit: &Summary) -> Vec<Named> {
    let mut all = Vec::new();
    if let Some(of) = &fit.extras.influence {
        let fixed = of.names.iter().map(String::as_str);
        let changes: Vec<String> = of.names.iter().map(|name| format!("dfbetas {name}")).collect();
        let header = ["level", "rows", "cook_d"].into_iter().chain(fixed).chain(changes.iter().map(String::as_str));
        let header = header.chain(["sigma"]).chain(of.deviations.iter().map(String::as_str));
        let mut sheet = Sheet::new(header);
        for level in &of.levels {
            let mut row = vec![Field::Text(level.level.clone()), Field::Number(level.rows as f64), level.cook_d.into()];
            row.extend(level.fixef.iter().chain(&level.dfbetas).map(|value| Field::from(*value)));
            row.push(Field::Number(level.sigma.unwrap_or(f64::NAN)));
            row.extend(level.sd.iter().map(|value| Field::from(*value)));
            sheet.rows.push(row);
        }
        all.push(Named { name: "influence", option: Some("--influence"), sheet });
    }
    if let Some(rows) = &fit.extras.residuals {
        let own = ["row", "fitted", "response", "pearson", "scaled", "leverage", "observed"];
        let mut sheet = Sheet::new(with_columns(&own, &fit.extras.row_columns));
        for (at, of) in rows.iter().enumerate() {
            let observed = of.residual.map(|of| of.observed);
            let numbers = std::iter::once(Some(of.row as f64)).chain(of.numbers()).chain([observed]);
            let apart = fit.extras.row_columns.iter().map(|column| field(column, at));
            let why = note(fit.extras.without_residual.get(at).and_then(Option::as_deref));
            sheet.rows.push(numbers.map(Field::from).chain(apart).chain([why]).collect());
        }
        all.push(Named { name: "residuals", option: Some("--residuals"), sheet });
    }
    all
}

/// What belongs to the whole fit, as one row.
fn model(fit: &Summary) -> Sheet {
    let (family, link) = fit.extras.scale;
    let texts = [
        ("formula", fit.formula.as_str()),
        ("family", family.name()),
        ("link", link.name()),
        ("method", fit.method.as_str()),
        ("df_method", fit.df_method.name()),
    ];
    let shares = fit.shares.map(|of| [of.r2_marginal, of.r2_conditional, of.icc]).unwrap_or([f64::NAN; 3]);
    let [r2_marginal, r2_conditional, icc] = shares;
    let numbers = [
        ("n", fit.n as f64),
        ("criterion", fit.criterion),
        ("loglik", fit.loglik()),
        ("aic", fit.aic),
        ("bic", fit.bic),
        ("sigma", fit.sigma.unwrap_or(f64::NAN)),
        ("dispersion", fit.dispersion.unwrap_or(f64::NAN)),
        ("r2_marginal", r2_marginal),
        ("r2_conditional", r2_conditional),
        ("icc", icc),
    ];
    let states = [("singular", fit.singular), ("converged", fit.converged)];
    let names = texts.map(|(name, _)| name).into_iter().chain(numbers.map(|(name, _)| name));
    let mut sheet = Sheet::new(names.chain(states.map(|(name, _)| name)));
    let row = texts.map(|(_, text)| Field::from(text)).into_iter().chain(numbers.map(|(_, of)| Field::Number(of)));
    sheet.rows.push(row.chain(states.map(|(_, is)| Field::Text(is.to_string()))).collect());
    sheet
}

fn random_effects(groups: &[RandomEffects]) -> Sheet {
    let mut sheet = Sheet::new(["group", "level", "name", "value", "se"]);
    for group in groups {
        for level in &group.levels {
            for ((name, value), se) in group.names.iter().zip(&level.values).zip(&level.se) {
                let texts = [group.group.as_str(), level.level.as_str(), name.as_str()].map(Field::from);
                sheet.rows.push(texts.into_iter().chain([*value, *se].map(Field::Number)).collect());
            }
        }
    }
    sheet
}

fn named(name: &str, numbers: &[f64]) -> Vec<Field> {
    std::iter::once(Field::from(name)).chain(numbers.iter().map(|value| Field::Number(*value))).collect()
}

/// The column that says why a row has no numbers.
const NOTES: &str = "notes";

/// The names of the columns that tell rows apart after others, and of that with the reasons at the end; one that is
/// called like them stands in backticks.
fn with_columns(own: &[&str], apart: &[RowColumn]) -> Vec<String> {
    let name = |column: &RowColumn| match own.contains(&column.name.as_str()) || column.name == NOTES {
        true => format!("`{}`", column.name),
        false => column.name.clone(),
    };
    let own = own.iter().map(|name| (*name).to_owned());
    own.chain(apart.iter().map(name)).chain([NOTES.to_owned()]).collect()
}

fn note(of: Option<&str>) -> Field {
    Field::from(of.unwrap_or_default())
}

fn field(column: &RowColumn, row: usize) -> Field {
    match written(column, row) {
        text if text == "—" => Field::from(""),
        text => Field::Text(text),
    }
}

/// Standard deviations and correlations of random effects and residuals, and the dispersion, with the intervals that
/// `--ci profile` and `--ci bootstrap` give them: of a correlation `name` and `other` are what correlates.
fn deviations(fit: &Summary) -> Sheet {
    let mut sheet = Sheet::new(["group", "kind", "name", "other", "estimate", "ci_lower", "ci_upper"]);
    let mut put = |texts: [&str; 4], estimate: f64, ci: Option<Interval>| {
        let [lower, upper] = ci.map_or([f64::NAN; 2], |ci| [ci.lower, ci.upper]);
        sheet
            .rows
            .push(texts.map(Field::from).into_iter().chain([estimate, lower, upper].map(Field::Number)).collect());
    };
    for term in &fit.varcorr {
        let group = term.group.as_str();
        for (at, name) in term.names.iter().enumerate() {
            put([group, "sd", name, ""], term.sd[at], term.sd_ci.as_ref().and_then(|all| all.get(at).copied()));
        }
        let mut place = 0;
        for (column, other) in term.names.iter().enumerate() {
            for (row, name) in term.names.iter().enumerate().skip(column + 1) {
                let ci = term.cor_ci.as_ref().and_then(|all| all.get(place).copied());
                put([group, "cor", name, other], term.cor[(row, column)], ci);
                place += 1;
            }
        }
    }
    if let Some(sigma) = fit.sigma.filter(|_| fit.residual.is_empty()) {
        put(["residual", "sd", "", ""], sigma, fit.sigma_ci);
    }
    for of in fit.residual.iter().flat_map(|of| &of.parameters) {
        let kind = if of.name.starts_with("cor") { "cor" } else { "sd" };
        put(["residual", kind, &of.name, ""], of.estimate, of.ci);
    }
    // At the Poisson limit there is no estimate, and one end of the interval.
    if fit.dispersion.is_some() || fit.extras.dispersion_ci.is_some() {
        put(["", "dispersion", "", ""], fit.dispersion.unwrap_or(f64::NAN), fit.extras.dispersion_ci);
    }
    sheet
}

fn comparisons(rows: &[Comparison]) -> Sheet {
    let mut header: Vec<String> = ["smaller", "larger", "chisq", "df", "p", "p_boundary"].map(str::to_owned).to_vec();
    for of in ["smaller", "larger"] {
        header.extend(["parameters", "loglik", "aic", "bic"].map(|name| format!("{name}_{of}")));
    }
    header.push("method".to_owned());
    let mut sheet = Sheet::new(header);
    for row in rows {
        let test = row.test.map(|test| [test.statistic, test.df, test.p]).unwrap_or([f64::NAN; 3]);
        let names = [row.smaller.as_str(), row.larger.as_str()].map(Field::from);
        let models = row.models.iter().flat_map(|of| [of.parameters as f64, of.loglik, of.aic, of.bic]);
        let numbers = test.into_iter().chain([row.p_boundary.unwrap_or(f64::NAN)]).chain(models);
        let method = Field::from(row.method.as_str());
        sheet.rows.push(names.into_iter().chain(numbers.map(Field::Number)).chain([method]).collect());
    }
    sheet
}

fn predictions(fit: &Summary) -> Sheet {
    let scale = Scale::of(fit);
    let mut own = vec!["row", "population", "conditional", "se", "df", "ci_lower", "ci_upper"];
    if scale.response_name().is_some() {
        own.extend(["population_response", "conditional_response", "response_lower", "response_upper"]);
    }
    let apart = &fit.extras.predict_columns;
    let mut sheet = Sheet::new(with_columns(&own, apart));
    for (at, row) in fit.extras.predict.iter().flatten().enumerate() {
        let [lower, upper] = row.ci(fit.level).map_or([None; 2], |ci| [Some(ci.lower), Some(ci.upper)]);
        let numbers = [Some((at + 1) as f64), row.population, row.conditional, row.se, row.df, lower, upper];
        let response = scale.predicted(row, fit.level).into_iter().flatten();
        let columns = apart.iter().map(|column| field(column, at));
        let numbers = numbers.into_iter().chain(response).map(Field::from);
        sheet.rows.push(numbers.chain(columns).chain([note(row.note.as_deref())]).collect());
    }
    sheet
}

/// The fixed effects, followed by what was derived from them: contrasts and tables such as slopes before and
/// after a change.
fn coefficients(fit: &Summary) -> Sheet {
    let mut all: Vec<Coefficient> = fit.fixef.clone();
    let mut adjusted = vec![None; all.len()];
    let contrasts = fit.extras.contrasts.as_deref().unwrap_or_default();
    all.extend(contrasts.iter().cloned());
    adjusted.extend((0..contrasts.len()).map(|at| fit.extras.contrasts_adjusted.get(at).copied().flatten()));
    for table in &fit.extras.tables {
        let named = |row: &Coefficient| Coefficient { name: format!("{}: {}", table.key, row.name), ..row.clone() };
        all.extend(table.rows.iter().map(named));
    }
    adjusted.resize(all.len(), None);
    super::csv_means::estimates(&all, &adjusted, fit)
}
