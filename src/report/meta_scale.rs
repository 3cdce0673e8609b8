//! A location–scale model for people.

use super::document::{Align, Document, Table};
use super::meta::{Omitted, Transformation, shown_range};
use super::meta_around::{contrast_table, prediction_table, vif_table};
use super::number::{fixed, level, p_value, significant};
use crate::meta::location_scale::LocationScale;
use crate::meta::{Coefficient, Omnibus, Prediction, Problem, Test};

/// Everything that was asked of one location–scale model.
pub struct ScaleResults<'a> {
    /// The fit.
    pub fit: &'a LocationScale,
    /// What it was fitted to.
    pub problem: &'a Problem,
    /// The names of the studies.
    pub slab: &'a [String],
    /// The rows that were not analysed.
    pub omitted: &'a [Omitted],
    /// Whether the likelihood is restricted.
    pub restricted: bool,
    /// z or t.
    pub test: Test,
    /// The level of intervals.
    pub level: f64,
    /// How effects are shown, if not as they are.
    pub transformation: Transformation,
    /// What was asked for around the fit.
    pub around: &'a ScaleAround,
    /// The call of R that fits the same.
    pub r_call: String,
    /// Every note.
    pub notes: Vec<String>,
}

/// What was asked for around a location–scale model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScaleAround {
    /// Predictions with their names.
    pub predict: Option<Vec<(String, Prediction)>>,
    /// Variance inflation factors with the names of the coefficients.
    pub vif: Option<Vec<(String, f64)>>,
    /// Combinations of the coefficients of the mean.
    pub contrasts: Option<Vec<Coefficient>>,
}

/// The analysis as text.
pub fn document(results: &ScaleResults<'_>) -> Document {
    let fit = results.fit;
    let mut document = Document::default();
    document.heading(1, format!("Location–scale meta-analysis of {} studies", results.problem.k()));
    document.table(coefficients(
        "mean",
        &fit.coefficients,
        results.level,
        results.transformation.of_coefficients(results.problem),
    ));
    document.table(coefficients("ln tau²", &fit.scale, results.level, Transformation::None));
    let mut table = Table::new(&[("test", Align::Left), ("statistic", Align::Right), ("p", Align::Right)]);
    table.row([format!("Q, {} df", results.problem.residual_df()), fixed(fit.qe, 2), p_value(fit.qe_p)]);
    let mut add = |name: &str, test: Option<Omnibus>, count: usize| {
        if let (Some(test), true) = (test, count > 1) {
            table.row([format!("{name}, {} df", test.df), fixed(test.statistic, 2), p_value(test.p)]);
        }
    };
    add("moderators of the mean", fit.qm, fit.coefficients.len());
    add("moderators of tau²", fit.qs, fit.scale.len());
    document.table(table);
    if let Some(predictions) = &results.around.predict {
        document.table(prediction_table(results.transformation, results.level, predictions));
    }
    if let Some(all) = &results.around.vif {
        document.table(vif_table(all));
    }
    if let Some(all) = &results.around.contrasts {
        document.table(contrast_table(results.transformation.of_coefficients(results.problem), results.level, all));
    }
    document.list(results.notes.clone());
    let method = if results.restricted { "restricted maximum likelihood" } else { "maximum likelihood" };
    let test = if results.test == Test::Z { "normal distribution" } else { "t distribution" };
    document.text(format!(
        "Method: location–scale model with a log link by {method}; {} intervals by the {test}. In R: {}.",
        level(results.level),
        results.r_call
    ));
    document
}

fn coefficients(name: &str, of: &[Coefficient], confidence: f64, shown: Transformation) -> Table {
    let ci = format!("{} CI", level(confidence));
    let statistic = if of.iter().any(|one| one.df.is_some()) { "t" } else { "z" };
    let mut table = Table::new(&[
        (name, Align::Left),
        (shown.heading(), Align::Right),
        (shown.se_heading(), Align::Right),
        (ci.as_str(), Align::Left),
        (statistic, Align::Right),
        ("p", Align::Right),
    ]);
    for one in of {
        table.row([
            one.name.clone(),
            significant(shown.of(one.estimate), 3),
            significant(one.se, 3),
            shown_range(one.ci, shown),
            fixed(one.statistic, 2),
            p_value(one.p),
        ]);
    }
    table
}
