//! A mixed model for people: on one screen what `summary` of lme4 and lmerTest shows, and what was done.

#[cfg(feature = "cli")]
pub(crate) mod csv;
#[cfg(feature = "cli")]
mod csv_means;
pub(crate) mod means;
pub(crate) mod rows;
pub(crate) mod scale;

use crate::mixed::options::{DfMethod, Family, IntervalMethod};
use crate::mixed::result::{
    Adjusted, Anova, Coefficient, Comparison, Ranges, ResidualCovariance, Summary, TermTest, VarCorr,
};
use crate::numeric::interval::Interval;
use crate::report::document::{Align, Document, Table};
use crate::report::number::{clear_interval, correlation, fixed, level_text, p_value, significant};
use scale::Scale;

/// Residual covariances of more visits are not shown as a table.
const MOST_VISITS: usize = 12;

/// The fit as text.
pub fn document(fit: &Summary) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{}: {}", fit.kind, fit.formula));
    document.text(what_was_fitted(fit));
    let scale = Scale::of(fit);
    let mut put = |table: Option<Table>| table.into_iter().for_each(|table| document.table(table));
    put(Some(coefficients(&fit.fixef, &[], "fixed effects", fit)));
    put(scale.ratios(&fit.fixef, "fixed effects", fit.level));
    put(Some(variances(fit)));
    residuals_of_visits(fit).into_iter().for_each(|table| put(Some(table)));
    put(fit.extras.dispersion_ci.map(|range| dispersion(fit, range)));
    for table in &fit.extras.tables {
        put(Some(coefficients(&table.rows, &[], &table.title, fit)));
        put(scale.ratios(&table.rows, &table.title, fit.level));
    }
    put(fit.extras.anova.as_ref().map(anova));
    if let Some(rows) = &fit.extras.contrasts {
        put(Some(coefficients(rows, &fit.extras.contrasts_adjusted, "contrast", fit)));
        put(scale.ratios(rows, "contrast", fit.level));
    }
    means::tables(fit).into_iter().for_each(|table| put(Some(table)));
    if let Some(rows) = &fit.extras.compare {
        put(Some(models(rows)));
        put(comparisons(rows));
    }
    put(fit.extras.predict.as_ref().map(|rows| rows::predictions(rows, fit)));
    fit.ranef.iter().for_each(|group| document.table(random_effects(group)));
    if let Some(of) = &fit.extras.influence {
        document.table(rows::influence(of));
    }
    if let Some(rows) = &fit.extras.residuals {
        document.table(rows::residuals(rows, &fit.extras.row_columns));
    }
    let mut notes = fit.notes.clone();
    notes.extend(scale.notes(fit));
    if fit.extras.residuals.is_some() {
        notes.push(
            "of each row: response is observed minus fitted, Pearson that times the root of its weight (of counts and \
             proportions over the root of the variance), scaled in units of its standard deviation"
                .to_owned(),
        );
    }
    notes.extend(fit.extras.compare.iter().flatten().flat_map(|test| test.notes.iter().cloned()));
    document.list(notes);
    document.text(method_sentence(fit));
    document
}

/// Residual covariances over visits: a matrix, and standard deviations and correlations where these have intervals; a
/// structure of two parameters is these alone.
fn residuals_of_visits(fit: &Summary) -> Vec<Table> {
    let is_short = |of: &&ResidualCovariance| of.parameters.len() <= 2;
    // A matrix over many days would fill no screen; JSON has it.
    let is_matrix = |of: &&ResidualCovariance| of.times.len() <= MOST_VISITS && !is_short(of);
    let mut tables: Vec<Table> = fit.residual.iter().filter(is_matrix).map(residual_table).collect();
    let has_ci = fit.residual.iter().flat_map(|of| &of.parameters).any(|of| of.ci.is_some());
    if has_ci || fit.residual.iter().any(|of| is_short(&of)) {
        tables.push(residual_parameters(fit, has_ci));
    }
    tables
}

