//! A mixed model as CSV: one table, the fixed effects or what was asked for beside them.

use super::sheet::{Field, Sheet};
use crate::mixed::result::{Coefficient, RandomEffects, Summary, TermTest};

/// The tables of a fit under the options that ask for them; the fixed effects where none was asked for.
pub fn tables(fit: &Summary) -> Vec<(&'static str, Sheet)> {
    let extras = &fit.extras;
    let mut all: Vec<(&'static str, Sheet)> = Vec::new();
    if let Some(of) = &extras.anova {
        let mut sheet = Sheet::new(["term", "num_df", "den_df", "F", "p"]);
        for TermTest { term, test, .. } in &of.tests {
            let none = [0.0, f64::NAN, f64::NAN, f64::NAN];
            let numbers = test.map_or(none, |of| [of.num_df as f64, of.den_df.unwrap_or(f64::NAN), of.f, of.p]);
            sheet.rows.push(named(term, &numbers));
        }
        all.push(("--anova", sheet));
    }
    if let Some(means) = &extras.emmeans {
        let names = means.means.first().map(|of| of.levels.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
        let mut sheet =
            Sheet::new(names.unwrap_or_default().into_iter().chain(["estimate", "se", "df", "ci_lower", "ci_upper"]));
        for of in &means.means {
            let mean = &of.mean;
            let levels = of.levels.iter().map(|(_, level)| Field::Text(level.clone()));
            let numbers = [mean.estimate, mean.se, mean.df.unwrap_or(f64::NAN), mean.ci.lower, mean.ci.upper];
            sheet.rows.push(levels.chain(numbers.map(Field::Number)).collect());
        }
        all.push(("--emmeans", sheet));
    }
    if let Some(rows) = &extras.compare {
        let mut sheet = Sheet::new(["smaller", "larger", "chisq", "df", "p", "p_boundary"]);
        for row in rows {
            let numbers = [row.test.statistic, row.test.df, row.test.p, row.p_boundary.unwrap_or(f64::NAN)];
            let names = [row.smaller.as_str(), row.larger.as_str()].map(Field::from);
            sheet.rows.push(names.into_iter().chain(numbers.map(Field::Number)).collect());
        }
        all.push(("--compare", sheet));
    }
    if let Some(rows) = &extras.predict {
        let mut sheet = Sheet::new(["row", "population", "conditional", "se", "df", "ci_lower", "ci_upper"]);
        for (at, row) in rows.iter().enumerate() {
            let [lower, upper] = row.ci(fit.level).map_or([None; 2], |ci| [Some(ci.lower), Some(ci.upper)]);
            let numbers = [Some((at + 1) as f64), row.population, row.conditional, row.se, row.df, lower, upper];
            sheet.rows.push(numbers.map(Field::from).to_vec());
        }
        all.push(("--predict", sheet));
    }
    if !fit.ranef.is_empty() {
        all.push(("--ranef", random_effects(&fit.ranef)));
    }
    all.extend(rows(fit));
    all
}

/// Influence and residuals.
fn rows(fit: &Summary) -> Vec<(&'static str, Sheet)> {
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
        all.push(("--influence", sheet));
    }
    if let Some(rows) = &fit.extras.residuals {
        let mut sheet = Sheet::new(["row", "fitted", "response", "pearson", "scaled", "leverage"]);
        for of in rows {
            let numbers = std::iter::once(Some(of.row as f64)).chain(of.numbers());
            sheet.rows.push(numbers.map(Field::from).collect());
        }
        all.push(("--residuals", sheet));
    }
    all
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

/// The fixed effects, followed by what was derived from them: contrasts and tables such as slopes before and
/// after a change.
pub fn coefficients(fit: &Summary) -> String {
    let mut all: Vec<Coefficient> = fit.fixef.clone();
    all.extend(fit.extras.contrasts.iter().flatten().cloned());
    for table in &fit.extras.tables {
        let named = |row: &Coefficient| Coefficient { name: format!("{}: {}", table.key, row.name), ..row.clone() };
        all.extend(table.rows.iter().map(named));
    }
    super::csv::fixed_effects(&all)
}
