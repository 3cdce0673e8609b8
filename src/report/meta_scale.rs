//! A location–scale model for people.

use super::document::{Align, Document, Table};
use super::number::{fixed, interval, level, p_value, significant};
use crate::meta::location_scale::LocationScale;
use crate::meta::{Coefficient, Omnibus, Problem, Test};

/// Everything that was asked of one location–scale model.
pub struct ScaleResults<'a> {
    /// The fit.
    pub fit: &'a LocationScale,
    /// What it was fitted to.
    pub problem: &'a Problem,
    /// Whether the likelihood is restricted.
    pub restricted: bool,
    /// z or t.
    pub test: Test,
    /// The level of intervals.
    pub level: f64,
    /// Every note.
    pub notes: Vec<String>,
}

/// The analysis as text.
pub fn document(results: &ScaleResults<'_>) -> Document {
    let fit = results.fit;
    let mut document = Document::default();
    document.heading(1, format!("Location–scale meta-analysis of {} studies", results.problem.k()));
    document.table(coefficients("mean", &fit.coefficients, results.level));
    document.table(coefficients("ln tau²", &fit.scale, results.level));
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
    document.list(results.notes.clone());
    let method = if results.restricted { "restricted maximum likelihood" } else { "maximum likelihood" };
    document.text(format!("Method: location–scale model with a log link by {method}. In R: rma with scale."));
    document
}

fn coefficients(name: &str, of: &[Coefficient], confidence: f64) -> Table {
    let ci = format!("{} CI", level(confidence));
    let statistic = if of.iter().any(|one| one.df.is_some()) { "t" } else { "z" };
    let mut table = Table::new(&[
        (name, Align::Left),
        ("estimate", Align::Right),
        ("SE", Align::Right),
        (ci.as_str(), Align::Left),
        (statistic, Align::Right),
        ("p", Align::Right),
    ]);
    for one in of {
        table.row([
            one.name.clone(),
            significant(one.estimate, 3),
            significant(one.se, 3),
            interval(one.ci),
            fixed(one.statistic, 2),
            p_value(one.p),
        ]);
    }
    table
}