/// What was said of the data beside the formula, in words.
pub fn reading_in_words((name, value): &(&str, String)) -> String {
    match *name {
        "coding" => format!("factors as {value} contrasts"),
        "ref" => format!("compared with {value}"),
        "subset" => format!("of the rows with {value}"),
        name => format!("{name}: {value}"),
    }
}

fn what_was_fitted(fit: &Summary) -> String {
    let groups: Vec<String> = fit.groups.iter().map(|group| format!("{} {}", group.name, group.levels)).collect();
    let groups = if groups.is_empty() { String::new() } else { format!("; groups: {}", groups.join(", ")) };
    let reading: String = fit.extras.reading.iter().map(|one| format!("; {}", reading_in_words(one))).collect();
    let finite =
        fit.shares.filter(|of| [of.r2_marginal, of.r2_conditional, of.icc].iter().all(|share| share.is_finite()));
    let shares = finite.map(|of| {
        let [fixed_part, with_random, icc] = [of.r2_marginal, of.r2_conditional, of.icc].map(|share| fixed(share, 3));
        format!(" R² {fixed_part} by the fixed effects, {with_random} with the random ones; adjusted ICC {icc}.")
    });
    let shares = shares.unwrap_or_default();
    format!(
        "{} rows{groups}{reading}. {} criterion {}, log-likelihood {}, AIC {}, BIC {}.{shares}",
        fit.n,
        fit.method,
        fixed(fit.criterion, 3),
        fixed(fit.loglik(), 3),
        fixed(fit.aic, 2),
        fixed(fit.bic, 2)
    )
}

pub(super) fn number_or_dash(value: impl Into<Option<f64>>, digits: usize) -> String {
    let value = value.into().filter(|value| value.is_finite());
    value.map_or_else(|| "—".to_owned(), |value| compact(value, digits))
}

/// A number with so many significant digits, as a power of ten where it would be a row of zeros.
fn compact(value: f64, digits: usize) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-6..1e9).contains(&size) {
        return significant(value, digits);
    }
    format!("{value:.*e}", digits.saturating_sub(1)).replace('-', "−")
}

/// Both ends; an end that is not known is a dash.
pub(super) fn range_or_dash(range: Interval) -> String {
    match (range.lower.is_finite(), range.upper.is_finite()) {
        (true, true) if range.width() > 0.0 && range.width() < 1e-3 || range.width() > 1e9 => {
            format!("{} to {}", compact(range.lower, 3), compact(range.upper, 3))
        }
        (true, true) => clear_interval(range),
        (true, false) => format!("{} to —", compact(range.lower, 3)),
        (false, true) => format!("— to {}", compact(range.upper, 3)),
        (false, false) => "—".to_owned(),
    }
}

pub(super) fn df_text(df: f64) -> String {
    match df {
        df if df.is_nan() => "—".to_owned(),
        df if df >= 1000.0 => fixed(df, 0),
        df => fixed(df, 1),
    }
}

