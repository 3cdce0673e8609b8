//! Marginal means and slopes of a mixed model, with their differences, as text.

use super::scale::Scale;
use crate::mixed::result::{Adjusted, Coefficient, MarginalMeans, Summary};
use crate::report::document::{Align, Table};
use crate::report::fit::{coefficients, df_text, number_or_dash, range_or_dash};
use crate::report::number::level_text;

/// Means and slopes with their differences; on the scale of the response or as ratios as well, where these have a
/// meaning.
pub fn tables(fit: &Summary) -> Vec<Table> {
    let scale = Scale::of(fit);
    let mut tables = Vec::new();
    for of in &fit.extras.emmeans {
        let rows: Vec<Coefficient> = of.means.iter().map(|mean| mean.mean.clone()).collect();
        tables.push(means(&rows, &format!("mean by {}", of.title), fit.level));
        tables.extend(scale.responses(&rows, "mean", fit.level));
        if !of.contrasts.is_empty() {
            tables.push(coefficients(&of.contrasts, &of.adjusted, "difference of means", fit));
            tables.extend(scale.ratios(&of.contrasts, "difference of means", fit.level));
        }
    }
    // Slopes before and after a change by the same groups stand together.
    for same in fit.extras.slopes.chunk_by(|a, b| !b.what.starts_with("slope of") && a.axes == b.axes) {
        let (title, rows, _) =
            together(same, |of| (of.means.iter().map(|mean| mean.mean.clone()).collect(), Vec::new()));
        tables.push(coefficients(&rows, &[], &title, fit));
        tables.extend(scale.ratios(&rows, "slope", fit.level));
        let (_, rows, adjusted) = together(same, |of| (of.contrasts.clone(), of.adjusted.clone()));
        if !rows.is_empty() {
            tables.push(coefficients(&rows, &adjusted, "difference of slopes", fit));
            tables.extend(scale.ratios(&rows, "difference of slopes", fit.level));
        }
    }
    tables
}

type Rows = (Vec<Coefficient>, Vec<Option<Adjusted>>);

/// The rows of several sets of slopes, each named after its set where there are several.
fn together(
    all: &[MarginalMeans],
    of: impl Fn(&MarginalMeans) -> Rows,
) -> (String, Vec<Coefficient>, Vec<Option<Adjusted>>) {
    let [single] = all else {
        let rest = all.first().and_then(|first| first.title.strip_prefix(&first.what)).unwrap_or_default();
        let title = format!("slopes{rest}");
        let (mut rows, mut adjusted) = (Vec::new(), Vec::new());
        for set in all {
            let (own, tests) = of(set);
            let named = |row: Coefficient| match row.name == set.what {
                true => row,
                false => Coefficient { name: format!("{}: {}", set.what, row.name), ..row },
            };
            rows.extend(own.into_iter().map(named));
            adjusted.extend(tests);
        }
        return (title, rows, adjusted);
    };
    let (rows, adjusted) = of(single);
    (single.title.clone(), rows, adjusted)
}

fn means(rows: &[Coefficient], title: &str, at: f64) -> Table {
    let has_df = rows.iter().any(|row| row.df.is_some());
    let ci = format!("{} CI", level_text(at));
    let mut columns =
        vec![(title, Align::Left), ("mean", Align::Right), ("SE", Align::Right), (ci.as_str(), Align::Left)];
    if has_df {
        columns.push(("df", Align::Right));
    }
    let mut table = Table::new(&columns);
    for row in rows {
        let mut fields =
            vec![row.name.clone(), number_or_dash(row.estimate, 4), number_or_dash(row.se, 4), range_or_dash(row.ci)];
        if has_df {
            fields.push(row.df.map_or_else(|| "—".to_owned(), df_text));
        }
        table.row(fields);
    }
    table
}
