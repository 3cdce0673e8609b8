//! A location–scale model for people.

use super::around::{prediction_table, vif_table};
use super::coefficients::{coefficient_table, df_text};
use super::joint::{JointTest, joint_table};
use super::multilevel::row_of_q;
use crate::meta::deletion::VarianceInflation;
use crate::meta::location_scale::LocationScale;
use crate::meta::{Coefficient, Omnibus, Prediction, Problem, Test};
use crate::report::document::{Align, Document, Table};
use crate::report::meta::{Facts, Moderators, Omitted, Transformation, with_omitted};
use crate::report::number::{fixed, level_text, p_value};

/// Everything that was asked of one location–scale model.
#[derive(Debug)]
pub struct ScaleResults<'a> {
    /// The fit.
    pub fit: &'a LocationScale,
    /// What it was fitted to.
    pub problem: &'a Problem,
    /// The names of the studies.
    pub slab: &'a [String],
    /// The moderators of the mean.
    pub moderators: &'a Moderators,
    /// The rows that were not analysed.
    pub omitted: &'a [Omitted],
    /// Whether the likelihood is restricted.
    pub restricted: bool,
    /// z or t.
    pub test: Test,
    /// The level of intervals.
    pub level: f64,
    /// The code of the measure that was made of each study's numbers; none of effects that were given.
    pub measure: Option<&'a str>,
    /// How effects are shown, if not as they are.
    pub transformation: Transformation,
    /// What was asked for around the fit.
    pub around: &'a ScaleAround,
    /// The call of R that fits the same.
    pub r_call: String,
    /// Every note.
    pub notes: Vec<String>,
    /// What was done to the input.
    pub facts: &'a Facts,
}

/// What was asked for around a location–scale model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScaleAround {
    /// Predictions with their names.
    pub predict: Option<Vec<(String, Option<Prediction>)>>,
    /// Whether they are those of the studies, one after the other.
    pub are_of_studies: bool,
    /// Variance inflation factors with the names of the coefficients.
    pub vif: Option<Vec<VarianceInflation>>,
    /// Combinations of the coefficients of the mean.
    pub contrasts: Option<Vec<Coefficient>>,
    /// Tests of some coefficients together.
    pub joint: Option<Vec<JointTest>>,
}

/// The analysis as text.
pub fn document(results: &ScaleResults<'_>) -> Document {
    let fit = results.fit;
    let mut document = Document::default();
    document.heading(1, format!("Location–scale meta-analysis of {} studies", results.problem.k()));
    let shown = results.transformation.of_coefficients(results.problem);
    document.table(coefficient_table("mean", shown, results.level, &fit.coefficients));
    document.table(coefficient_table("ln tau²", Transformation::None, results.level, &fit.scale));
    let mut table = Table::new(&[("test", Align::Left), ("statistic", Align::Right), ("p", Align::Right)]);
    table.row(row_of_q(results.problem.residual_df(), fit.qe, fit.qe_p));
    let mut add = |name: &str, test: Option<Omnibus>, count: usize| {
        if let (Some(test), true) = (test, count > 1) {
            let df = match test.df2 {
                Some(df2) => format!("{name}, F, {} and {} df", test.df, df_text(Some(df2))),
                None => format!("{name}, {} df", test.df),
            };
            table.row([df, fixed(test.statistic, 2), p_value(test.p)]);
        }
    };
    add("moderators of the mean", fit.qm, fit.coefficients.len());
    add("moderators of tau²", fit.qs, fit.scale.len());
    document.table(table);
    if let Some(predictions) = &results.around.predict {
        let omitted = if results.around.are_of_studies { results.omitted } else { &[] };
        document.table(with_omitted(&prediction_table(results.transformation, results.level, predictions), omitted));
    }
    if let Some(all) = &results.around.vif {
        document.table(vif_table(all));
    }
    if let Some(all) = &results.around.contrasts {
        document.table(coefficient_table("contrast", shown, results.level, all));
    }
    if let Some(all) = &results.around.joint {
        document.table(joint_table(all));
    }
    let on_scale = results.transformation.note_on_coefficients(results.problem);
    document.list(results.notes.iter().cloned().chain(on_scale).collect());
    document.text(method_sentence(results));
    document
}

/// What a section on methods would say, and the call in R.
pub fn method_sentence(results: &ScaleResults<'_>) -> String {
    let method = if results.restricted { "restricted maximum likelihood" } else { "maximum likelihood" };
    let test = if results.test == Test::Z { "normal distribution" } else { "t distribution" };
    format!(
        "Method: location–scale model with a log link by {method}; {} intervals by the {test}. In R: {}.",
        level_text(results.level),
        results.r_call
    )
}