/// Estimates with their tests. Where tests are adjusted for their number, p is also given adjusted, and the interval is
/// the one for all together, if the method has one.
pub(super) fn coefficients(rows: &[Coefficient], adjusted: &[Option<Adjusted>], title: &str, fit: &Summary) -> Table {
    let has_df = rows.iter().any(|row| row.df.is_some());
    let is_adjusted = adjusted.iter().any(Option::is_some);
    let method = fit.extras.adjustment;
    let together = |at: usize| adjusted.get(at).copied().flatten();
    let for_all = if (0..rows.len()).any(|at| together(at).is_some_and(|of| of.ci.is_some())) {
        format!(", {method}")
    } else {
        String::new()
    };
    let (ci, p) = (format!("{} CI{for_all}", level_text(fit.level)), format!("p, {method}"));
    let mut columns = vec![
        (title, Align::Left),
        ("estimate", Align::Right),
        ("SE", Align::Right),
        (ci.as_str(), Align::Left),
        (if has_df { "t" } else { "z" }, Align::Right),
    ];
    if has_df {
        columns.push(("df", Align::Right));
    }
    columns.push(("p", Align::Right));
    if is_adjusted {
        columns.push((p.as_str(), Align::Right));
    }
    let mut table = Table::new(&columns);
    let p_or_dash = |p: f64| if p.is_finite() { p_value(p) } else { "—".to_owned() };
    for (at, row) in rows.iter().enumerate() {
        let mut fields = vec![
            row.name.clone(),
            number_or_dash(row.estimate, 4),
            number_or_dash(row.se, 4),
            range_or_dash(together(at).and_then(|of| of.ci).unwrap_or(row.ci)),
            if row.statistic.is_finite() { fixed(row.statistic, 2) } else { "—".to_owned() },
        ];
        if has_df {
            fields.push(row.df.map_or_else(|| "—".to_owned(), df_text));
        }
        fields.push(p_or_dash(row.p));
        if is_adjusted {
            fields.push(together(at).map_or_else(|| "—".to_owned(), |of| p_or_dash(of.p)));
        }
        table.row(fields);
    }
    table
}

/// Standard deviations and correlations, the residual one last.
fn variances(fit: &Summary) -> Table {
    let has_ci = fit.varcorr.iter().any(|term| term.sd_ci.is_some());
    let ci = format!("{} CI", level_text(fit.level));
    let mut columns =
        vec![("random effects", Align::Left), ("", Align::Left), ("variance", Align::Right), ("SD", Align::Right)];
    if has_ci {
        columns.push((ci.as_str(), Align::Left));
    }
    columns.push(("correlation", Align::Left));
    let mut table = Table::new(&columns);
    for term in &fit.varcorr {
        for (at, name) in term.names.iter().enumerate() {
            let group = if at == 0 { term.group.clone() } else { String::new() };
            let sd = term.sd[at];
            let mut fields = vec![group, name.clone(), compact(sd * sd, 4), compact(sd, 4)];
            if has_ci {
                fields.push(term.sd_ci.as_ref().map_or_else(|| "—".to_owned(), |all| range_or_dash(all[at])));
            }
            let shown = (0..at).map(|other| correlation_text(term, at, other));
            fields.push(shown.collect::<Vec<_>>().join("  "));
            table.row(fields);
        }
    }
    if let Some(sigma) = fit.sigma.filter(|_| !fit.varcorr.is_empty() || fit.residual.is_empty()) {
        let mut fields = vec!["residual".to_owned(), String::new(), compact(sigma * sigma, 4), compact(sigma, 4)];
        if has_ci {
            fields.push(fit.sigma_ci.map_or_else(|| "—".to_owned(), range_or_dash));
        }
        table.row(fields);
    }
    table
}

/// The correlation of two random effects of a term, the first of them the later one, with its interval.
fn correlation_text(term: &VarCorr, at: usize, other: usize) -> String {
    let r = term.cor[(at, other)];
    if !r.is_finite() {
        return "—".to_owned();
    }
    // The lower triangle by columns.
    let before: usize = (0..other).map(|column| term.names.len() - 1 - column).sum();
    let ci = term.cor_ci.as_ref().and_then(|all| all.get(before + at - other - 1));
    ci.map_or_else(|| correlation(r), |ci| format!("{} ({})", correlation(r), range_or_dash(*ci)))
}

