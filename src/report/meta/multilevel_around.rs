//! What surrounds a multilevel meta-analysis, for people.

use super::around::{blup_table, comparison_text, prediction_table, vif_table};
use super::coefficients::coefficient_table;
use super::joint::{JointTest, joint_table};
use super::multilevel::MultilevelResults;
use super::profile::profile_table;
use crate::meta::comparison::Comparison;
use crate::meta::deletion::Blup;
use crate::meta::deletion::VarianceInflation;
use crate::meta::multilevel::Deleted;
use crate::meta::profile::Profile;
use crate::meta::{Coefficient, Prediction};
use crate::numeric::dist::chi_squared_sf;
use crate::report::document::{Align, Document, Table};
use crate::report::meta::{shown_range, with_omitted};
use crate::report::number::{fixed, level_text, p_value, significant};

/// What was asked for around a multilevel fit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelsAround {
    /// Predictions with their names.
    pub predict: Option<Vec<(String, Option<Prediction>)>>,
    /// Whether they are those of the rows, one after the other.
    pub are_of_studies: bool,
    /// The true effects of the rows.
    pub blup: Option<Vec<Blup>>,
    /// Variance inflation factors with the names of the coefficients.
    pub vif: Option<Vec<VarianceInflation>>,
    /// A test against other moderators.
    pub compare: Option<Comparison>,
    /// A test against other random effects.
    pub compare_random: Option<Comparison>,
    /// Combinations of coefficients.
    pub contrasts: Option<Vec<Coefficient>>,
    /// Tests of some coefficients together.
    pub joint: Option<Vec<JointTest>>,
    /// The profiles of variances and correlations.
    pub profile: Option<Vec<Profile>>,
    /// How standard errors are made robust and the like, in sentences for a section on methods.
    pub methods: Vec<String>,
    /// The fits without each group.
    pub groups: Vec<OfGroup>,
    /// Whether these fits are shown.
    pub leave_one_out: bool,
    /// Whether what the groups do is shown.
    pub influence: bool,
}

/// One group of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct OfGroup {
    /// Its name.
    pub level: String,
    /// What it does; none where the rest cannot be fitted.
    pub deleted: Option<Deleted>,
}

impl Deleted {
    /// The p-value of its residuals together.
    pub fn p(&self) -> f64 {
        chi_squared_sf(self.chi_squared, self.rows.len() as f64)
    }
}

/// The tables of everything that was asked for.
pub(super) fn document(results: &MultilevelResults<'_>) -> Document {
    let mut document = Document::default();
    let (around, level) = (results.around, results.model.level);
    if let Some(predictions) = &around.predict {
        let omitted = if around.are_of_studies { results.omitted } else { &[] };
        document.table(with_omitted(&prediction_table(results.transformation, level, predictions), omitted));
    }
    if around.leave_one_out {
        document.table(refits(results));
    }
    if around.influence {
        document.table(influence(results));
    }
    if let Some(all) = &around.blup {
        let table = blup_table(results.transformation, level, results.slab, all);
        document.table(with_omitted(&table, results.omitted));
    }
    if let Some(all) = &around.vif {
        document.table(vif_table(all));
    }
    if let Some(all) = &around.contrasts {
        document.table(coefficient_table(
            "contrast",
            results.transformation.of_coefficients(results.problem),
            level,
            all,
        ));
    }
    if let Some(all) = &around.profile {
        document.table(profile_table(all, level));
    }
    if let Some(all) = &around.joint {
        document.table(joint_table(all));
    }
    let tests = [("moderators", &around.compare), ("random effects", &around.compare_random)];
    if tests.iter().any(|(_, of)| of.is_some()) {
        let mut table =
            Table::new(&[("likelihood ratio of the", Align::Left), ("result", Align::Left), ("p", Align::Right)]);
        for (name, of) in tests.into_iter().filter_map(|(name, of)| Some((name, of.as_ref()?))) {
            table.row([name.to_owned(), comparison_text(of, false), p_value(of.test.p)]);
        }
        document.table(table);
        let notes = [&around.compare, &around.compare_random].into_iter().flatten();
        document.list(notes.flat_map(|of| of.notes.clone()).collect());
    }
    document
}

/// The coefficients and variances without each group.
fn refits(results: &MultilevelResults<'_>) -> Table {
    let ci = format!("{} CI", level_text(results.model.level));
    let is_mean = results.problem.is_intercept_only();
    let shown = results.transformation.of_coefficients(results.problem);
    let mut table = Table::new(&[
        ("without", Align::Left),
        ("rows", Align::Right),
        ("coefficient", Align::Left),
        (shown.heading(), Align::Right),
        (ci.as_str(), Align::Left),
        ("p", Align::Right),
        ("variances", Align::Left),
    ]);
    for group in &results.around.groups {
        let Some(deleted) = &group.deleted else {
            table.row([group.level.clone(), "—".to_owned()]);
            continue;
        };
        let variances: Vec<String> =
            deleted.fit.components.iter().flat_map(|(all, _)| all).map(|value| significant(*value, 3)).collect();
        for (at, of) in deleted.fit.coefficients.iter().enumerate() {
            let first = |text: String| if at == 0 { text } else { String::new() };
            table.row([
                first(group.level.clone()),
                first(deleted.rows.len().to_string()),
                if is_mean { "mean".to_owned() } else { of.name.clone() },
                shown.text(of.estimate),
                shown_range(of.ci, shown),
                p_value(of.p),
                first(variances.join(", ")),
            ]);
        }
    }
    table
}

/// What each group does.
fn influence(results: &MultilevelResults<'_>) -> Table {
    let names: Vec<String> = results.problem.names.iter().map(|name| format!("dfbetas, {name}")).collect();
    let mut columns = vec![
        ("group", Align::Left),
        ("rows", Align::Right),
        ("χ² of its residuals", Align::Right),
        ("p", Align::Right),
        ("Cook's d", Align::Right),
    ];
    columns.extend(names.iter().map(|name| (name.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    for group in &results.around.groups {
        let mut row = vec![group.level.clone()];
        match &group.deleted {
            Some(of) => {
                row.extend([of.rows.len().to_string(), fixed(of.chi_squared, 2), p_value(of.p()), fixed(of.cook_d, 3)]);
                row.extend(of.dfbetas.iter().map(|value| fixed(*value, 3)));
            }
            None => row.push("—".to_owned()),
        }
        table.row(row);
    }
    table
}
