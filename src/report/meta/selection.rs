//! Selection models with given weights, for people.

use super::coefficients::name_of;
use crate::meta::bias::{Alternative, Selection};
use crate::meta::{Coefficient, Fit};
use crate::report::document::{Align, Document, Table};
use crate::report::meta::{Results, variance};
use crate::report::number::{level_text, p_value};

/// The fits with several sets of weights, beside the one without selection.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenSelections {
    /// The fit without selection, by maximum likelihood.
    pub plain: Fit,
    /// Those with weights.
    pub sets: Vec<GivenWeights>,
}

/// The fit with one set of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenWeights {
    /// What the set is called.
    pub name: String,
    /// The fit.
    pub fit: Selection,
}

/// In what direction p-values are small.
pub(super) fn side(alternative: Alternative) -> &'static str {
    match alternative {
        Alternative::Greater => "one-sided, small for large effects",
        Alternative::Less => "one-sided, small for low effects",
        Alternative::TwoSided => "two-sided",
    }
}

/// A row for each coefficient of each set.
pub(super) fn document(results: &Results<'_>, of: &GivenSelections) -> Document {
    let mut document = Document::default();
    let shown = results.transformation.of_coefficients(results.problem);
    let ci = format!("{} CI", level_text(results.fit.model.level));
    let is_common = results.fit.model.estimator.is_common();
    let is_mean = of.plain.coefficients.len() == 1;
    let mut columns = vec![("with given weights", Align::Left)];
    columns.extend((!is_mean).then_some(("coefficient", Align::Left)));
    columns.extend([(shown.heading(), Align::Right), (ci.as_str(), Align::Left), ("p", Align::Right)]);
    columns.extend((!is_common).then_some(("tau²", Align::Right)));
    let mut table = Table::new(&columns);
    let mut add = |name: &str, coefficients: &[Coefficient], tau2: f64| {
        for (at, one) in coefficients.iter().enumerate() {
            let first = |text: String| if at == 0 { text } else { String::new() };
            let mut row = vec![first(name.to_owned())];
            row.extend((!is_mean).then(|| name_of(one, coefficients.len()).to_owned()));
            row.extend([shown.text(one.estimate), crate::report::meta::shown_range(one.ci, shown), p_value(one.p)]);
            row.extend((!is_common).then(|| first(variance(tau2))));
            table.row(row);
        }
    };
    add("no selection", &of.plain.coefficients, of.plain.tau2);
    of.sets.iter().for_each(|set| add(&set.name, &set.fit.coefficients, set.fit.tau2));
    document.table(table);
    if let Some(first) = of.sets.first() {
        document.text(format!(
            "The weights of the intervals of p-values are given and not estimated (Vevea and Woods 2005): how far the \
             estimates move tells how far they depend on selection of that kind. All rows are by maximum likelihood. The \
             p-values are {}.",
            side(first.fit.alternative)
        ));
    }
    let noted =
        |set: &GivenWeights| set.fit.notes.iter().map(|note| format!("{}: {note}", set.name)).collect::<Vec<String>>();
    document.list(of.sets.iter().flat_map(noted).collect());
    document
}
