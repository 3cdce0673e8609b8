//! The coefficients of a meta-analysis, and combinations of them, as a table.

use crate::estimate::Coefficient;
use crate::numeric::interval::Interval;
use crate::report::document::{Align, Table};
use crate::report::meta::{Transformation, shown_range};
use crate::report::number::{fixed, level_text, p_value, significant};

/// The heading of the statistic of coefficients, and whether they have degrees of freedom to be shown.
pub(super) fn statistic_of(all: &[Coefficient]) -> (&'static str, bool) {
    let has_df = all.iter().any(|of| of.df.is_some());
    (if has_df { "t" } else { "z" }, has_df)
}

/// Degrees of freedom: none for the normal distribution.
pub(super) fn df_text(df: Option<f64>) -> String {
    df.map_or_else(|| "∞".to_owned(), |df| fixed(df, usize::from(df.fract() != 0.0)))
}

/// What a coefficient is called: the only one is the mean of all studies.
pub(super) fn name_of(coefficient: &Coefficient, count: usize) -> &str {
    if count == 1 && coefficient.name == "intrcpt" { "all studies" } else { &coefficient.name }
}

/// The prediction interval of a mean of all studies and how it is shown; that of a fit can be undefined.
pub(super) type ShownPrediction = (Option<Interval>, Transformation);

/// Coefficients, or combinations of them, with their tests.
pub(super) fn coefficient_table(name: &str, shown: Transformation, level: f64, all: &[Coefficient]) -> Table {
    table(name, shown, level, all, None)
}

/// The coefficients of a model, with the prediction interval of one without moderators.
pub(super) fn model_table(
    shown: Transformation,
    level: f64,
    all: &[Coefficient],
    prediction: Option<ShownPrediction>,
) -> Table {
    table("", shown, level, all, prediction)
}

fn table(
    name: &str,
    shown: Transformation,
    level: f64,
    all: &[Coefficient],
    prediction: Option<ShownPrediction>,
) -> Table {
    let (ci, pi) = (format!("{} CI", level_text(level)), format!("{} prediction interval", level_text(level)));
    let (statistic, has_df) = statistic_of(all);
    let mut columns = vec![
        (name, Align::Left),
        (shown.heading(), Align::Right),
        (shown.se_heading(), Align::Right),
        (ci.as_str(), Align::Left),
        (statistic, Align::Right),
    ];
    columns.extend(has_df.then_some(("df", Align::Right)));
    columns.push(("p", Align::Right));
    columns.extend(prediction.map(|_| (pi.as_str(), Align::Left)));
    let mut table = Table::new(&columns);
    for of in all {
        let mut row = vec![
            name_of(of, all.len()).to_owned(),
            shown.text(of.estimate),
            significant(of.se, 3),
            shown_range(of.ci, shown),
            fixed(of.statistic, 2),
        ];
        row.extend(has_df.then(|| df_text(of.df)));
        row.push(p_value(of.p));
        row.extend(prediction.map(|(pi, shown)| pi.map_or_else(|| "—".to_owned(), |pi| shown_range(pi, shown))));
        table.row(row);
    }
    table
}