/// Standard deviations, and correlations in the columns of the visits.
fn residual_table(of: &crate::mixed::result::ResidualCovariance) -> Table {
    let by = of.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
    let title = format!("residuals by visit ({}{by}): SD, correlations", of.structure);
    let mut columns = vec![(title.as_str(), Align::Left), ("SD", Align::Right)];
    columns.extend(of.times.iter().map(|time| (time.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    let sd: Vec<f64> = of.cov.diagonal().iter().map(|variance| variance.max(0.0).sqrt()).collect();
    for (row, time) in of.times.iter().enumerate() {
        let r = |column: usize| of.cov[(row, column)] / (sd[row] * sd[column]);
        let shown = (0..of.times.len()).map(|column| if column < row { correlation(r(column)) } else { String::new() });
        let mut fields = vec![time.clone(), compact(sd[row], 4)];
        fields.extend(shown);
        table.row(fields);
    }
    table
}

/// Standard deviations and correlations of residuals, with their intervals where they have any.
fn residual_parameters(fit: &Summary, has_ci: bool) -> Table {
    let ci = format!("{} CI", level_text(fit.level));
    let structure = fit.residual.first().map_or("", |of| of.structure);
    let title = format!("residuals ({structure})");
    let mut columns = vec![(title.as_str(), Align::Left), ("estimate", Align::Right)];
    if has_ci {
        columns.push((ci.as_str(), Align::Left));
    }
    let mut table = Table::new(&columns);
    for of in fit.residual.iter().flat_map(|of| &of.parameters) {
        let range = has_ci.then(|| of.ci.map_or_else(|| "—".to_owned(), range_or_dash));
        table.row([of.name.clone(), number_or_dash(of.estimate, 4)].into_iter().chain(range));
    }
    table
}

/// The dispersion with its interval.
fn dispersion(fit: &Summary, range: Interval) -> Table {
    let ci = format!("{} CI", level_text(fit.level));
    let mut table = Table::new(&[("dispersion", Align::Left), ("estimate", Align::Right), (ci.as_str(), Align::Left)]);
    let end = |value: f64| if value == f64::INFINITY { "∞".to_owned() } else { number_or_dash(value, 3) };
    let estimate = fit.dispersion.map_or_else(|| "Poisson limit".to_owned(), |value| number_or_dash(value, 4));
    let name = if fit.extras.scale.0 == Family::NegativeBinomial2 { "k" } else { "φ" };
    table.row([name.to_owned(), estimate, format!("{} to {}", end(range.lower), end(range.upper))]);
    table
}

fn anova(of: &Anova) -> Table {
    let mut table = Table::new(&[
        (&format!("type {} tests", of.kind), Align::Left),
        ("F", Align::Right),
        ("num df", Align::Right),
        ("den df", Align::Right),
        ("p", Align::Right),
    ]);
    for TermTest { term, test, .. } in &of.tests {
        let dash = || "—".to_owned();
        let Some(test) = test else {
            table.row([term.clone(), dash(), "0".to_owned(), dash(), dash()]);
            continue;
        };
        table.row([
            term.clone(),
            if test.f.is_finite() { fixed(test.f, 3) } else { dash() },
            test.num_df.to_string(),
            test.den_df.map_or_else(|| "∞".to_owned(), df_text),
            if test.p.is_finite() { p_value(test.p) } else { dash() },
        ]);
    }
    table
}

/// Each model that was compared once, as anova() of R shows them.
fn models(rows: &[Comparison]) -> Table {
    let columns = ["parameters", "AIC", "BIC", "log-likelihood"].map(|name| (name, Align::Right));
    let mut table = Table::new(&[&[("model", Align::Left), ("by", Align::Left)], &columns[..]].concat());
    let mut shown: Vec<[String; 6]> = Vec::new();
    for (of, method) in rows.iter().flat_map(|row| row.models.iter().map(|of| (of, row.method.clone()))) {
        let count = of.parameters.to_string();
        let row = [of.formula.clone(), method, count, fixed(of.aic, 2), fixed(of.bic, 2), fixed(of.loglik, 3)];
        if !shown.contains(&row) {
            shown.push(row);
        }
    }
    shown.into_iter().for_each(|row| table.row(row));
    table
}

/// The likelihood-ratio tests, where there are any.
fn comparisons(rows: &[Comparison]) -> Option<Table> {
    let has_boundary = rows.iter().any(|row| row.p_boundary.is_some());
    let mut columns =
        vec![("likelihood ratio", Align::Left), ("χ²", Align::Right), ("df", Align::Right), ("p", Align::Right)];
    if has_boundary {
        columns.push(("p at the boundary", Align::Right));
    }
    let mut table = Table::new(&columns);
    for (row, test) in rows.iter().filter_map(|row| Some((row, row.test?))) {
        let at_boundary = has_boundary.then(|| row.p_boundary.map_or_else(|| "—".to_owned(), p_value));
        let own = [
            format!("{} in {}", row.smaller, row.larger),
            fixed(test.statistic, 3),
            test.df.to_string(),
            p_value(test.p),
        ];
        table.row(own.into_iter().chain(at_boundary));
    }
    rows.iter().any(|row| row.test.is_some()).then_some(table)
}

fn random_effects(of: &crate::mixed::result::RandomEffects) -> Table {
    let mut columns = vec![(of.group.as_str(), Align::Left)];
    for name in &of.names {
        columns.extend([(name.as_str(), Align::Right), ("SE", Align::Right)]);
    }
    let mut table = Table::new(&columns);
    for level in &of.levels {
        let values = level.values.iter().zip(&level.se);
        let shown = values.flat_map(|(value, se)| [number_or_dash(*value, 4), number_or_dash(*se, 3)]);
        table.row([level.level.clone()].into_iter().chain(shown));
    }
    table
}

/// What a section on methods would say.
pub fn method_sentence(fit: &Summary) -> String {
    let df = match fit.df_method {
        DfMethod::Satterthwaite => "degrees of freedom by Satterthwaite",
        DfMethod::KenwardRoger if fit.fixef.iter().all(|of| of.df.is_some_and(f64::is_nan)) => {
            "Kenward and Roger's method has no degrees of freedom here: standard errors are not adjusted, and there are \
             no p-values"
        }
        DfMethod::KenwardRoger => {
            "standard errors and degrees of freedom by Kenward and Roger (linear in the (co)variances)"
        }
        DfMethod::Residual => "residual degrees of freedom (rows minus coefficients)",
        DfMethod::None => "p-values by the normal distribution, without degrees of freedom",
    };
    let ci = match fit.ci_method {
        IntervalMethod::Wald => "Wald",
        IntervalMethod::Profile => "profile likelihood",
        IntervalMethod::Bootstrap => "parametric bootstrap, percentiles",
    };
    let convergence = if fit.converged {
        "converged: the gradient vanishes, and the second derivatives are those of a minimum"
    } else {
        "not converged: read the notes before the numbers"
    };
    format!("Method: {}; {df}; {} intervals: {ci}; {convergence}.", fit.method, level_text(fit.level))
}

/// What one model says of many data sets, as text.
pub fn ranges(of: &Ranges) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{}: {}", of.title, of.formula));
    document.text(format!(
        "{} of {} data sets fitted, {} of them with a variance of 0 or a correlation of ±1. Each range goes from the \
         smallest to the largest value.",
        of.fitted,
        of.fitted + of.failed,
        of.singular
    ));
    let significant = format!("p < {}", significant(of.alpha, 2));
    let mut table = Table::new(&[
        ("fixed effects", Align::Left),
        ("estimate", Align::Left),
        ("mean", Align::Right),
        ("SE", Align::Left),
        (if of.df_method == DfMethod::None { "z" } else { "t" }, Align::Left),
        ("p", Align::Left),
        (significant.as_str(), Align::Right),
    ]);
    for row in &of.rows {
        table.row([
            row.label(),
            range_or_dash(row.estimate),
            number_or_dash(row.mean, 4),
            range_or_dash(row.se),
            range_or_dash(row.statistic),
            if row.tested > 0 { crate::report::number::p_interval(row.p) } else { "—".to_owned() },
            format!("{} of {}", row.significant, row.tested),
        ]);
    }
    document.table(table);
    document.list(of.notes.clone());
    let model = of.model.as_ref().map(|model| format!("Each fit: {}, by {}. ", model.kind, model.method));
    document.text(format!("{}Degrees of freedom: {}.", model.unwrap_or_default(), of.df_method));
    document
}
